package cambium.bench.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.bench.Figures;
import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellObserver;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.NamedDrivers;
import cambium.server.fleet.handover.Technology;
import cambium.server.fleet.process.MachineProcessDriver;
import cambium.server.fleet.process.ProcessCellDriver;
import cambium.server.fleet.process.StepEnvironment;
import cambium.server.fleet.pull.PullCellDriver;
import cambium.server.fleet.webhook.WebhookCellDriver;
import cambium.server.sql.Database;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A thousand attempts in motion at once on this machine: steps that are processes, and runs of a pipeline that a small
/// server plays. Each waits until it is let go, so that all are in motion before the first ends.
public final class AttemptsBench {
    private static final int ATTEMPTS = 1_000;
    private static final int QUIET_TICKS = 40;
    private static final InstantSource TIME = InstantSource.system();

    private AttemptsBench() {}

    public static void run(Figures figures, Path folder) throws Exception {
        processes(figures, Files.createDirectories(folder.resolve("processes")));
        pipelines(figures, Files.createDirectories(folder.resolve("pipelines")));
    }

    private static void processes(Figures figures, Path folder) throws Exception {
        var going = Files.createDirectories(folder.resolve("going"));
        var step = folder.resolve("drivers/bench/deploy");
        Files.createDirectories(step.getParent());
        Files.writeString(step, "#!/bin/sh\nset -eu\n: > '" + going + "'/$CAMBIUM_CELL\nread -r _ < '"
                + folder.resolve("go") + "' || true\n: > '" + folder + "'/done-$CAMBIUM_CELL\n");
        Files.setPosixFilePermissions(step, PosixFilePermissions.fromString("rwxr-xr-x"));
        new ProcessBuilder("mkfifo", folder.resolve("go").toString()).start().waitFor();
        Files.createLink(folder.resolve("gate"), folder.resolve("go"));
        measure(figures, "processes", folder, cell -> Files.exists(folder.resolve("done-" + cell)),
                () -> count(going), () -> {
                    var open = Files.createFile(folder.resolve("open"));
                    Files.move(open, folder.resolve("go"), StandardCopyOption.ATOMIC_MOVE);
                    Thread.ofVirtual().start(() -> letGo(folder.resolve("gate")));
                });
    }

    /// Whoever waits at the gate goes on when it was opened and closed.
    private static void letGo(Path gate) {
        try {
            while (true) {
                Files.newOutputStream(gate).close();
            }
        } catch (IOException gone) {
            // The bench is over and its folder removed.
        }
    }

    private static int count(Path folder) {
        try (var files = Files.list(folder)) {
            return (int) files.count();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static void pipelines(Figures figures, Path folder) throws Exception {
        var begun = new AtomicInteger();
        var released = new AtomicBoolean();
        Set<String> done = ConcurrentHashMap.newKeySet();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                var cell = exchange.getRequestURI().getPath().substring(1);
                if (exchange.getRequestMethod().equals("POST")) {
                    begun.incrementAndGet();
                } else if (released.get()) {
                    done.add(cell);
                }
                var state = done.contains(cell) ? "success" : "running";
                var answer = ("{\"id\":\"" + cell + "\",\"state\":\"" + state + "\"}").getBytes(UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
        var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        Files.createDirectories(folder.resolve("drivers/bench"));
        Files.writeString(folder.resolve("drivers/bench/driver.yaml"), """
                kind: webhook
                hosts: [127.0.0.1]
                start: {url: "%1$s${CAMBIUM_CELL}", run: /id}
                poll: {url: "%1$s${run}", every: 10s, state: [/state], succeeded: [success], failed: [failed]}
                """.formatted(url));
        try {
            measure(figures, "runs of pipelines, each asked for every 10 s", folder,
                    cell -> done.contains(cell.toString()), begun::get, () -> released.set(true));
        } finally {
            server.stop(0);
        }
    }

    /// @param endings what is to be closed when all is measured
    private static CellDriver drivers(Database database, Path folder, List<AutoCloseable> endings) {
        var handovers = new Handovers(database, TIME);
        var folders = new DriverFolders(folder.resolve("drivers"));
        var webhook = new WebhookCellDriver(handovers, folders, () -> { }, TIME);
        endings.add(webhook);
        return new NamedDrivers(folders, Map.of(
                Technology.PROCESS, new MachineProcessDriver(handovers, new ProcessCellDriver(
                        folder.resolve("drivers"), folder.resolve("attempts"),
                        new StepEnvironment(System.getenv("PATH"), folder.toString()), () -> { }),
                        folder.resolve("attempts"), TIME),
                Technology.PULL, new PullCellDriver(handovers, TIME),
                Technology.WEBHOOK, webhook), handovers);
    }

    private interface Count {
        int now();
    }

    private interface Opening {
        void all() throws Exception;
    }

    private interface Arrived {
        boolean at(CellId cell);
    }

    private static void measure(Figures figures, String what, Path folder, Arrived arrived, Count going,
            Opening opening) throws Exception {
        CellObserver observer = (fleet, now) -> looks(fleet, now, arrived);
        var endings = new ArrayList<AutoCloseable>();
        try (var tested = new CoordinatorUnderTest(folder, database -> drivers(database, folder, endings),
                _ -> observer)) {
            tested.declare(ATTEMPTS, "bench", "");
            tested.tick();
            tested.deploy();
            var begin = System.nanoTime();
            var starting = tested.ticks(() -> running(tested.fleet()) == ATTEMPTS && going.now() == ATTEMPTS);
            figures.add(ATTEMPTS + " " + what + ": deploy → all in motion", "s", "", seconds(begin));
            figures.add("longest tick of the coordinator meanwhile (a round for each hundred starts)", "ms", "",
                    starting.stream().mapToDouble(each -> each).max().orElse(0));
            var quiet = new double[QUIET_TICKS];
            for (var i = 0; i < QUIET_TICKS; i++) {
                var before = System.nanoTime();
                tested.tick();
                quiet[i] = millis(before);
            }
            figures.add("a round of the coordinator while " + ATTEMPTS + " " + what + " are in motion", "ms", "",
                    quiet);
            figures.add("resident memory of the coordinator's process meanwhile", "MiB", "", residentMiB());
            opening.all();
            var released = System.nanoTime();
            var ending = tested.ticks(() -> running(tested.fleet()) == 0);
            figures.add(ATTEMPTS + " " + what + " let go → every end recorded", "s", "", seconds(released));
            figures.add("longest tick of the coordinator meanwhile (a round for each hundred ends)", "ms", "",
                    ending.stream().mapToDouble(each -> each).max().orElse(0));
            var lost = tested.fleet().cells().values().stream()
                    .filter(cell -> !cell.runs(CoordinatorUnderTest.VERSION)).count();
            if (lost > 0) {
                throw new IllegalStateException(lost + " of " + ATTEMPTS + " cells did not arrive");
            }
        } finally {
            for (var each : endings) {
                each.close();
            }
        }
    }

    private static List<FleetEvent> looks(Fleet fleet, Instant now, Arrived arrived) {
        return fleet.cells().keySet().stream().<FleetEvent>map(cell -> new FleetEvent.CellObserved(now, cell, true,
                arrived.at(cell) ? Optional.of(CoordinatorUnderTest.VERSION) : Optional.empty())).toList();
    }

    private static long running(Fleet fleet) {
        return fleet.cells().values().stream().flatMap(cell -> cell.current().stream())
                .filter(attempt -> attempt.startedAt().isPresent()).count();
    }

    private static double millis(long since) {
        return (System.nanoTime() - since) / 1e6;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double residentMiB() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:")).mapToLong(line ->
                    Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0) / 1024.0;
        }
    }
}
