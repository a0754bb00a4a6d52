package cambium.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.ServerProcess;
import cambium.server.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged wiring on a real PostgreSQL in which a row of the log is changed and put back.
class ChangedLogOfAServerTest {
    private static final String FLAWED = "event 1 of the fleet's log was changed";

    private static final FleetSpec FLEET = ((FleetYaml.Reading.Read) FleetYaml.read("""
            fleet: example
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 0
            policy: {bake: {time: 5m, samples: 10}}
            rings:
              - ring: 0
                cells:
                  - {cell: main, kind: main, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
            """.getBytes(StandardCharsets.UTF_8))).spec();

    @TempDir
    private Path temp;

    @Test
    void saysSoWhereItIsLookedAtAndTakesItBackByItself() throws Exception {
        try (var database = TestDatabase.fresh(); var server = ServerProcess.start(temp.resolve("d"), Map.of(
                "CAMBIUM_DATABASE_URL", database.address().jdbcUrl().replace("jdbc:postgresql://", "postgresql://"
                + database.address().user() + ":" + database.address().password() + "@"),
                "CAMBIUM_MASTER_KEY", "ab".repeat(32)), "--fleet-pages", "public")) {
            new PostgresFleetStore(database).record(List.of(new FleetEvent.FleetApplied(Instant.EPOCH, "anna", FLEET)));
            assertTrue(server.untilReady().body().contains("{\"name\":\"fleet log\",\"ok\":true"));
            Eventually.holds("it leads", () -> told(server, "/metrics").contains("cambium_coordinator_leading 1.0"));
            sql(database, "alter table fleet_event disable trigger all");
            sql(database, "update fleet_event set body = replace(body, 'anna', 'emma') where number = 1");
            Eventually.holds("a start is doubted", () -> told(server, "/metrics")
                    .contains("cambium_fleet_log_doubted 1.0"));
            var ready = server.get("/health/ready");
            assertEquals(200, ready.statusCode(), "packages are served as ever");
            assertTrue(ready.body().contains("\"degraded\"") && ready.body().contains(FLAWED), ready.body());
            assertTrue(told(server, "/api/fleet").contains("\"log_flaw\":{\"event\":1,\"text\":\"" + FLAWED));
            assertTrue(told(server, "/").contains("The fleet stands still: event 1 of the fleet"), told(server, "/"));
            assertTrue(server.output().contains(FLAWED), server.output());

            sql(database, "update fleet_event set body = replace(body, 'emma', 'anna') where number = 1");
            Eventually.holds("it is believed again", () -> told(server, "/metrics")
                    .contains("cambium_fleet_log_doubted 0.0"));
            assertFalse(told(server, "/health/ready").contains(FLAWED));
            assertTrue(told(server, "/api/fleet").contains("\"log_flaw\":null"));
            assertTrue(told(server, "/api/fleet/events").contains("\"is\":\"LogTrusted\""));
        }
    }

    private static void sql(Database database, String statement) {
        assertTrue(database.transact(sql -> sql.execute(statement)) >= 0);
    }

    private static String told(ServerProcess server, String path) {
        try {
            return server.get(path).body();
        } catch (Exception broken) {
            throw new AssertionError(path, broken);
        }
    }
}
