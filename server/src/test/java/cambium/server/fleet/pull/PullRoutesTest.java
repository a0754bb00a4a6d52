package cambium.server.fleet.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.FleetCommand;
import cambium.server.access.Actor;
import cambium.server.access.SealedTokens;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.http.Json;
import cambium.server.http.Refused;
import cambium.server.http.RequestHead;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import cambium.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A cell's own token, and its report, over real HTTP.
class PullRoutesTest {
    private static final String YAML = """
            fleet: example
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 0
            policy: {bake: {time: 5m, samples: 10}}
            rings:
              - ring: 0
                cells:
                  - {cell: main, kind: main, driver: pull, metrics: "http://h:2/m"}
                  - {cell: c1, driver: pull, metrics: "http://h:3/m"}
            """;
    private static final Actor OPS = Actor.allowedEverything("ops");

    private final InstantSource time = InstantSource.system();
    private final Database database = TestDatabase.fresh();
    private final InMemoryFleetStore store = new InMemoryFleetStore(time);
    private final CellTokens tokens = new CellTokens(database, time);
    private final TestServer server = TestServer.of(new PullRoutes(store, database, new Handovers(database, time),
            tokens, new Random(1), time).routes(), this::identify);

    private Actor identify(RequestHead head) {
        return head.header("Authorization").map(text -> tokens.bySha256(SealedTokens.sha256(text.substring(7)))
                .orElseThrow(() -> new Refused(401, "unauthenticated", "the token is wrong"))).orElse(OPS);
    }

    @BeforeEach
    void declare() {
        var read = assertInstanceOf(FleetYaml.Reading.Read.class,
                FleetYaml.read(YAML.getBytes(StandardCharsets.UTF_8)));
        new CommandDesk(store, time).run(new FleetCommand.Apply(read.spec()), OPS);
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private HttpResponse<String> report(String cell, String token) {
        return server.send("POST", "/api/fleet/cells/" + cell + "/report", "application/x-www-form-urlencoded",
                "packages=storefront+1.0", "Authorization", "Bearer " + token);
    }

    @Test
    void aCellReportsWithTheTokenThatItWasGivenUntilThatIsTakenBack() {
        var given = server.send("POST", "/api/fleet/cells/c1/token", "application/json", "");
        assertEquals(201, given.statusCode(), given.body());
        var token = Json.read(given.body().getBytes(StandardCharsets.UTF_8)).path("token").asText();
        var reported = report("c1", token);
        assertEquals(200, reported.statusCode(), reported.body());
        assertEquals("{\"cell\":\"c1\",\"counted\":true,\"wanted\":null,\"again_seconds\":null}", reported.body());
        assertTrue(new CellReports(database).of(CellId.of("c1")).isPresent());
        assertEquals(404, server.send("POST", "/api/fleet/cells/nowhere/report", "application/x-www-form-urlencoded",
                "packages=storefront+1.0").statusCode());
        assertTrue(new CellReports(database).of(CellId.of("nowhere")).isEmpty());
        assertEquals(403, report("main", token).statusCode(), "of another cell");
        assertEquals(403, server.send("DELETE", "/api/fleet/cells/c1/token", "text/plain", "", "Authorization",
                "Bearer " + token).statusCode(), "it lets do nothing else");

        assertEquals(204, server.send("DELETE", "/api/fleet/cells/c1/token", "text/plain", "").statusCode());
        assertEquals(401, report("c1", token).statusCode());
        assertEquals(404, server.send("DELETE", "/api/fleet/cells/c1/token", "text/plain", "").statusCode());
        assertEquals(404, server.send("POST", "/api/fleet/cells/nowhere/token", "application/json", "").statusCode());
    }
}
