package cambium.acceptance.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.LiveProcesses;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rollout.TinyFleet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three machines coordinate one fleet: a process each in a network namespace and with a data folder of its own, and
/// PostgreSQL in common on a fourth. The one that leads is frozen while a step runs there, cut off and killed in the
/// midst of a rollout, and comes back when another has taken over.
class CoordinatorsTest {
    private static final int MACHINES = 3;
    /// For how long the one that is frozen or cut off is away: three leases, so that nobody can still believe in what
    /// was before; minutes where this setting says so.
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("cambium.away.seconds", 3 * 6));
    /// The default of the fleet file, longer than that. What a machine has not told a minute after a step's time is
    /// lost: the step has surely ended, and nobody else knows how.
    private static final String TIMEOUT = "10m";
    private static final int MOST_MILLIS_TO_THE_BLOW = 2500;
    private static final List<String> CELLS = List.of("canary", "main", "one", "two");
    private static final Pattern WORD = Pattern.compile("fleet: (this|another) process coordinates");

    private enum Blow { FREEZE, CUT_OFF, KILL }

    @TempDir
    Path folder;
    private SharedServer servers;
    private TinyFleet fleet;
    private SwitchedMachines network;
    private final List<Machine> machines = new ArrayList<>();

    private final class Machine {
        private final int number;
        private RunningServer server;

        Machine(int number) throws IOException {
            this.number = number;
            network.addMachine(number);
            start();
        }

        void start() throws IOException {
            server = servers.join(network.on(number), "machine-" + number, "coordinate",
                    "--host", network.address(number), "--base-url", servers.web().address().toString(),
                    "--drivers", fleet.drivers());
        }

        /// As it said last.
        boolean leads() {
            return WORD.matcher(server.output()).results().map(word -> word.group(1)).reduce((_, last) -> last)
                    .equals(Optional.of("this"));
        }

        void strike(Blow blow) throws Exception {
            switch (blow) {
                case FREEZE -> signal("-STOP");
                case CUT_OFF -> network.pull(number);
                case KILL -> server.kill();
            }
        }

        void recover(Blow blow) throws Exception {
            switch (blow) {
                case FREEZE -> signal("-CONT");
                case CUT_OFF -> network.plug(number);
                case KILL -> start();
            }
        }

        private void signal(String signal) throws Exception {
            assertEquals(0, new ProcessBuilder("kill", signal, Long.toString(server.pid())).inheritIO().start()
                    .waitFor());
        }
    }

    @Test
    void whateverHappensToTheOneThatLeadsNoAttemptIsLostOrRunsTwice() throws Exception {
        long seed = System.nanoTime();
        try (var tiny = TinyFleet.start(folder.resolve("fleet"));
                var switched = SwitchedMachines.start();
                var shared = SharedServer.start(folder, "web,upload,index")) {
            fleet = tiny;
            network = switched;
            servers = shared;
            shared.admit(switched.network());
            throughBlows(new Random(seed));
        } catch (Throwable failed) {
            throw new AssertionError("seed " + seed, failed);
        }
        assertEquals(List.of(), LiveProcesses.of(folder));
    }

    private List<Blow> blows() {
        return network.hasCables() ? List.of(Blow.values()) : List.of(Blow.FREEZE, Blow.KILL);
    }

    private void throughBlows(Random random) throws Exception {
        var web = servers.web();
        var shop = Hosted.create(web, TinyFleet.REPOSITORY);
        web.putYaml("/api/fleet", fleet.yaml().replace("timeout: 1m", "timeout: " + TIMEOUT));
        for (int i = 1; i <= MACHINES; i++) {
            machines.add(new Machine(i));
        }
        int version = 0;
        for (var blow : blows()) {
            if (blow == Blow.FREEZE) {
                fleet.holdSteps();
            }
            if (version == 0 || isComplete("1." + version)) {
                fleet.push(shop, "1." + ++version);
                TinyFleet.deploy(web, "1." + version);
            }
            if (blow == Blow.FREEZE) {
                Await.until("a step runs", () -> !open().isEmpty() && !fleet.runs().isEmpty());
            }
            Thread.sleep(random.nextInt(MOST_MILLIS_TO_THE_BLOW));
            var leader = Await.value("one leads", () -> machines.stream().filter(Machine::leads).findAny());
            leader.strike(blow);
            long from = System.nanoTime();
            Await.until("another leads after " + blow, () -> machines.stream().anyMatch(each -> each != leader
                    && each.leads()));
            System.out.printf("%s: another machine leads after %d ms%n", blow, millisSince(from));
            if (blow == Blow.FREEZE) {
                fleet.letStepsEnd();
            }
            if (blow != Blow.KILL) {
                awaitTheOthers("1." + version, from);
            }
            leader.recover(blow);
            long back = System.nanoTime();
            Await.until("machine " + leader.number + " stands by after " + blow, () -> !leader.leads());
            System.out.printf("%s: it stands by %d ms after it is back%n", blow, millisSince(back));
        }
        var last = "1." + version;
        Await.until(last + " is complete", () -> isComplete(last));
        for (var cell : CELLS) {
            assertEquals(last, fleet.versionOf(cell), cell);
        }
        assertEquals(new HashSet<>(fleet.runs()).size(), fleet.runs().size(), "an attempt ran twice");
        assertTrue(fleet.runs().size() >= version * CELLS.size(), fleet.runs().toString());
        assertTrue(attempts("AttemptFinished", "Succeeded").size() >= version * CELLS.size());
        assertEquals(Set.of(), attempts("AttemptFinished", "Lost"));
    }

    /// They go on, as far as they need not wait for a step that runs where nobody answers.
    private void awaitTheOthers(String carried, long from) throws Exception {
        var begun = open();
        Await.until(AWAY.plus(Await.PATIENCE), () -> "the others go on; begun before: " + begun,
                () -> System.nanoTime() - from > AWAY.toNanos()
                        && (isComplete(carried) || open().stream().anyMatch(begun::contains)));
    }

    /// Attempts that have begun and not ended.
    private Set<String> open() throws IOException {
        var open = attempts("AttemptStarted", "");
        open.removeAll(attempts("AttemptFinished", ""));
        return open;
    }

    /// Those of which the log says that, with such a result.
    private Set<String> attempts(String event, String result) throws IOException {
        var found = new HashSet<String>();
        for (var each : servers.web().get("/api/fleet/events?limit=500").get("events")) {
            if (each.get("is").asText().equals(event)
                    && (result.isEmpty() || each.get("result").get("is").asText().equals(result))) {
                found.add(each.get("attempt").asText());
            }
        }
        return found;
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private boolean isComplete(String version) throws IOException {
        return TinyFleet.isComplete(servers.web(), version);
    }
}
