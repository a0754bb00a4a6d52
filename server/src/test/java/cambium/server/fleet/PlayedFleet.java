package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.rollout.RolloutPlanner;
import cambium.server.access.Actor;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.http.Json;
import cambium.server.http.Route;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A fleet over real HTTP, on a store in memory and cells that obey at once; its minutes pass when a test says so.
final class PlayedFleet implements AutoCloseable {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    final FakeCells cells = new FakeCells(() -> now);
    final FleetStore store = new InMemoryFleetStore(() -> now);
    final Nudges nudges = new Nudges();
    final TestServer server = TestServer.of(routes());
    private final CoordinatorLoop loop = new CoordinatorLoop("one", store, cells, cells, cells, cells,
            BrakeFile.NONE, RolloutPlanner::plan, () -> now);

    private List<Route> routes() {
        return new FleetRoutes(store, new FleetHistory(store), cells, cells, cells, BrakeFile.NONE,
                RolloutPlanner::plan, nudges, (_, _) -> List.of(), () -> now).routes();
    }

    /// The same fleet, asked by somebody of fewer rights; to be closed by whoever asks.
    TestServer askedBy(Actor actor) {
        return TestServer.of(routes(), _ -> actor);
    }

    void declare(String yaml) {
        assertEquals(200, server.send("PUT", "/api/fleet", "application/yaml", yaml).statusCode());
    }

    void run(int minutes) {
        for (var i = 0; i < minutes; i++) {
            loop.tick();
            now = now.plus(Duration.ofMinutes(1));
        }
    }

    JsonNode get(String path) {
        return read(200, server.get(path));
    }

    JsonNode post(int status, String path, String body) {
        return read(status, server.send("POST", path, "application/json", body));
    }

    JsonNode delete(int status, String path) {
        return read(status, server.send(server.request(path).DELETE().build()));
    }

    long events() {
        return get("/api/fleet").path("revision").asLong();
    }

    private static JsonNode read(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.close();
    }
}
