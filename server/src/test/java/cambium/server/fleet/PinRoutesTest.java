package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Pins over real HTTP, with the real planner and loop.
class PinRoutesTest {
    private final PlayedFleet fleet = new PlayedFleet();
    private final TestServer server = fleet.server;

    @AfterEach
    void stop() {
        fleet.close();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode get(String path) {
        return json(server.get(path));
    }

    private HttpResponse<String> post(String path, String body) {
        return server.send("POST", path, "application/json", body);
    }

    private static void refused(int status, String code, HttpResponse<String> answer) {
        assertEquals(status + " " + code, answer.statusCode() + " " + json(answer).path("code").asText());
    }

    @Test
    void pinsARingAndTellsItAsLongAsItHolds() {
        assertEquals(200, server.send("PUT", "/api/fleet", "application/yaml", FleetRoutesTest.YAML)
                .statusCode());
        assertEquals(201, post("/api/fleet/rollouts", "{\"version\":\"1.0\"}").statusCode());
        assertEquals(201, post("/api/fleet/rollouts", "{\"version\":\"1.1\"}").statusCode());
        refused(422, "why_missing", post("/api/fleet/pins", "{\"scope\":\"ring 0\",\"version\":\"1.0\"}"));
        refused(422, "bad_scope", post("/api/fleet/pins", "{\"scope\":\"fleet\",\"version\":\"1.0\",\"why\":\"x\"}"));
        refused(404, "no_pin", server.send("DELETE", "/api/fleet/pins?scope=ring+0&why=x", "text/plain", ""));
        var body = "{\"scope\":\"ring 0\",\"version\":\"1.0\",\"why\":\"audit\",\"until\":\"2126-01-01T00:00:00Z\"}";
        assertEquals("[\"PinSet\"]", json(post("/api/fleet/pins", body)).path("recorded").toString());
        assertEquals("[]", json(post("/api/fleet/pins", body)).path("recorded").toString(), "it already is so");
        refused(409, "pinned", post("/api/fleet/rollouts", "{\"version\":\"1.1\",\"ring\":0}"));
        var pin = get("/api/fleet").at("/pins/0");
        assertEquals("ring 0 1.0 audit", pin.path("scope").asText() + " " + pin.path("version").asText() + " "
                + pin.path("why").asText());
        fleet.run(20);
        var ran = fleet.cells.ran;
        assertTrue(ran.size() > 0 && ran.stream().noneMatch(order -> order.version().value().equals("1.1")),
                ran.toString());
        assertEquals(200, server.send("DELETE", "/api/fleet/pins?scope=ring+0&why=done", "text/plain",
                "").statusCode());
        assertEquals(0, get("/api/fleet").path("pins").size());
    }
}
