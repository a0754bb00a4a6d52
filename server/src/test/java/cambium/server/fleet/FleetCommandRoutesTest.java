package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Step;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What commands of the native API do to cells, and what they leave alone.
class FleetCommandRoutesTest {
    private static final String YAML = FleetRoutesTest.YAML
            .replace("policy: {bake", "graduate: manual\npolicy: {pdm: manual, bake") + """
                  - {cell: c2, driver: local, health: "http://h:4/", metrics: "http://h:4/m"}
            """;
    private final PlayedFleet fleet = new PlayedFleet();

    @BeforeEach
    void declare() {
        fleet.declare(YAML);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private String version(String cell) {
        return fleet.get("/api/fleet/cells/" + cell).path("version").asText();
    }

    private void rollOut(String version) {
        fleet.post(201, "/api/fleet/rollouts", "{\"version\":\"" + version + "\"}");
        fleet.run(30);
        fleet.post(200, "/api/fleet/versions/" + version + "/pdm", "{}");
        fleet.run(30);
        fleet.post(200, "/api/fleet/versions/" + version + "/graduate", "");
        fleet.run(30);
    }

    @Test
    void runsAPdmWhenAskedAndGraduatesWhenAsked() {
        fleet.post(201, "/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        fleet.run(30);
        assertTrue(fleet.cells.ran.stream().noneMatch(order -> order.step() == Step.PDM), "not by itself");
        fleet.post(409, "/api/fleet/versions/1.0/graduate", "");
        var asked = fleet.post(200, "/api/fleet/versions/1.0/pdm", "{\"cell\":\"main\"}");
        assertTrue(asked.path("changed").asBoolean(), asked.toString());
        fleet.run(5);
        assertEquals(1, fleet.cells.ran.stream().filter(order -> order.step() == Step.PDM).count());
        fleet.post(200, "/api/fleet/versions/1.0/graduate", "");
        assertTrue(fleet.get("/api/fleet/versions/1.0").path("graduated").asBoolean());
        fleet.run(30);
        assertEquals("1.0", version("c1"));
    }

    @Test
    void rollsOneCellBackAndLeavesTheOthers() {
        rollOut("1.0");
        fleet.post(201, "/api/fleet/rollouts", "{\"version\":\"1.1\"}");
        fleet.run(30);
        assertEquals("1.1", version("main"));
        var said = fleet.post(200, "/api/fleet/rollbacks", "{\"cell\":\"main\",\"why\":\"slow\"}");
        assertEquals("cell main", said.path("subject").asText());
        assertTrue(said.path("changed").asBoolean());
        fleet.run(30);
        assertEquals("1.0", version("main"));
        assertEquals("1.0", version("c1"));
        assertEquals(1, fleet.cells.ran.stream().filter(order -> order.step() == Step.ROLLBACK).count());
    }

    @Test
    void aCellInQuarantineOrGoneIsGivenNothing() {
        assertTrue(fleet.post(200, "/api/fleet/cells/c1/quarantine", "{\"why\":\"odd\"}").path("changed").asBoolean());
        assertEquals("quarantined", fleet.get("/api/fleet/cells/c1").path("duty").asText());
        rollOut("1.0");
        assertEquals("1.0", version("c2"));
        assertTrue(fleet.get("/api/fleet/cells/c1").path("version").isNull());
        fleet.post(200, "/api/fleet/cells/c1/resume", "{\"why\":\"mended\"}");
        var left = fleet.post(200, "/api/fleet/cells/c2/leave", "{\"why\":\"its site closes\"}");
        assertTrue(left.path("changed").asBoolean(), left.toString());
        fleet.run(30);
        assertEquals("1.0", version("c1"));
        var ran = fleet.cells.ran.size();
        rollOut("1.1");
        assertTrue(fleet.cells.ran.stream().skip(ran).noneMatch(order -> order.cell().toString().equals("c2")));
        assertFalse(fleet.cells.ran.stream().skip(ran).toList().isEmpty());
    }

    /// Each is asked dry, twice, and then in earnest: it records what it said that it would.
    @Test
    void aDryRunOfEachCommandSaysWhatItWouldDoAndDoesNothing() {
        rollOut("1.0");
        for (var command : List.of("POST rollouts {'version':'1.1'}",
                "POST versions/1.1/pdm {'cell':'main'}", "POST versions/1.1/graduate ",
                "POST pins {'scope':'ring 1','version':'1.0','why':'audit'}", "DELETE pins?scope=ring%201&why=done",
                "POST brakes {'scope':'ring 1','why':'drill'}", "DELETE brakes?scope=ring%201&why=done",
                "POST cells/c1/defer {'why':'disk','until':'2026-02-01T00:00:00Z'}",
                "POST cells/c1/resume {'why':'mended'}", "POST cells/c1/quarantine {'why':'odd'}",
                "POST cells/c2/leave {'why':'its site closes'}",
                "POST rollbacks {'cell':'main','why':'slow','with_downtime':true}",
                "POST versions/1.1/veto {'why':'slow'}", "POST versions/1.1/release {'why':'mended'}")) {
            var parts = command.replace('\'', '"').split(" ", 3);
            var path = "/api/fleet/" + parts[1];
            var before = fleet.events();
            var dry = path + (path.contains("?") ? "&" : "?") + "dry-run=";
            var told = asked(200, dry + "true", parts);
            assertEquals(told, asked(200, dry + "true", parts), command);
            asked(422, dry + "yes", parts);
            assertEquals(before, fleet.events(), command);
            assertTrue(told.path("dry_run").asBoolean() && told.path("changed").asBoolean()
                    && told.path("plan").has("decisions"), command + " " + told);
            var done = asked(parts[1].equals("rollouts") || command.startsWith("POST brakes") ? 201 : 200, path, parts);
            assertEquals(told.path("recorded"), done.path("recorded"), command);
            assertFalse(done.path("dry_run").asBoolean() || done.has("plan"), done.toString());
            assertTrue(fleet.events() > before, command);
            fleet.run(10);
        }
        assertEquals(fleet.post(404, "/api/fleet/versions/9.9/veto", "{\"why\":\"x\"}").path("code"),
                fleet.post(404, "/api/fleet/versions/9.9/veto?dry-run=true", "{\"why\":\"x\"}").path("code"),
                "it is refused as the command is");
    }

    private JsonNode asked(int status, String path, String... command) {
        return command[0].equals("DELETE") ? fleet.delete(status, path) : fleet.post(status, path, command[2]);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void tellsTheRevisionAtOnceAndAtEveryMove() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(fleet.server.request("/api/fleet/stream").build(), BodyHandlers.ofLines());
            assertEquals("text/event-stream", answer.headers().firstValue("Content-Type").orElseThrow());
            try (var lines = answer.body()) {
                var told = lines.filter(line -> line.startsWith("data: ")).iterator();
                assertEquals("data: 1", told.next());
                fleet.post(201, "/api/fleet/brakes", "{\"scope\":\"fleet\",\"why\":\"drill\"}");
                fleet.nudges.nudge();
                assertEquals("data: 2", told.next());
            }
        }
    }
}
