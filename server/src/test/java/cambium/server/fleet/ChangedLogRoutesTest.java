package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.rollout.LogFlaw;
import cambium.rollout.RolloutPlanner;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.http.Json;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangedLogRoutesTest {
    private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final FakeCells cells = new FakeCells(() -> now);
    private final FleetStore store = new InMemoryFleetStore(() -> now);
    private final TestServer server = TestServer.of(new FleetRoutes(store, new FleetHistory(store), cells, cells, cells,
            () -> Optional.empty(), RolloutPlanner::plan, new Nudges(), (_, _) -> List.of(), () -> now).routes());

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private HttpResponse<String> post(String path, String body) {
        return server.send("POST", path, "application/json", body);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(int status, String code, HttpResponse<String> answer) {
        assertEquals(status + " " + code, answer.statusCode() + " " + json(answer).path("code").asText());
    }

    @Test
    void tellsOfAChangedLogAndLetsSomebodyAcceptIt() {
        assertEquals(200, server.send("PUT", "/api/fleet", "application/yaml", FleetRoutesTest.YAML).statusCode());
        refused(409, "log_sound", post("/api/fleet/log/accept", "{\"event\":\"1\",\"why\":\"x\"}"));
        store.record(List.of(new FleetEvent.LogDoubted(now, new LogFlaw(1, "ab", "was changed"))));
        var flaw = json(server.get("/api/fleet")).path("log_flaw");
        assertEquals(1, flaw.path("event").asInt());
        assertTrue(flaw.path("text").asText().startsWith("event 1 of the fleet's log was changed"), flaw.toString());
        refused(423, "braked", post("/api/fleet/rollouts", "{\"version\":\"1.0\"}"));
        refused(409, "log_sound", post("/api/fleet/log/accept", "{\"event\":\"2\",\"why\":\"x\"}"));
        refused(422, "bad_event", post("/api/fleet/log/accept", "{\"event\":\"one\",\"why\":\"x\"}"));
        refused(422, "field_missing", post("/api/fleet/log/accept", "{\"event\":\"1\"}"));
        var told = post("/api/fleet/log/accept", "{\"event\":\"1\",\"why\":\"known\"}");
        assertEquals(200, told.statusCode(), told.body());
        assertEquals("LogAccepted", json(server.get("/api/fleet/events?after=2")).path("events").get(0)
                .path("is").asText());
        refused(423, "braked", post("/api/fleet/rollouts", "{\"version\":\"1.0\"}"));
        store.record(List.of(new FleetEvent.LogTrusted(now, 3)));
        assertEquals(201, post("/api/fleet/rollouts", "{\"version\":\"1.0\"}").statusCode());
    }
}
