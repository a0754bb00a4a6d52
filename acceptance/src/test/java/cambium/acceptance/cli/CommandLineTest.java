package cambium.acceptance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./cambium` as an operator uses it, against a real server and a fleet that really moves.
class CommandLineTest {
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

    @Test
    void refusesFleetsThatAreWrongAndKeepsTheOldOne() throws Exception {
        fleet.declare(server);
        var example = Files.readString(Checkout.root().resolve("deploy/example/fleet.yaml"));
        var rows = new LinkedHashMap<String, String>();
        rows.put("rings:\n  - {ring: 0", "invalid_yaml");
        rows.put(example.replaceFirst("(?m)^rings:", "rigns:"), "rings");
        rows.put(example.replaceFirst("kind: canary", "kynd: canary"), "kind");
        rows.put(example.replaceFirst("kind: canary", "kind: budgie"), "kind");
        rows.put(example.replaceFirst("cell: qa", "cell: canary"), "canary");
        rows.put(example.replaceFirst("time: 5m", "time: soon"), "time");
        for (var row : rows.entrySet()) {
            var run = cambium("apply", "-f", Files.writeString(folder.resolve("wrong.yaml"), row.getKey()).toString());
            assertEquals(1, run.exit(), run.toString());
            assertTrue(run.err().contains(row.getValue()) || run.err().contains("line"), run.toString());
            assertFalse(run.output().contains("Exception"), run.toString());
        }
        comparesAndExports();
        audits();
        var kept = server.get("/api/fleet");
        assertEquals("tiny", kept.get("fleet").asText());
        assertEquals(4, kept.get("cells").size());
    }

    /// What a pipeline asks before it applies, and may trust the exit codes of.
    private void comparesAndExports() throws Exception {
        var exported = Files.writeString(folder.resolve("exported.yaml"), cambium("export").successful().out());
        assertEquals(Files.readString(exported), cambium("export").successful().out());
        assertEquals("nothing differs", cambium("diff", exported.toString()).successful().out().strip());
        assertTrue(cambium("apply", "-f", exported.toString()).successful().out().contains("nothing differs"));
        var other = Files.writeString(folder.resolve("other.yaml"),
                Files.readString(exported).replaceFirst("large-change: 50%", "large-change: 40%"));
        var differs = cambium("diff", other.toString());
        assertEquals(1, differs.exit(), differs.toString());
        plans(exported, other);
        assertTrue(differs.out().contains("large-change: 50% -> 40%"), differs.toString());
        assertTrue(cambium("apply", "-f", other.toString(), "--dry-run").successful().out().contains(differs.out()
                .lines().findFirst().orElseThrow()));
        var large = Files.writeString(folder.resolve("large.yaml"),
                Files.readString(exported).replaceFirst("(?m)^  retries: [0-9]+", "  retries: 7"));
        var refused = cambium("diff", large.toString());
        assertEquals(2, refused.exit(), refused.toString());
        assertTrue(refused.out().contains("policy.retries: ") && refused.err().contains("4 of 4 cells"),
                refused.toString());
        assertEquals(1, cambium("apply", "-f", large.toString()).exit());
        assertEquals(0, cambium("apply", "-f", large.toString(), "--large-change", "drill", "--dry-run").exit());
        assertEquals(2, cambium("diff", folder.resolve("wrong.yaml").toString()).exit());
        assertEquals(2, cambium("diff", folder.resolve("missing.yaml").toString()).exit());
        assertEquals(3, cambium("diff", exported.toString(), "--server", "http://127.0.0.1:1").exit());
        assertEquals(Files.readString(exported), cambium("export").successful().out(), "nothing was changed");
    }

    /// With the changes, what the planner would do then; and it ends as the comparison does.
    private void plans(Path same, Path other) throws Exception {
        var plan = cambium("plan", other.toString());
        assertEquals(1, plan.exit(), plan.toString());
        assertTrue(plan.out().startsWith("applying it would change:\n  large-change: 50% -> 40%\n"), plan.toString());
        assertTrue(plan.out().endsWith("\n0 decided, 0 waiting\n"), plan.toString());
        assertTrue(cambium("plan", same.toString()).successful().out().startsWith("nothing differs\n0 decided, "));
        assertEquals(2, cambium("plan", folder.resolve("wrong.yaml").toString()).exit());
    }

    private void audits() throws Exception {
        var head = json("audit", "--json").get("head").asText();
        var again = cambium("audit", "--head", head).successful();
        assertTrue(again.out().contains("go on from the head"), again.toString());
        var other = cambium("audit", "--head", head.substring(0, head.indexOf(':') + 1) + "ab".repeat(32));
        assertEquals(1, other.exit(), other.toString());
        assertTrue(other.err().contains("not the one of that head"), other.toString());
    }

    @Test
    void saysWhatIsUnknown() throws Exception {
        fleet.declare(server);
        for (var command : List.of(List.of("why", "nowhere"), List.of("deploy", "9.9"), List.of("log", "r1.x.deploy.1"),
                List.of("brake", "on", "--cell", "nowhere", "--why", "w"), List.of("graduate", "9.9"))) {
            var run = cambium(command.toArray(String[]::new));
            assertEquals(1, run.exit(), run.toString());
            assertFalse(run.err().isBlank(), run.toString());
            assertFalse(run.output().contains("Exception"), run.toString());
        }
        var wrongToken = new Operator(server).types(Map.of("CAMBIUM_TOKEN", "f".repeat(48)), "status");
        assertEquals(1, wrongToken.exit(), wrongToken.toString());
        assertFalse(wrongToken.output().contains("f".repeat(48)), wrongToken.toString());
        var nobody = new Operator(server).types(Map.of("CAMBIUM_URL", "http://127.0.0.1:1"), "status");
        assertEquals(3, nobody.exit(), nobody.toString());
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
