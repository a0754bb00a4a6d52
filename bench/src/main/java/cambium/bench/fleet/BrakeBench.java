package cambium.bench.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.bench.BenchServer;
import cambium.bench.Figures;
import cambium.bench.repository.CambiumRepository;
import cambium.bench.repository.PackageFamily;
import cambium.formats.testing.TestDeb;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How long after the brake was pressed something still starts. A rollout with real steps starts cell after cell; again
/// and again the brake on the fleet is pressed over HTTP and released a moment later.
public final class BrakeBench {
    private static final int CELLS = 1_200;
    private static final int PRESSES = 60;
    private static final int AT_ONCE = 12;
    private static final int PAGE = 500;
    private static final Duration HELD = Duration.ofMillis(600);
    private static final Duration BETWEEN = Duration.ofMillis(700);
    private static final String BRAKE = "/api/fleet/brakes";
    private static final Pattern STARTED = Pattern.compile("\\{[^{}]*\"is\":\"AttemptStarted\"[^{}]*\\}");
    private static final Pattern AT = Pattern.compile("\"at\":\"([^\"]+)\"");
    private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");

    private BrakeBench() {}

    public static void run(Figures figures, Path folder) throws Exception {
        var cells = Files.createDirectories(folder.resolve("cells"));
        var drivers = drivers(folder);
        var health = health(cells);
        try (var server = BenchServer.start(folder.resolve("data"), List.of(),
                List.of("--drivers", drivers.toString()))) {
            server.post("/api/v1/repos", "application/json",
                    "{\"repository\":{\"name\":\"bench/fleet\"}}".getBytes(UTF_8), 201);
            CambiumRepository.push(server, "bench/fleet", PackageFamily.DEB,
                    TestDeb.of("braked", "1.0", "all").build());
            while (!server.get("/api/v1/repos/bench/fleet/packages.json").contains("\"indexed\":true")) {
                Thread.sleep(50);
            }
            server.rest();
            server.put("/api/fleet", "application/yaml", yaml(cells, health.getAddress().getPort()).getBytes(UTF_8),
                    200);
            server.post("/api/fleet/rollouts", "application/json", "{\"version\":\"1.0\"}".getBytes(UTF_8), 201);
            press(figures, server);
        } finally {
            health.stop(0);
        }
    }

    private static void press(Figures figures, BenchServer server) throws Exception {
        while (starts(server, Instant.EPOCH, Instant.MAX).isEmpty()) {
            Thread.sleep(100);
        }
        var last = new double[PRESSES];
        var answered = new double[PRESSES];
        int idle = 0;
        for (int i = 0; i < PRESSES; i++) {
            Thread.sleep(BETWEEN);
            var pressed = Instant.now();
            server.post(BRAKE, "application/json", "{\"scope\":\"fleet\",\"why\":\"bench\"}".getBytes(UTF_8), 201);
            answered[i] = millis(pressed, Instant.now());
            Thread.sleep(HELD);
            var before = starts(server, pressed.minus(BETWEEN), pressed);
            idle += before.isEmpty() ? 1 : 0;
            last[i] = starts(server, pressed, Instant.MAX).stream()
                    .mapToDouble(started -> millis(pressed, started)).max().orElse(0);
            server.delete(BRAKE + "?scope=fleet&why=bench", 200);
        }
        figures.add("brake pressed → last start after it, while " + AT_ONCE + " of " + CELLS + " cells are in motion ("
                + (PRESSES - idle) + " of " + PRESSES + " presses met starts)", "ms", "p99 ≤ 200", last);
        figures.add("brake pressed → answered; nothing starts after it", "ms", "", answered);
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    /// The starts recorded after `from` and up to `to`, from the log of events.
    private static List<Instant> starts(BenchServer server, Instant from, Instant to) throws Exception {
        var found = new ArrayList<Instant>();
        long after = 0;
        while (true) {
            String page = server.get("/api/fleet/events?limit=" + PAGE + "&after=" + after);
            var starts = STARTED.matcher(page);
            while (starts.find()) {
                var when = AT.matcher(starts.group());
                var at = Instant.parse(when.find() ? when.group(1) : "");
                if (at.isAfter(from) && !at.isAfter(to)) {
                    found.add(at);
                }
            }
            long newest = NUMBER.matcher(page).results()
                    .mapToLong(match -> Long.parseLong(match.group(1))).max().orElse(after);
            if (newest == after) {
                return found;
            }
            after = newest;
        }
    }

    private static Path drivers(Path folder) throws IOException {
        for (var step : List.of("deploy", "rollback", "qa", "pdm")) {
            var script = folder.resolve("drivers/bench/" + step);
            Files.createDirectories(script.getParent());
            Files.writeString(script, "#!/bin/sh\nset -eu\nprintf %s \"$CAMBIUM_VERSION\" "
                    + ">\"$CAMBIUM_SETTING_FOLDER/$CAMBIUM_CELL\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return folder.resolve("drivers");
    }

    /// A cell is a file that says its version.
    private static HttpServer health(Path cells) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var file = cells.resolve(exchange.getRequestURI().getPath().substring(1));
            var version = Files.exists(file) ? Files.readString(file) : "";
            var bytes = ("{\"version\":\"" + version + "\",\"status\":\"ok\"}").getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            try (var out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    private static String yaml(Path cells, int port) {
        return """
                fleet: braked
                product: {repository: bench/fleet, distribution: debian/bookworm, packages: [braked]}
                perimeter: 0
                policy: {at-once: %d, health: none, bake: {time: 1h, samples: 0}, timeout: 1m}
                rings:
                  - ring: 0
                    cells:
                """.formatted(AT_ONCE) + IntStream.range(0, CELLS).mapToObj(i -> """
                      - {cell: c%d, kind: %s, driver: bench, health: "http://127.0.0.1:%d/c%d",
                         settings: {folder: '%s'}}
                """.formatted(i, i == 0 ? "main" : "secondary", port, i, cells)).collect(Collectors.joining());
    }
}
