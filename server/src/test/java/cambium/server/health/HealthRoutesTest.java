package cambium.server.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.Role;
import cambium.server.http.Refused;
import cambium.server.testing.TestServer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {
    private final Meters meters = new Meters();

    @Test
    void staysAliveButIsNotReadyWhileACheckFails() {
        try (var server = server(
                new Check("well", Optional::empty),
                new Check("ill", () -> Optional.of("it hurts")),
                new Check("broken", () -> {
                    throw new IllegalStateException("secret detail");
                }))) {
            assertEquals(200, server.get("/health/live").statusCode());
            var ready = server.get("/health/ready");
            assertEquals(503, ready.statusCode());
            assertEquals("{\"status\":\"not ready\",\"checks\":[{\"name\":\"well\",\"ok\":true,\"message\":null},"
                    + "{\"name\":\"ill\",\"ok\":false,\"message\":\"it hurts\"},"
                    + "{\"name\":\"broken\",\"ok\":false,\"message\":\"the check itself failed\"}]}", ready.body());
            assertEquals("no-store", ready.headers().firstValue("Cache-Control").orElse(""));
        }
    }

    @Test
    void answersEveryoneWithoutLookingAtCredentials() {
        try (var server = server()) {
            for (var path : List.of("/health/live", "/health/ready", "/metrics")) {
                assertEquals(200, server.get(path, "Authorization", "Basic nonsense").statusCode(), path);
            }
        }
    }

    @Test
    void countsRequestsByTheRouteAsDeclared() {
        meters.answered("/cells/{cell}", "GET", 200, Duration.ofMillis(3));
        meters.answered("/cells/{cell}", "GET", 200, Duration.ofMillis(700));
        meters.gauge("cambium.example", "An example", () -> 7);
        try (var server = server()) {
            var figures = server.get("/metrics").body();
            var labels = "{method=\"GET\",route=\"/cells/{cell}\",status=\"200\"";
            assertTrue(figures.contains("http_server_requests_seconds_count" + labels + "} 2"), figures);
            assertTrue(figures.contains("http_server_requests_seconds_bucket" + labels + ",le=\"0.005\"} 1"), figures);
            assertTrue(figures.contains("cambium_example 7"), figures);
            assertFalse(figures.contains("NaN"), figures);
        }
    }

    private TestServer server(Check... checks) {
        var routes = new HealthRoutes(List.of(checks), meters, EnumSet.of(Role.INDEX)).routes();
        return TestServer.of(routes, _ -> {
            throw new Refused(401, "unauthenticated", "never asked");
        });
    }
}
