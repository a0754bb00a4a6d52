package cambium.acceptance.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.LiveProcesses;
import cambium.acceptance.RunningServer;
import cambium.acceptance.durability.Shelf;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills the server at random moments of a rollout and starts it again, until the rollout has reached every ring; then
/// only its PostgreSQL, which the server starts again.
class KilledRolloutTest {
    private static final int KILLS = 8;
    private static final int DATABASE_KILLS = 3;
    private static final int MOST_MILLIS_TO_THE_KILL = 2500;
    private static final List<String> CELLS = List.of("canary", "main", "one", "two");

    @TempDir
    Path folder;

    @Test
    void finishesRolloutsThroughKillsWithoutRunningAnAttemptTwice() throws Exception {
        long seed = System.nanoTime();
        try (var fleet = TinyFleet.start(folder.resolve("fleet"))) {
            int versions = throughKills(fleet, new Random(seed));
            assertEquals(new HashSet<>(fleet.runs()).size(), fleet.runs().size(), "an attempt ran twice");
            assertTrue(fleet.runs().size() >= versions * CELLS.size(), fleet.runs().toString());
        } catch (Throwable failed) {
            throw new AssertionError("seed " + seed, failed);
        }
        assertEquals(List.of(), LiveProcesses.of(folder));
    }

    /// PostgreSQL alone is killed, again and again while steps run; nobody starts anything.
    @Test
    void finishesARolloutWhileItsOwnDatabaseIsKilledUnderTheServer() throws Exception {
        try (var fleet = TinyFleet.start(folder.resolve("fleet")); var server = start(fleet)) {
            fleet.push(fleet.declare(server), "1.1");
            var shelf = new Shelf(server.data());
            server.post("/api/fleet/rollouts", "{\"version\":\"1.1\"}");
            for (int kill = 1; kill <= DATABASE_KILLS; kill++) {
                int runs = kill;
                Await.until("a step runs", () -> fleet.runs().size() >= runs);
                long killed = shelf.postgres();
                ProcessHandle.of(killed).orElseThrow().destroyForcibly();
                Await.until("another PostgreSQL answers", () -> shelf.isServed() && shelf.postgres() != killed
                        && server.send("GET", "/api/fleet", "application/json", "").statusCode() == 200);
            }
            awaitComplete(server, fleet, "1.1");
            assertEquals(new HashSet<>(fleet.runs()).size(), fleet.runs().size(), "an attempt ran twice");
            assertEquals(0, server.stop());
        }
        assertEquals(List.of(), LiveProcesses.of(folder));
    }

    /// The number of versions that went all the way.
    private int throughKills(TinyFleet fleet, Random random) throws Exception {
        int version = 0;
        for (int kill = 0; ; kill++) {
            try (var server = start(fleet)) {
                var shop = kill == 0 ? fleet.declare(server) : new Hosted(server, TinyFleet.REPOSITORY);
                if (version == 0 || TinyFleet.isComplete(server, "1." + version)) {
                    version++;
                    fleet.push(shop, "1." + version);
                    server.post("/api/fleet/rollouts", "{\"version\":\"1." + version + "\"}");
                }
                if (kill < KILLS) {
                    Thread.sleep(random.nextInt(MOST_MILLIS_TO_THE_KILL));
                    server.kill();
                } else {
                    awaitComplete(server, fleet, "1." + version);
                    assertEquals(0, server.stop());
                    return version;
                }
            }
        }
    }

    private RunningServer start(TinyFleet fleet) throws IOException {
        return RunningServer.start(folder.resolve("data"), "--drivers", fleet.drivers());
    }

    private static void awaitComplete(RunningServer server, TinyFleet fleet, String version) throws Exception {
        try {
            Await.until("version " + version + " has reached every ring", () -> TinyFleet.isComplete(server, version));
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "\n" + server.get("/api/fleet") + "\n" + server.output(),
                    late);
        }
        for (var cell : CELLS) {
            assertEquals(version, fleet.versionOf(cell), cell);
        }
        assertChained(events(server));
    }

    /// Each event's hash is that of the hash before it and its own text, from the first event on.
    private static void assertChained(List<JsonNode> events) throws Exception {
        var before = "0".repeat(64);
        for (int i = 0; i < events.size(); i++) {
            assertEquals(i + 1, events.get(i).get("number").asLong(), "a gap in the log");
            ObjectNode stored = events.get(i).deepCopy();
            stored.remove(List.of("number", "hash"));
            var digest = MessageDigest.getInstance("SHA-256").digest((before + stored).getBytes(UTF_8));
            before = HexFormat.of().formatHex(digest);
            assertEquals(before, events.get(i).get("hash").asText(), () -> "the chain breaks at " + stored);
        }
    }

    private static List<JsonNode> events(RunningServer server) throws IOException {
        var all = new ArrayList<JsonNode>();
        while (true) {
            var page = server.get("/api/fleet/events?limit=500&after=" + all.size()).get("events");
            page.forEach(all::add);
            if (page.isEmpty()) {
                return all;
            }
        }
    }
}
