package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetCommand;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RolloutPlanner;
import cambium.server.access.Actor;
import cambium.server.access.BuiltInRole;
import cambium.server.access.Permission;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.fleet.source.SourceState;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.http.Json;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The fleet as a file, asked for over real HTTP by somebody who may only read.
class FleetFileRoutesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Actor READER = new Actor("reader", Stream.of(Permission.values())
            .filter(BuiltInRole.READ_ONLY::may).collect(Collectors.toSet()));
    private final FakeCells cells = new FakeCells(() -> NOW);
    private final FleetStore store = new InMemoryFleetStore(() -> NOW);
    private final CommandDesk desk = new CommandDesk(store, () -> NOW);
    private final TestServer server = TestServer.of(new FleetRoutes(store, new FleetHistory(store), cells, cells, cells,
            BrakeFile.NONE, RolloutPlanner::plan, new Nudges(), (_, _) -> List.of(), () -> NOW).routes(),
            _ -> READER);

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /// The same fleet, asked by somebody who may do everything.
    private TestServer writing() {
        return TestServer.of(new FleetRoutes(store, new FleetHistory(store), cells, cells, cells, BrakeFile.NONE,
                RolloutPlanner::plan, new Nudges(), (_, _) -> List.of(), () -> NOW).routes(),
                _ -> Actor.allowedEverything("anna"));
    }

    private void declared() {
        var reading = (FleetYaml.Reading.Read) FleetYaml.read(FleetRoutesTest.YAML.getBytes(StandardCharsets.UTF_8));
        desk.run(new FleetCommand.Apply(reading.spec()), Actor.allowedEverything("anna"));
    }

    private HttpResponse<String> send(String method, String path, String yaml) {
        return server.send(method, path, "application/yaml", yaml);
    }

    private JsonNode diff(String yaml) {
        return diff(yaml, "");
    }

    private JsonNode diff(String yaml, String query) {
        var answer = send("POST", "/api/fleet/diff" + query, yaml);
        assertEquals(200, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String code(HttpResponse<String> answer) {
        return answer.statusCode() + " " + Json.read(answer.body().getBytes(StandardCharsets.UTF_8)).path("code")
                .asText();
    }

    @Test
    void exportsWhatDiffersInNothing() {
        assertEquals("409 no_fleet", code(server.get("/api/fleet/export")));
        declared();
        var exported = server.get("/api/fleet/export");
        assertEquals(200, exported.statusCode());
        assertEquals("[]", diff(exported.body()).path("changes").toString());
        assertEquals(exported.body(), server.get("/api/fleet/export").body());
        assertEquals(1, store.load().revision());
    }

    @Test
    void tellsAReaderWhatAFileWouldChangeAndChangesNothing() {
        assertEquals("declared", diff(FleetRoutesTest.YAML).path("differences").get(0).path("kind").asText());
        declared();
        var diff = diff(FleetRoutesTest.YAML.replace("time: 5m", "time: 6m").replace("cell: c1", "cell: c9"));
        assertEquals("[\"ring 0 policy.bake.time: 5m -> 6m\",\"ring 1 policy.bake.time: 5m -> 6m\","
                + "\"cell c9 added to ring 1\",\"cell c1 removed from ring 1\"]", diff.path("changes").toString());
        assertEquals("{\"kind\":\"changed\",\"subject\":\"ring 0\",\"field\":\"policy.bake.time\",\"before\":\"5m\","
                + "\"after\":\"6m\"}", diff.path("differences").get(0).toString());
        assertTrue(diff.path("plan").has("decided"), diff.toString());
        assertEquals("large_change", diff.at("/refused/code").asText(), diff.toString());
        assertEquals("{\"cells\":3,\"of\":3,\"most_percent\":50,\"large\":true,"
                + "\"text\":\"3 of 3 cells (100 %): 1 removed, 1 added, 1 by the policy or side of their ring\"}",
                diff.path("share").toString());
        var small = diff(FleetRoutesTest.YAML + "large-change: 30%\n");
        assertEquals("[\"large-change: 50% -> 30%\"]", small.path("changes").toString());
        assertTrue(small.path("refused").isMissingNode() && !small.at("/share/large").asBoolean(), small.toString());
        assertEquals("422 unknown_field", code(send("POST", "/api/fleet/diff", "flet: x\n" + FleetRoutesTest.YAML)));
        assertEquals("403 forbidden", code(send("PUT", "/api/fleet", FleetRoutesTest.YAML.replace("5m", "6m"))));
        assertEquals(1, store.load().revision());
    }

    /// C-33: what decides or acts outside and has not inside is told, and holds nothing up.
    @Test
    void tellsWhatOfAFileNothingHasTriedInside() {
        declared();
        assertEquals("[]", diff(FleetRoutesTest.YAML).path("advice").toString());
        var measured = FleetRoutesTest.YAML.replace("cell: c1, driver: local", "cell: c1, driver: pull")
                + "measure: {prometheus: \"http://h:9090\", own: [{signal: carts, bad: b, all: a}]}\n";
        var advice = diff(measured).path("advice");
        assertEquals(2, advice.size(), advice.toString());
        assertEquals("untried_signals", advice.get(0).path("code").asText());
        assertTrue(advice.get(0).path("text").asText().startsWith("signal carts has judged no version in ring 0 yet"),
                advice.toString());
        assertEquals("untried_driver", advice.get(1).path("code").asText());
        assertEquals(1, store.load().revision());
        var reading = (FleetYaml.Reading.Read) FleetYaml.read(measured.getBytes(StandardCharsets.UTF_8));
        desk.run(new FleetCommand.Apply(reading.spec(), Optional.of("drill")), Actor.allowedEverything("anna"));
        assertEquals(advice, Json.read(server.get("/api/fleet").body().getBytes(StandardCharsets.UTF_8))
                .path("advice"));
    }

    /// C-18: ring by ring, and told what is left.
    @Test
    void takesAFileRingByRing() throws Exception {
        declared();
        var file = FleetRoutesTest.YAML.replace("time: 5m", "time: 6m") + "large-change: 30%\n";
        var first = diff(file, "?through-ring=0");
        assertEquals("[\"ring 0 policy.bake.time: 5m -> 6m\"]", first.path("changes").toString());
        assertEquals("[\"large-change: 50% -> 30%\",\"ring 1 policy.bake.time: 5m -> 6m\"]",
                first.path("left").toString());
        assertEquals("0 1", first.path("through_ring") + " " + first.path("next_ring"));
        assertTrue(first.path("refused").isMissingNode() && first.at("/share/cells").asInt() == 1, first.toString());
        assertTrue(diff(file).path("left").isMissingNode(), "all of it leaves nothing");
        assertEquals("403 forbidden", code(send("PUT", "/api/fleet?through-ring=0", file)));
        assertEquals(1, store.load().revision());
        try (var routes = writing()) {
            var dry = routes.send("PUT", "/api/fleet?through-ring=0&dry-run=true", "application/yaml", file);
            assertEquals(200, dry.statusCode(), dry.body());
            assertEquals(1, store.load().revision());
            for (var revision : new int[] {2, 2}) {
                var applied = routes.send("PUT", "/api/fleet?through-ring=0", "application/yaml", file);
                assertEquals("200 1", applied.statusCode() + " " + Json.read(applied.body()
                        .getBytes(StandardCharsets.UTF_8)).path("next_ring"));
                assertEquals(revision, store.load().revision(), "the same again changes nothing");
            }
            assertEquals("[]", diff(file, "?through-ring=0").path("changes").toString());
            var last = routes.send("PUT", "/api/fleet?through-ring=1&large-change=drill", "application/yaml", file);
            assertEquals("null", Json.read(last.body().getBytes(StandardCharsets.UTF_8)).path("next_ring").toString());
            assertEquals("[]", diff(file).path("changes").toString());
        }
    }

    /// C-18: a fleet that asks for it takes no change in two rings at once, and `diff` says so before.
    @Test
    void makesAChangeGoRingByRingWhereTheFleetAsksForIt() throws Exception {
        declared();
        var resting = FleetRoutesTest.YAML + "large-change: 100%\nchange-rest: 1h\n";
        var file = resting.replace("time: 5m", "time: 6m");
        try (var routes = writing()) {
            assertEquals(200, routes.send("PUT", "/api/fleet?large-change=drill", "application/yaml", resting)
                    .statusCode());
            assertTrue(routes.get("/api/fleet/export").body().contains("change-rest: 1h\n"));
            assertEquals("409 ring_by_ring", code(routes.send("PUT", "/api/fleet", "application/yaml", file)));
            var told = diff(file);
            assertEquals("ring_by_ring", told.at("/refused/code").asText());
            assertFalse(told.path("plan").isMissingNode(), "what a reason would do is told with it");
            assertEquals(200, routes.send("PUT", "/api/fleet?through-ring=0", "application/yaml", file).statusCode());
            assertEquals("409 change_rests", code(routes.send("PUT", "/api/fleet", "application/yaml", file)));
            assertEquals("change_rests", diff(file, "?through-ring=1").at("/refused/code").asText());
            assertEquals(3, store.load().revision());
            assertEquals(200, routes.send("PUT", "/api/fleet?large-change=harm", "application/yaml", file)
                    .statusCode());
        }
    }

    @Test
    void saysWhyAFileCannotBeTakenThroughARing() {
        assertEquals("no_fleet", diff(FleetRoutesTest.YAML, "?through-ring=0").at("/refused/code").asText());
        declared();
        assertEquals("422 bad_ring", code(send("POST", "/api/fleet/diff?through-ring=inner", FleetRoutesTest.YAML)));
        assertEquals("bad_ring", diff(FleetRoutesTest.YAML.replace("5m", "6m"), "?through-ring=2")
                .at("/refused/code").asText());
        var crossing = diff(FleetRoutesTest.YAML.replace("cell: c1", "cell: c2").replace("      - {cell: main",
                "      - {cell: c1, driver: local, health: \"http://h:3/\", metrics: \"http://h:3/m\"}\n"
                + "      - {cell: main"), "?through-ring=0");
        assertEquals("cell_crosses", crossing.at("/refused/code").asText(), crossing.toString());
        assertTrue(crossing.at("/refused/message").asText().endsWith("take the file through ring 1 at once"),
                crossing.toString());
        assertTrue(crossing.path("left").isMissingNode() && crossing.path("plan").isMissingNode());
        assertEquals(1, store.load().revision());
    }

    @Test
    void tellsThatAFileWouldBeRefused() {
        declared();
        desk.run(deploy(), Actor.allowedEverything("anna"));
        cells.slow.add(ProductVersion.of("1.0"));
        var loop = new CoordinatorLoop("one", store, cells, cells, cells, cells, BrakeFile.NONE, RolloutPlanner::plan,
                () -> NOW);
        for (int i = 0; i < 5 && store.load().fleet().cells().values().stream()
                .allMatch(cell -> cell.current().isEmpty()); i++) {
            loop.tick();
        }
        var revision = store.load().revision();
        var busy = store.load().fleet().cells().values().stream().filter(cell -> cell.current().isPresent())
                .findFirst().orElseThrow().id();
        var diff = diff(FleetRoutesTest.YAML.replace("cell: " + busy + ",", "cell: other,")
                .replace("cell: " + busy + "\n", "cell: other\n"), "?large-change=renamed");
        assertEquals("cell_busy", diff.path("refused").path("code").asText(), diff.toString());
        assertTrue(diff.path("plan").isMissingNode(), diff.toString());
        assertEquals(revision, store.load().revision());
    }

    private static FleetCommand deploy() {
        return new FleetCommand.Deploy(ProductVersion.of("1.0"),
                List.of(new PackageRef("storefront", "1.0", "all", "00".repeat(32), "http://h/1.deb")),
                Optional.empty(), Optional.empty());
    }

    @Test
    void tellsAReaderWhatADeploymentWouldDoAndLetsNobodyDeployWithIt() {
        declared();
        var plan = server.get("/api/fleet/plan?deploy=1.0");
        assertEquals(200, plan.statusCode(), plan.body());
        assertTrue(plan.body().contains("opens for 1.0"), plan.body());
        assertEquals("403 forbidden", code(server.send("POST", "/api/fleet/rollouts",
                "application/json", "{\"version\":\"1.0\"}")));
        assertEquals(1, store.load().revision());
        assertTrue(store.load().fleet().versions().isEmpty(), "nothing was registered");
    }

    @Test
    void readsOfThoseWhomNobodyKnowsOnlySmallFiles() throws Exception {
        var large = FleetRoutesTest.YAML + "#".repeat(1 << 20) + "\n";
        assertEquals(200, server.send("POST", "/api/fleet/diff", "application/yaml", large).statusCode());
        var routes = new FleetRoutes(store, new FleetHistory(store), cells, cells, cells, BrakeFile.NONE,
                RolloutPlanner::plan, new Nudges(), (_, _) -> List.of(), () -> NOW).routes();
        try (var open = TestServer.of(routes, _ -> new Actor(Actor.ANONYMOUS.name(), Set.of(Permission.READ_FLEET)))) {
            assertEquals("413 too_large", code(open.send("POST", "/api/fleet/diff", "application/yaml", large)));
            assertEquals(200, open.send("POST", "/api/fleet/diff", "application/yaml", FleetRoutesTest.YAML)
                    .statusCode());
        }
    }

    @Test
    void takesNoFileBesideTheRepositoryThatIsFollowedUnlessSomebodySaysSo() throws Exception {
        var standing = new SourceState.Standing(SourceState.State.IN_STEP, Optional.empty(), NOW);
        var state = new SourceState(true, "https://git.example/f.git", "main", "fleet.yaml", Optional.of(NOW),
                Optional.empty(), Optional.empty(), standing, Optional.empty());
        var routes = new FleetRoutes(store, desk, new FleetHistory(store), cells, cells, cells,
                RolloutPlanner::plan, new Nudges(), (_, _) -> List.of(), () -> state,
                () -> NOW).routes();
        try (var following = TestServer.of(routes, _ -> Actor.allowedEverything("anna"))) {
            var refused = following.send("PUT", "/api/fleet", "application/yaml", FleetRoutesTest.YAML);
            assertEquals("409 file_is_source", code(refused));
            assertTrue(refused.body().contains("fleet.yaml in branch main of https://git.example/f.git"));
            assertEquals(200, following.send("PUT", "/api/fleet?dry-run=true", "application/yaml",
                    FleetRoutesTest.YAML).statusCode());
            assertEquals(0, store.load().revision());
            var source = Json.read(following.get("/api/fleet").body().getBytes(StandardCharsets.UTF_8)).path("source");
            assertEquals("in-step", source.path("state").asText());
            assertEquals(200, following.send("PUT", "/api/fleet?beside-source=true", "application/yaml",
                    FleetRoutesTest.YAML).statusCode());
            assertEquals(1, store.load().revision());
            assertEquals(201, following.send("POST", "/api/fleet/brakes", "application/json",
                    "{\"scope\":\"fleet\",\"why\":\"smoke\"}").statusCode(), "a brake never waits for a repository");
        }
    }
}
