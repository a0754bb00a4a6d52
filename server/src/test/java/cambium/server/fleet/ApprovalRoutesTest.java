package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.server.access.Actor;
import cambium.server.access.BuiltInRole;
import cambium.server.access.Permission;
import cambium.server.http.Json;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Approvals over real HTTP, on a store in memory and cells that obey at once.
class ApprovalRoutesTest {
    private static final String YAML = FleetRoutesTest.YAML.replace("  - ring: 1\n",
            "  - ring: 1\n    policy: {approval: required}\n");
    private final PlayedFleet fleet = new PlayedFleet();
    private final TestServer server = fleet.server;

    @AfterEach
    void stop() {
        fleet.close();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> say(String body) {
        return server.send("POST", "/api/fleet/versions/1.0/approvals", "application/json", body);
    }

    private void started() {
        assertEquals(200, server.send("PUT", "/api/fleet", "application/yaml", YAML).statusCode());
        assertEquals(201, server.send("POST", "/api/fleet/rollouts", "application/json", "{\"version\":\"1.0\"}")
                .statusCode());
        fleet.run(30);
    }

    private JsonNode listed() {
        return json(server.get("/api/fleet/approvals")).path("approvals");
    }

    @Test
    void listsWhatWaitsTakesTheApprovalAndLetsTheRingOpen() {
        started();
        assertEquals(1, listed().size());
        assertEquals("waiting", listed().get(0).path("state").asText());
        assertTrue(listed().get(0).path("due").asBoolean());
        var why = json(server.get("/api/fleet/why/1.0"));
        assertEquals("approval", why.path("waits").get(0).path("code").asText(), why.toString());
        var said = say("{\"ring\":1,\"why\":\"looked\"}");
        assertEquals(200, said.statusCode(), said.body());
        assertTrue(json(said).path("changed").asBoolean());
        assertFalse(json(say("{\"ring\":1}")).path("changed").asBoolean(), "again changes nothing");
        fleet.run(30);
        assertEquals("1.0", json(server.get("/api/fleet/cells/c1")).path("version").asText());
        assertTrue(fleet.store.events(0, 500).stream().anyMatch(recorded ->
                recorded.event() instanceof FleetEvent.RingApproved approved
                && approved.why().equals(Optional.of("looked"))));
    }

    @Test
    void refusesBadRulingsWithCodes() {
        started();
        assertEquals("field_missing", json(say("{}")).path("code").asText());
        assertEquals("invalid_field", json(say("{\"ring\":1,\"ruling\":\"maybe\"}")).path("code").asText());
        assertEquals("why_missing", json(say("{\"ring\":1,\"ruling\":\"refuse\"}")).path("code").asText());
        assertEquals("no_approval_needed", json(say("{\"ring\":0}")).path("code").asText());
        assertEquals(404, say("{\"ring\":7}").statusCode());
        assertEquals(200, say("{\"ring\":1,\"ruling\":\"refuse\",\"why\":\"no\"}").statusCode());
        assertEquals(409, say("{\"ring\":1}").statusCode());
        assertEquals("refused", listed().get(0).path("state").asText());
        fleet.run(30);
        assertTrue(json(server.get("/api/fleet/cells/c1")).path("version").isNull());
    }

    @Test
    void letsReleaseManagersSpeakInsideThePerimeterAndOpsOutside() throws Exception {
        started();
        for (var role : BuiltInRole.values()) {
            var actor = new Actor("someone", Stream.of(Permission.values()).filter(role::may)
                    .collect(Collectors.toSet()));
            try (var theirs = fleet.askedBy(actor)) {
                var inside = theirs.send("POST", "/api/fleet/versions/1.0/approvals", "application/json",
                        "{\"ring\":0}");
                var outside = theirs.send("POST", "/api/fleet/versions/1.0/approvals", "application/json",
                        "{\"ring\":1,\"ruling\":\"withdraw\",\"why\":\"x\"}");
                assertEquals(List.of("administrator", "release-manager").contains(role.word()) ? 409 : 403,
                        inside.statusCode(), role + inside.body());
                assertEquals(List.of("administrator", "ops").contains(role.word()) ? 200 : 403, outside.statusCode(),
                        role + outside.body());
            }
        }
    }
}
