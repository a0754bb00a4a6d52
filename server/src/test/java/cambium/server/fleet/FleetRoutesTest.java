package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.ProductVersion;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.server.fleet.handover.Strays;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.http.Json;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The native API over real HTTP, on a store in memory and cells that obey at once.
class FleetRoutesTest {
    static final String YAML = """
            fleet: example
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 0
            policy: {bake: {time: 5m, samples: 10}}
            rings:
              - ring: 0
                cells:
                  - {cell: main, kind: main, driver: local, health: "http://h:2/", metrics: "http://h:2/m"}
              - ring: 1
                cells:
                  - {cell: c1, driver: local, health: "http://h:3/", metrics: "http://h:3/m"}
            """;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final FakeCells cells = new FakeCells(() -> now);
    private Optional<String> brakeFile = Optional.empty();
    private List<Strays.Stray> strays = List.of();
    private Instant straysSince = Instant.EPOCH;
    private final FleetStore store = new InMemoryFleetStore(() -> now);
    private final Nudges nudges = new Nudges();
    private final TestServer server = TestServer.of(new FleetRoutes(store, new FleetHistory(store), cells, cells, cells,
            () -> brakeFile, RolloutPlanner::plan, nudges, this::strays, () -> now).routes());
    private final CoordinatorLoop loop = new CoordinatorLoop("one", store, cells, cells, cells, cells,
            BrakeFile.NONE, RolloutPlanner::plan, () -> now);

    private List<Strays.Stray> strays(Instant since, int limit) {
        straysSince = since;
        return strays.stream().limit(limit).toList();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void run(int minutes) {
        for (var i = 0; i < minutes; i++) {
            loop.tick();
            now = now.plus(Duration.ofMinutes(1));
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode get(String path) {
        var answer = server.get(path);
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer);
    }

    private HttpResponse<String> put(String yaml, String query) {
        return server.send("PUT", "/api/fleet" + query, "application/yaml", yaml);
    }

    private HttpResponse<String> post(String path, String body) {
        return server.send("POST", path, "application/json", body);
    }

    private void refused(int status, String code, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(code, json(answer).path("code").asText(), answer.body());
        assertFalse(json(answer).path("message").asText().isEmpty());
        assertFalse(json(answer).path("request_id").asText().isEmpty());
    }

    private void declared() {
        assertEquals(200, put(YAML, "").statusCode());
    }

    @Test
    void tellsStraysOfTheLastDay() {
        strays = List.of(new Strays.Stray(now, "r1.c1.deploy.1", "driver ci", "begun by run 18"));
        assertEquals("[{\"at\":\"2026-01-01T00:00:00Z\",\"attempt\":\"r1.c1.deploy.1\",\"origin\":\"driver ci\","
                + "\"said\":\"begun by run 18\"}]", get("/api/fleet").path("strays").toString());
        assertEquals(now.minus(Duration.ofDays(1)), straysSince);
    }

    @Test
    void tellsThatNoFleetIsDeclared() {
        var fleet = get("/api/fleet");
        assertTrue(fleet.path("fleet").isNull());
        assertEquals(0, fleet.path("revision").asInt());
        refused(409, "no_fleet", post("/api/fleet/rollouts", "{\"version\":\"1.0\"}"));
    }

    @Test
    void appliesWithADiffAndDryRunChangesNothing() {
        var dry = put(YAML, "?dry-run=true");
        assertEquals("[\"fleet example declared: 2 rings, 2 cells\"]", json(dry).path("changes").toString());
        assertEquals(0, store.load().revision());
        declared();
        var larger = YAML.replace("time: 5m", "time: 6m").replace("cell: c1", "cell: c9");
        var refused = put(larger, "");
        refused(409, "large_change", refused);
        assertEquals("the change touches 3 of 3 cells (100 %): 1 removed, 1 added, 1 by the policy or side of their "
                + "ring; more than 50 % needs a reason", json(refused).path("message").asText());
        refused(409, "large_change", put(larger + "large-change: 100%\n", ""));
        refused(422, "why_missing", put(larger, "?large-change="));
        assertEquals(1, store.load().revision());
        var changed = json(put(larger, "?large-change=longer+bake"));
        assertEquals("[\"ring 0 policy.bake.time: 5m -> 6m\",\"ring 1 policy.bake.time: 5m -> 6m\","
                + "\"cell c9 added to ring 1\",\"cell c1 removed from ring 1\"]", changed.path("changes").toString());
        assertEquals(2, store.load().revision());
        assertEquals("[]", json(put(larger, "")).path("changes").toString());
        assertEquals("longer bake", get("/api/fleet/events").at("/events/1/largeChange").asText());
        assertEquals(2, store.load().revision(), "the same again is no change");
    }

    @Test
    void refusesABadDeclarationWithEveryProblem() {
        var answer = put(YAML.replace("kind: main", "kind: boss").replace("perimeter", "perimetre"), "");
        refused(422, "unknown_field", put(YAML.replace("samples", "sample"), ""));
        assertEquals(422, answer.statusCode());
        assertEquals(3, json(answer).path("problems").size(), answer.body());
        refused(422, "invalid_yaml", put("a: [1", ""));
        refused(422, "invalid_yaml", put("a: &x 1\nb: *x\n", ""));
        assertEquals(0, store.load().revision());
    }

    @Test
    void rollsAVersionOutAndTellsTheWholeStory() {
        declared();
        var started = post("/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        assertEquals(201, started.statusCode(), started.body());
        assertEquals(1, json(started).path("rollout").asInt());
        assertEquals(200, post("/api/fleet/rollouts", "{\"version\":\"1.0\"}").statusCode(), "again changes nothing");
        run(30);
        var fleet = get("/api/fleet");
        assertEquals("complete", fleet.path("versions").get(0).path("state").asText(), fleet.toString());
        assertEquals("http://localhost:1/acme/storefront/pool/storefront_1.0.deb",
                fleet.path("versions").get(0).path("packages").get(0).path("url").asText());
        assertEquals("1.0", fleet.path("cells").get(0).path("version").asText());
        var cell = get("/api/fleet/cells/c1");
        assertEquals("r1.c1.deploy.1", cell.path("attempts").get(1).path("attempt").asText());
        assertEquals("succeeded", get("/api/fleet/attempts/r1.c1.deploy.1").path("state").asText());
        assertEquals(200, server.get("/api/fleet/attempts/r1.c1.deploy.1/log").statusCode());
        var version = get("/api/fleet/versions/1.0");
        assertTrue(version.path("graduated").asBoolean());
        assertTrue(version.path("events").size() > 10);
        var events = get("/api/fleet/events?after=1&limit=2").path("events");
        assertEquals("[2,3]", "[" + events.get(0).path("number") + "," + events.get(1).path("number") + "]");
        assertEquals("VersionRegistered", events.get(0).path("is").asText());
        for (var subject : new String[] {"c1", "ring-1", "1", "1.0"}) {
            assertFalse(get("/api/fleet/why/" + subject).path("text").asText().isEmpty());
        }
    }

    @Test
    void tellsWhatWouldBeDecidedAndChangesNothing() {
        declared();
        var revision = store.load().revision();
        assertEquals(0, get("/api/fleet/plan").path("decided").asInt());
        var plan = get("/api/fleet/plan?deploy=1.0");
        assertEquals("ring 0", plan.path("decisions").get(0).path("subject").asText(), plan.toString());
        assertEquals("opens for 1.0", plan.path("decisions").get(0).path("text").asText());
        var dry = json(put(YAML.replace("cell: c1", "cell: c9"),
                "?dry-run=true&large-change=why"));
        assertTrue(dry.path("plan").has("decided"), dry.toString());
        cells.withdrawn.add("9.9");
        refused(404, "unknown_version", server.get("/api/fleet/plan?deploy=9.9"));
        assertEquals(201, post("/api/fleet/brakes", "{\"scope\":\"fleet\",\"why\":\"drill\"}").statusCode());
        refused(423, "braked", server.get("/api/fleet/plan?deploy=1.0"));
        assertEquals(revision + 1, store.load().revision(), "only the brake is new");
        run(5);
        assertTrue(cells.ran.isEmpty(), "what was only asked about never runs");
    }

    @Test
    void answersWhatIsUnknownWithItsOwnCode() {
        declared();
        cells.withdrawn.add("9.9");
        refused(404, "unknown_version", post("/api/fleet/rollouts", "{\"version\":\"9.9\"}"));
        refused(404, "unknown_version", server.get("/api/fleet/versions/9.9"));
        refused(404, "unknown_version", post("/api/fleet/versions/9.9/graduate", ""));
        refused(404, "unknown_cell", server.get("/api/fleet/cells/nowhere"));
        refused(404, "unknown_cell", server.get("/api/fleet/why/nowhere"));
        refused(404, "unknown_ring", server.get("/api/fleet/why/ring-77"));
        refused(404, "unknown_version", server.get("/api/fleet/why/9.9"));
        refused(404, "unknown_attempt", server.get("/api/fleet/attempts/r9.c1.deploy.1"));
        refused(404, "unknown_attempt", server.get("/api/fleet/attempts/nonsense/log"));
        refused(404, "unknown_cell", post("/api/fleet/rollbacks", "{\"cell\":\"nowhere\",\"why\":\"x\"}"));
        refused(404, "unknown_ring", post("/api/fleet/brakes", "{\"scope\":\"ring 77\",\"why\":\"x\"}"));
        refused(404, "no_brake", server.send("DELETE", "/api/fleet/brakes?scope=fleet&why=x", "text/plain", ""));
        assertEquals(1, store.load().revision(), "nothing of it was stored");
    }

    @Test
    void holdsTheOrderOfRingsAndThePerimeter() {
        declared();
        post("/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        refused(409, "not_graduated", post("/api/fleet/rollouts", "{\"version\":\"1.0\",\"ring\":1}"));
        refused(409, "not_graduated", post("/api/fleet/rollouts", "{\"version\":\"1.0\",\"cell\":\"c1\"}"));
        assertEquals(409, post("/api/fleet/versions/1.0/graduate", "").statusCode());
    }

    @Test
    void keepsTheBrakeThatTheFileWouldPullAgain() {
        declared();
        post("/api/fleet/brakes", "{\"scope\":\"fleet\",\"why\":\"smoke\"}");
        post("/api/fleet/brakes", "{\"scope\":\"ring 0\",\"why\":\"smoke\"}");
        brakeFile = Optional.of("incident 42");
        refused(409, "brake_file", server.send("DELETE", "/api/fleet/brakes?scope=fleet&why=x", "text/plain", ""));
        assertEquals(200, server.send("DELETE", "/api/fleet/brakes?scope=ring+0&why=x", "text/plain", "").statusCode());
        assertTrue(store.load().fleet().brakes().containsKey(Scope.of("fleet")));
        brakeFile = Optional.empty();
        assertEquals(200, server.send("DELETE", "/api/fleet/brakes?scope=fleet&why=x", "text/plain", "").statusCode());
    }

    @Test
    void brakesNeedAReasonHoldAndAreIdempotent() {
        declared();
        refused(422, "why_missing", post("/api/fleet/brakes", "{\"scope\":\"fleet\"}"));
        refused(422, "why_missing", post("/api/fleet/brakes", "{\"scope\":\"fleet\",\"why\":\"  \"}"));
        refused(422, "bad_scope", post("/api/fleet/brakes", "{\"scope\":\"moon\",\"why\":\"x\"}"));
        assertEquals(201, post("/api/fleet/brakes", "{\"scope\":\"fleet\",\"why\":\"smoke\"}").statusCode());
        assertEquals(200, post("/api/fleet/brakes", "{\"scope\":\"fleet\",\"why\":\"smoke\"}").statusCode());
        assertEquals(2, store.load().revision());
        var braked = post("/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        refused(423, "braked", braked);
        assertTrue(json(braked).path("message").asText().contains("tester: smoke"), braked.body());
        assertEquals("fleet", get("/api/fleet").path("brakes").get(0).path("scope").asText());
        refused(422, "why_missing", server.send("DELETE", "/api/fleet/brakes?scope=fleet", "text/plain", ""));
        assertEquals(200,
                server.send("DELETE", "/api/fleet/brakes?scope=fleet&why=over", "text/plain", "").statusCode());
        assertEquals(0, get("/api/fleet").path("brakes").size());
    }

    @Test
    void aVetoKeepsAVersionFromEveryRingUntilItIsReleased() {
        declared();
        post("/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        refused(422, "why_missing", post("/api/fleet/versions/1.0/veto", "{}"));
        refused(404, "unknown_version", post("/api/fleet/versions/9.9/veto", "{\"why\":\"x\"}"));
        assertEquals(200, post("/api/fleet/versions/1.0/veto", "{\"why\":\"its notes are wrong\"}").statusCode());
        run(30);
        assertTrue(get("/api/fleet/cells/main").path("version").isNull(), "it went nowhere");
        assertTrue(get("/api/fleet/why/1.0").toString().contains("its notes are wrong"));
        refused(409, "blocked", post("/api/fleet/rollouts", "{\"version\":\"1.0\"}"));
        assertEquals(200, post("/api/fleet/versions/1.0/release", "{\"why\":\"mended\"}").statusCode());
        post("/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        run(30);
        assertEquals("1.0", get("/api/fleet/cells/c1").path("version").asText());
    }

    @Test
    void tellsHowDeliveryFared() {
        declared();
        assertTrue(get("/api/fleet/figures").path("failure_share").isNull());
        post("/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        run(30);
        cells.harmful.add(ProductVersion.of("1.1"));
        post("/api/fleet/rollouts", "{\"version\":\"1.1\"}");
        run(30);
        var figures = get("/api/fleet/figures?days=7");
        assertEquals(1, figures.path("completed").asInt(), figures.toString());
        assertEquals(1, figures.path("failed").asInt());
        assertEquals(0.5, figures.path("failure_share").asDouble());
        assertEquals(1, figures.path("exposed_cells").asInt(), "ring 1 never had it");
        assertEquals(0, figures.path("exposure_cell_seconds").asInt(), "these cells go back in the same second");
        assertTrue(figures.at("/lead_time_seconds/median").asInt() >= 600, figures.toString());
        assertEquals("1.1", figures.at("/versions/0/version").asText());
        assertFalse(figures.at("/versions/0/restored_at").isNull());
        refused(400, "invalid_field", server.get("/api/fleet/figures?days=0"));
        refused(400, "invalid_field", server.get("/api/fleet/figures?days=x"));
    }

    @Test
    void registersAVersionWithTheMigrationsThatTheCommandNames() {
        declared();
        assertEquals(201, post("/api/fleet/rollouts", "{\"version\":\"1.0\",\"migrations\":[{\"id\":\"drop_users\","
                + "\"kind\":\"post-deployment\",\"reversible\":false,\"oldest_compatible\":\"0.9\"}]}").statusCode());
        assertEquals("[{\"id\":\"drop_users\",\"kind\":\"post-deployment\",\"reversible\":false,"
                + "\"oldest_compatible\":\"0.9\"}]", get("/api/fleet").at("/versions/0/migrations").toString());
        refused(409, "version_differs", post("/api/fleet/rollouts", "{\"version\":\"1.0\",\"migrations\":[]}"));
        assertEquals(201, post("/api/fleet/rollouts", "{\"version\":\"1.1\"}").statusCode());
        assertTrue(get("/api/fleet").at("/versions/1/migrations").isNull(), get("/api/fleet").toString());
    }

    @Test
    void aHotfixIsMarkedWithItsReasonAndBakesShorter() {
        declared();
        var body = "{\"version\":\"1.0\",\"hotfix\":\"nobody can pay\"}";
        refused(409, "no_hotfix_lane", post("/api/fleet/rollouts", body));
        assertEquals(0, get("/api/fleet").path("versions").size());
        put(YAML.replace("samples: 10", "samples: 10, hotfix: {time: 2m, samples: 5}"), "?large-change=a+lane");
        assertEquals(422, post("/api/fleet/rollouts", "{\"version\":\"1.0\",\"hotfix\":\" \"}").statusCode());
        assertEquals(201, post("/api/fleet/rollouts", body).statusCode());
        assertEquals("nobody can pay", get("/api/fleet").at("/versions/0/hotfix").asText());
        assertEquals(200, post("/api/fleet/rollouts", body).statusCode());
        run(2);
        assertTrue(get("/api/fleet/why/ring-0").toString().contains("bakes 1.0 as a hotfix (nobody can pay) until "),
                get("/api/fleet/why/ring-0").toString());
        assertEquals(201, post("/api/fleet/rollouts", "{\"version\":\"1.1\"}").statusCode());
        refused(409, "under_way", post("/api/fleet/rollouts", "{\"version\":\"1.1\",\"hotfix\":\"too\"}"));
    }

    @Test
    void takesTheMigrationsThatThePackagesDeclareAndRefusesAVersionWhoseDeclarationCannotBeRead() {
        declared();
        cells.declared.add(new ProductCatalog.Declaration("storefront", "not read: it is too large"));
        var unread = post("/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        refused(422, "invalid_migrations", unread);
        assertTrue(json(unread).path("message").asText().contains("storefront declares"), unread.body());
        assertEquals(1, store.load().revision(), "nothing is registered");
        cells.declared.clear();
        var one = "{\"id\":\"split\",\"kind\":\"deployment\",\"reversible\":true}";
        cells.declared.add(new ProductCatalog.Declaration("storefront", "{\"migrations\":[" + one + "]}"));
        cells.declared.add(new ProductCatalog.Declaration("worker", "{\"migrations\":[" + one + "]}"));
        assertEquals(201, post("/api/fleet/rollouts", "{\"version\":\"1.0\"}").statusCode());
        assertEquals(1, get("/api/fleet").at("/versions/0/migrations").size(), "declared alike is declared once");
        assertEquals(200, post("/api/fleet/rollouts", "{\"version\":\"1.0\"}").statusCode());
    }

    @Test
    void refusesMigrationsOfAWrongForm() {
        declared();
        for (var bad : new String[] {"{}", "[1]", "[{\"id\":\"a\",\"kind\":\"deployment\"}]",
            "[{\"id\":\"a b\",\"kind\":\"deployment\",\"reversible\":true}]",
            "[{\"id\":\"a\",\"kind\":\"sometimes\",\"reversible\":true}]",
            "[{\"id\":\"a\",\"kind\":\"deployment\",\"reversible\":true,\"oldest\":\"1\"}]",
            "[{\"id\":\"a\",\"kind\":\"deployment\",\"reversible\":true,\"oldest_compatible\":\"../1\"}]"}) {
            refused(422, "invalid_migrations", post("/api/fleet/rollouts", "{\"version\":\"1.0\",\"migrations\":" + bad
                    + "}"));
        }
        assertEquals(1, store.load().revision());
    }

    @Test
    void refusesFieldsItDoesNotKnow() {
        declared();
        refused(422, "unknown_field", post("/api/fleet/rollouts", "{\"version\":\"1.0\",\"rings\":1}"));
        refused(422, "field_missing", post("/api/fleet/rollouts", "{}"));
        refused(422, "field_missing", post("/api/fleet/rollbacks", "{\"why\":\"x\"}"));
        refused(400, "invalid_json", post("/api/fleet/brakes", "{"));
        refused(400, "invalid_json", post("/api/fleet/brakes", "[]"));
        refused(422, "invalid_field",
                post("/api/fleet/brakes", "{\"scope\":\"fleet\",\"why\":\"x\",\"until\":\"soon\"}"));
        refused(422, "until_past",
                post("/api/fleet/brakes", "{\"scope\":\"fleet\",\"why\":\"x\",\"until\":\"2020-01-01T00:00:00Z\"}"));
        assertEquals(1, store.load().revision());
    }

    @Test
    void letsACellStandAsideAndTellsWhetherItCanGoBack() {
        declared();
        refused(404, "unknown_cell", post("/api/fleet/cells/nowhere/defer",
                "{\"why\":\"x\",\"until\":\"2026-01-02T00:00:00Z\"}"));
        refused(422, "why_missing", post("/api/fleet/cells/c1/leave", "{}"));
        refused(422, "field_missing", post("/api/fleet/cells/c1/defer", "{\"why\":\"disk\"}"));
        refused(422, "until_past", post("/api/fleet/cells/c1/defer",
                "{\"why\":\"disk\",\"until\":\"2020-01-01T00:00:00Z\"}"));
        refused(409, "main_cell", post("/api/fleet/cells/main/quarantine", "{\"why\":\"odd\"}"));
        refused(409, "last_cell", post("/api/fleet/cells/c1/quarantine", "{\"why\":\"odd\"}"));
        var deferred = "{\"why\":\"disk\",\"until\":\"2026-01-02T00:00:00Z\"}";
        assertTrue(json(post("/api/fleet/cells/c1/defer", deferred)).path("changed").asBoolean());
        assertFalse(json(post("/api/fleet/cells/c1/defer", deferred)).path("changed").asBoolean(), "again is nothing");
        var cell = json(server.get("/api/fleet/cells/c1"));
        assertEquals("deferred until 2026-01-02T00:00:00Z", cell.path("duty").asText());
        assertEquals("disk", cell.path("duty_why").asText());
        assertEquals(200, post("/api/fleet/cells/c1/resume", "{\"why\":\"done\"}").statusCode());
        assertEquals("on duty", json(server.get("/api/fleet/cells/c1")).path("duty").asText());
        assertEquals("no", json(server.get("/api/fleet/cells/c1/can-go-back")).path("can").asText());
        refused(404, "unknown_cell", server.get("/api/fleet/cells/nowhere/can-go-back"));
    }
}
