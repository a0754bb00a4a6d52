package cambium.acceptance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.PrivateApt;
import cambium.acceptance.rollout.TinyFleet;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./cambium` as whoever releases uses it, against a real server and a fleet that really moves.
class RolloutCommandsTest {
    @TempDir
    Path folder;
    private TinyFleet fleet;
    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        fleet = TinyFleet.start(folder.resolve("fleet"));
        server = RunningServer.start(folder.resolve("data"), "--drivers", fleet.drivers());
    }

    @AfterEach
    void stop() {
        server.close();
        fleet.close();
    }

    @Test
    void carriesAVersionFromTheFileToEveryRing() throws Exception {
        var deb = DebBuilder.of("storefront", "1.0").build(folder);
        push(deb);
        var again = push(deb);
        assertEquals(1, new Hosted(server, TinyFleet.REPOSITORY).packages().size(), again.toString());
        var yaml = Files.writeString(folder.resolve("fleet.yaml"), fleet.yaml());
        assertTrue(cambium("apply", "-f", yaml.toString()).successful().out().contains("the fleet is applied"));
        assertTrue(cambium("apply", "-f", yaml.toString()).successful().out().contains("nothing differs"));

        cambium("deploy", "1.0", "--watch").successful();
        for (var cell : List.of("canary", "main", "one", "two")) {
            assertEquals("1.0", fleet.versionOf(cell));
        }
        var status = json("status", "--json");
        assertEquals("complete", status.at("/versions/0/state").asText(), status.toString());
        assertTrue(status.at("/versions/0/graduated").asBoolean());
        assertEquals(3, status.get("rings").size());
        assertTrue(cambium("status").successful().out().contains("canary"));
        assertEquals("version 1.0", json("why", "1.0", "--json").get("subject").asText());
        assertFalse(json("events", "--json").isEmpty());
        var attempt = fleet.runs().getFirst();
        assertTrue(cambium("log", attempt).successful().out().contains("deploy of 1.0"), attempt);

        push(DebBuilder.of("storefront", "1.1").build(folder));
        stopsAtABrake();
        showsOnlyWhatWasAdmittedToTheRing();
    }

    /// The new version may not start where it is braked, nor leave the perimeter by a shortcut.
    private void stopsAtABrake() throws Exception {
        var nameless = cambium("brake", "on", "--ring", "0");
        assertNotEquals(0, nameless.exit());
        assertTrue(nameless.err().contains("--why"), nameless.toString());
        cambium("brake", "on", "--ring", "0", "--why", "a test of ring 0").successful();
        var brakes = json("status", "--json").get("brakes");
        assertEquals("ring 0", brakes.at("/0/scope").asText(), brakes.toString());
        assertEquals("a test of ring 0", brakes.at("/0/why").asText());
        var held = cambium("deploy", "1.1").successful();
        assertTrue(held.out().contains("a test of ring 0"), held.toString());
        assertTrue(cambium("why", "ring-0").successful().out().contains("a test of ring 0"));
        assertEquals("1.0", fleet.versionOf("canary"));
        var shortcut = cambium("deploy", "1.1", "--cell", "one");
        assertEquals(1, shortcut.exit(), shortcut.toString());
        assertTrue(shortcut.err().contains("graduated"), shortcut.toString());

        cambium("brake", "on", "--ring", "1", "--why", "a test of ring 1").successful();
        cambium("brake", "off", "--ring", "0", "--why", "tested").successful();
        Await.until("ring 1 waits for its brake", () -> fleet.versionOf("canary").equals("1.1")
                && cambium("why", "ring-1").successful().out().contains("a test of ring 1"));
        assertEquals("1.0", fleet.versionOf("main"));
    }

    /// Under the brake nothing of 1.1 was given to ring 2, while the whole repository offers it.
    private void showsOnlyWhatWasAdmittedToTheRing() throws Exception {
        var key = PrivateApt.keyOf(server, TinyFleet.REPOSITORY);
        var ring = PrivateApt.of(folder.resolve("ring"), key,
                server.at("/" + TinyFleet.REPOSITORY + "/rings/2/debian"), "bookworm");
        ring.update();
        assertEquals(Set.of("storefront 1.0"), ring.available());
        ring.get("install", "storefront").successful();
        assertEquals("1.0", ring.installed("storefront").orElseThrow());
        var all = PrivateApt.of(folder.resolve("all"), key,
                server.at("/" + TinyFleet.REPOSITORY + "/debian"), "bookworm");
        all.update();
        assertEquals(Set.of("storefront 1.1"), all.available());
    }

    private CommandRun push(Path deb) throws IOException {
        return cambium("push", "--repo", TinyFleet.REPOSITORY, "--distro", "debian/bookworm", "--create",
                deb.toString()).successful();
    }

    private JsonNode json(String... arguments) throws IOException {
        return new Operator(server).json(arguments);
    }

    private CommandRun cambium(String... arguments) throws IOException {
        return new Operator(server).types(arguments);
    }
}
