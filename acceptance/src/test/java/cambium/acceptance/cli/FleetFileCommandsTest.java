package cambium.acceptance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rollout.TinyFleet;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./cambium` as whoever keeps the fleet's file uses it, against a real server that nothing of this changes.
class FleetFileCommandsTest {
    @TempDir
    static Path folder;
    private static TinyFleet fleet;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        fleet = TinyFleet.start(folder.resolve("fleet"));
        server = RunningServer.start(folder.resolve("data"), "--drivers", fleet.drivers());
        fleet.declare(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        fleet.close();
    }

    @Test
    void refusesFleetsThatAreWrongAndKeepsTheOldOne() throws Exception {
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
        var kept = server.get("/api/fleet");
        assertEquals("tiny", kept.get("fleet").asText());
        assertEquals(4, kept.get("cells").size());
    }

    /// What a pipeline asks before it applies, and may trust the exit codes of.
    @Test
    void comparesAndExports() throws Exception {
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
        var wrong = Files.writeString(folder.resolve("broken.yaml"), "rigns: []\n");
        assertEquals(2, cambium("diff", wrong.toString()).exit());
        assertEquals(2, cambium("plan", wrong.toString()).exit());
        assertEquals(2, cambium("diff", folder.resolve("missing.yaml").toString()).exit());
        assertEquals(3, cambium("diff", exported.toString(), "--server", "http://127.0.0.1:1").exit());
        assertEquals(Files.readString(exported), cambium("export").successful().out(), "nothing was changed");
    }

    /// As a version goes: ring 0 first, and told what comes next. The fleet is as before in the end.
    @Test
    void appliesAFileRingByRing() throws Exception {
        var exported = cambium("export").successful().out();
        var file = Files.writeString(folder.resolve("staged.yaml"),
                exported.replaceFirst("(?m)^  retries: [0-9]+", "  retries: 7")).toString();
        var wrong = cambium("apply", "-f", file, "--through-ring", "9");
        assertTrue(wrong.exit() == 1 && wrong.err().contains("a ring from 0 to 2"), wrong.toString());
        var ahead = cambium("diff", file, "--through-ring", "0");
        assertEquals(1, ahead.exit(), ahead.toString());
        assertTrue(ahead.out().contains("ring 0 policy.retries: ")
                && ahead.out().contains("left as it is, next through ring 1:")
                && ahead.out().contains("  later: ring 2 policy.retries: "), ahead.toString());
        assertTrue(cambium("plan", file, "--through-ring", "0").out().contains("  later: ring 1 policy.retries: "));
        var first = cambium("apply", "-f", file, "--through-ring", "0").successful();
        assertTrue(first.out().endsWith("next: cambium apply -f " + file + " --through-ring 1\n"), first.toString());
        assertEquals(0, cambium("diff", file, "--through-ring", "0").exit());
        assertFalse(cambium("export").successful().out().equals(Files.readString(Path.of(file))), "only ring 0 has it");
        cambium("apply", "-f", file, "--through-ring", "1").successful();
        var last = cambium("apply", "-f", file, "--through-ring", "2", "--large-change", "drill").successful();
        assertFalse(last.out().contains("next:"), last.toString());
        assertEquals(Files.readString(Path.of(file)), cambium("export").successful().out());
        var told = cambium("events", "--json").successful().out();
        assertTrue(told.contains("\"through\":0") && told.contains("\"through\":1"), told);
        var back = Files.writeString(folder.resolve("back.yaml"), exported).toString();
        cambium("apply", "-f", back, "--large-change", "as it was").successful();
        assertEquals(exported, cambium("export").successful().out());
    }

    /// A fleet that asks for it takes no change in two rings at once. The fleet is as before in the end.
    @Test
    void makesWhoAppliesAFileGoRingByRingWhereTheFleetAsksForIt() throws Exception {
        var exported = cambium("export").successful().out();
        var resting = Files.writeString(folder.resolve("resting.yaml"),
                exported.replaceFirst("(?m)^large-change: 50%$", "large-change: 50%\nchange-rest: 1h"));
        cambium("apply", "-f", resting.toString()).successful();
        var file = Files.writeString(folder.resolve("rested.yaml"), Files.readString(resting)
                .replaceFirst("(?m)^  retries: [0-9]+", "  retries: 7")).toString();
        var whole = cambium("apply", "-f", file);
        assertTrue(whole.exit() == 1 && whole.err().contains("take it through ring 0 first")
                && whole.err().contains("cambium apply -f FILE --through-ring N"), whole.toString());
        assertEquals(2, cambium("diff", file).exit(), "it would not be applied so");
        cambium("apply", "-f", file, "--through-ring", "0").successful();
        var next = cambium("apply", "-f", file, "--through-ring", "1");
        assertTrue(next.exit() == 1 && next.err().contains("and ring 1 takes one from "), next.toString());
        var back = Files.writeString(folder.resolve("unrested.yaml"), exported).toString();
        cambium("apply", "-f", back, "--large-change", "as it was").successful();
        assertEquals(exported, cambium("export").successful().out());
    }

    /// What is new and would decide or act outside ring 0 before it has inside.
    @Test
    void notesWhatNothingHasTriedInside() throws Exception {
        var exported = cambium("export").successful().out();
        var other = Files.writeString(folder.resolve("untried.yaml"), exported.replaceFirst(
                "(?m)^(  - ring: 2[\\s\\S]*?driver: )\"?tiny\"?", "$1pull"));
        for (var command : List.of("diff", "plan")) {
            var run = cambium(command, other.toString());
            assertTrue(run.out().contains("  note: driver pull carries versions to 1 cell from ring 2 on and to none "
                    + "of ring 0"), run.toString());
        }
        assertFalse(cambium("diff", Files.writeString(folder.resolve("same.yaml"), exported).toString()).out()
                .contains("note:"));
        assertEquals(exported, cambium("export").successful().out(), "nothing was changed");
    }

    /// With the changes, what the planner would do then; and it ends as the comparison does.
    private static void plans(Path same, Path other) throws Exception {
        var plan = cambium("plan", other.toString());
        assertEquals(1, plan.exit(), plan.toString());
        assertTrue(plan.out().startsWith("applying it would change:\n  large-change: 50% -> 40%\n"), plan.toString());
        assertTrue(plan.out().endsWith("\n0 decided, 0 waiting\n"), plan.toString());
        assertTrue(cambium("plan", same.toString()).successful().out().startsWith("nothing differs\n0 decided, "));
    }

    @Test
    void audits() throws Exception {
        var head = json("audit", "--json").get("head").asText();
        var again = cambium("audit", "--head", head).successful();
        assertTrue(again.out().contains("go on from the head"), again.toString());
        var other = cambium("audit", "--head", head.substring(0, head.indexOf(':') + 1) + "ab".repeat(32));
        assertEquals(1, other.exit(), other.toString());
        assertTrue(other.err().contains("not the one of that head"), other.toString());
    }

    @Test
    void saysWhatIsUnknown() throws Exception {
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

    private static JsonNode json(String... arguments) throws IOException {
        return new Operator(server).json(arguments);
    }

    private static CommandRun cambium(String... arguments) throws IOException {
        return new Operator(server).types(arguments);
    }
}
