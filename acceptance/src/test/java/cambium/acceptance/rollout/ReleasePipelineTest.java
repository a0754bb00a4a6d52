package cambium.acceptance.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The release pipeline of the examples, run as a pipeline runs it: its exit codes are what it is trusted by.
class ReleasePipelineTest {
    private static final Path EXAMPLE = Checkout.root().resolve("deploy/example/pipeline");

    @TempDir
    Path folder;

    @Test
    void carriesAVersionToGraduationAndTellsHarmRefusalAndTimeApart() throws Exception {
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var server = RunningServer.start(folder.resolve("data"), "--drivers", fleet.drivers())) {
            Hosted.create(server, TinyFleet.REPOSITORY);
            server.putYaml("/api/fleet", yaml(fleet));
            goesAllTheWay(fleet, server);
            stopsAtHarm(fleet, server);
            endsInTimeWhereItIsHeld(fleet, server);
            var away = Map.of("CAMBIUM_URL", "http://127.0.0.1:1");
            assertEquals(3, release(server, away, "inside", "1.0").exit());
            assertEquals(1, release(server, Map.of("CAMBIUM_TOKEN", "f".repeat(48)), "inside", "1.0").exit());
            assertEquals(2, release(server, Map.of(), "inside").exit());
            assertEquals(2, release(server, Map.of(), "outside", "1.0").exit());
        }
    }

    /// With a QA cell beside the canary, and people (here: the pipeline) who run PDM and graduate.
    private static String yaml(TinyFleet fleet) {
        var canary = fleet.yaml().lines().filter(line -> line.contains("cell: canary")).findFirst().orElseThrow();
        return fleet.yaml().replace("graduate: automatic", "graduate: manual")
                .replace("timeout: 1m}", "timeout: 1m, pdm: manual}")
                .replace("  - ring: 0\n", "  - ring: 0\n    policy: {qa: soft}\n")
                .replace(canary, canary + "\n" + canary.replace("cell: canary, kind: canary", "cell: qa, kind: qa")
                        .replace("/canary/", "/qa/"));
    }

    private void goesAllTheWay(TinyFleet fleet, RunningServer server) throws Exception {
        var deb = deb("1.0");
        release(server, Map.of(), "push", "1.0", deb).successful();
        release(server, Map.of(), "push", "1.0", deb).successful();
        release(server, Map.of(), "inside", "1.0").successful();
        assertEquals(Set.of("r1.canary.deploy.1", "r1.qa.deploy.1"), Set.copyOf(fleet.runs().subList(0, 2)),
                "canary and QA cell begin together");
        assertEquals("1.0", fleet.versionOf("main"));
        assertFalse(fleet.runs().stream().anyMatch(run -> run.contains(".pdm.")), "no PDM before somebody asks");
        assertFalse(version(server, "1.0").get("graduated").asBoolean());
        release(server, Map.of(), "graduate", "1.0").successful();
        assertTrue(version(server, "1.0").get("graduated").asBoolean());
        assertEquals(1, ran(fleet, "r1.main.pdm"));
        release(server, Map.of(), "inside", "1.0").successful();
        release(server, Map.of(), "graduate", "1.0").successful();
        assertEquals(2, ran(fleet, "r1.main."), "again is no second time: " + fleet.runs());
    }

    private void stopsAtHarm(TinyFleet fleet, RunningServer server) throws Exception {
        var harmed = release(server, Map.of(), "all", "1.1-bad", deb("1.1-bad"));
        assertEquals(4, harmed.exit(), harmed.toString());
        assertTrue(harmed.err().contains("1.1-bad is blocked"), harmed.toString());
        assertEquals("1.0", fleet.versionOf("main"));
        assertEquals(0, ran(fleet, "r2.main."), "the main cell never saw it");
        assertFalse(version(server, "1.1-bad").get("graduated").asBoolean());
        Await.until("the canary is back", () -> fleet.versionOf("canary").equals("1.0"));
        var again = release(server, Map.of(), "inside", "1.1-bad");
        assertEquals(1, again.exit(), again.toString());
        assertTrue(again.err().contains("blocked"), again.toString());
    }

    private void endsInTimeWhereItIsHeld(TinyFleet fleet, RunningServer server) throws Exception {
        server.post("/api/fleet/brakes", "{\"scope\":\"ring 1\",\"why\":\"a test\"}");
        release(server, Map.of(), "push", "1.2", deb("1.2")).successful();
        var held = release(server, Map.of("WITHIN", "4s"), "inside", "1.2");
        assertEquals(5, held.exit(), held.toString());
        assertEquals("1.0", fleet.versionOf("main"));
        assertEquals(0, ran(fleet, "r3.main."), "a brake holds a pipeline, too");
    }

    private String deb(String version) throws Exception {
        return DebBuilder.of("storefront", version).build(folder).toString();
    }

    private static long ran(TinyFleet fleet, String prefix) throws IOException {
        return fleet.runs().stream().filter(run -> run.startsWith(prefix)).count();
    }

    private static JsonNode version(RunningServer server, String version) throws IOException {
        return server.get("/api/fleet/versions/" + version);
    }

    private static CommandRun release(RunningServer server, Map<String, String> other, String... arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(EXAMPLE.resolve("release.sh").toString()));
        command.addAll(List.of(arguments));
        return CommandRun.of(command, builder -> {
            builder.environment().put("CAMBIUM", Checkout.root().resolve("cambium").toString());
            builder.environment().put("CAMBIUM_URL", server.address().toString());
            builder.environment().put("CAMBIUM_TOKEN", RunningServer.TOKEN);
            builder.environment().put("REPOSITORY", TinyFleet.REPOSITORY);
            builder.environment().put("DISTRIBUTION", "debian/bookworm");
            builder.environment().put("WITHIN", "100s");
            builder.environment().putAll(other);
        });
    }

    @Test
    void theScriptIsPlainShellAndTheJobsCallItsSteps() throws Exception {
        CommandRun.of("shellcheck", "-s", "sh", EXAMPLE.resolve("release.sh").toString()).successful();
        var called = new TreeSet<String>();
        Pattern.compile("- \\./release\\.sh ([a-z]+) ").matcher(Files.readString(EXAMPLE.resolve("gitlab-ci.yml")))
                .results().forEach(found -> called.add(found.group(1)));
        assertEquals(Set.of("push", "inside", "graduate"), called);
    }
}
