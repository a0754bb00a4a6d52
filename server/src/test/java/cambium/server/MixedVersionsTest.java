package cambium.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.fleet.json.FleetJson;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.ServerProcess;
import cambium.server.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// This program is the older one: the database says that a newer one has brought its schema further and has written an
/// event that is of a kind which does not exist yet.
class MixedVersionsTest {
    private static final String TOKEN = "ab12".repeat(12);

    @TempDir
    private Path temp;
    private Database database;
    private Map<String, String> settings;

    @BeforeEach
    void begin() {
        database = TestDatabase.fresh();
        var address = database.address();
        settings = Map.of("CAMBIUM_DATABASE_URL", address.jdbcUrl().replace("jdbc:postgresql://", "postgresql://"
                + address.user() + ":" + address.password() + "@"), "CAMBIUM_MASTER_KEY", "ab".repeat(32),
                "CAMBIUM_ADMIN_TOKEN", TOKEN);
    }

    @AfterEach
    void end() {
        database.close();
    }

    private void sql(String statement, Object... values) {
        assertTrue(database.transact(sql -> sql.execute(statement, values)) >= 0);
    }

    private void migratedBy(String script) {
        sql("insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, "
                + "installed_by, execution_time, success) select max(installed_rank) + 1, ?, 'x', 'SQL', ?, 1, 'x', 1, "
                + "true from flyway_schema_history", script.replaceAll("V([0-9]+)__.*", "$1"), script);
    }

    /// As a newer program commits it.
    private void eventOfTheFuture() {
        var head = database.read(sql -> sql.fetchSingle("select revision, hash from fleet_head"));
        var body = "{\"is\":\"MoonPhased\",\"at\":\"2030-01-01T00:00:00Z\",\"secret\":\"waxing\"}";
        var hash = FleetJson.hash(head.get("hash", String.class), body);
        var number = head.get("revision", Long.class) + 1;
        database.transact(sql -> sql.execute("insert into fleet_event (number, kind, body, hash) values (?, "
                + "'MoonPhased', ?, ?)", number, body, hash) + sql.execute("update fleet_head set revision = ?, "
                + "hash = ?", number, hash));
    }

    private String holder() {
        return database.read(sql -> sql.fetchSingle("select holder from fleet_head where lease_until > now() "
                + "union all select '' limit 1").get("holder", String.class));
    }

    private static String told(ServerProcess server, String path) {
        try {
            return server.get(path).body();
        } catch (Exception broken) {
            throw new AssertionError(path, broken);
        }
    }

    @Test
    void anOlderOneWorksOnBesideANewerAndLeavesTheFleetToItOnceItCannotReadTheLog() throws Exception {
        migratedBy("V999__moon.sql");
        sql("alter table fleet_head add column moon text not null default 'new'");
        try (var older = ServerProcess.start(temp.resolve("d"), settings, "--fleet-pages", "public")) {
            var ready = older.untilReady();
            assertEquals(200, ready.statusCode(), ready.body());
            assertTrue(ready.body().contains("a newer Cambium has brought the schema to V999"), ready.body());
            Eventually.holds("it leads", () -> told(older, "/metrics").contains("cambium_coordinator_leading 1.0"));
            assertEquals(200, older.get("/api/fleet").statusCode());

            eventOfTheFuture();
            Eventually.holds("it gives the lease back", () -> holder().isEmpty());
            Eventually.holds("it says so", () -> told(older, "/metrics").contains("cambium_coordinator_leading 0.0"));
            var newer = new PostgresFleetStore(database);
            var epoch = newer.lease("newer", Duration.ofMinutes(1)).orElseThrow();
            newer.release(epoch);
            assertEquals(503, older.get("/api/fleet").statusCode());
            assertTrue(told(older, "/api/fleet").contains("\"newer_cambium\""), told(older, "/api/fleet"));
            assertEquals(503, older.get("/").statusCode());
            ready = older.get("/health/ready");
            assertEquals(200, ready.statusCode(), "packages are served");
            assertTrue(ready.body().contains("a newer Cambium has written"), ready.body());
            assertFalse(ready.body().contains("waxing"), "whoever asks for its health reads no event");
            assertEquals(201, older.post("/api/access/sign-in-links", TOKEN).statusCode());
            assertEquals("", holder(), "and never takes the lease again");
            assertEquals(1, database.read(sql -> sql.fetch("select 1 from fleet_event")).size(), "nor writes");
        }
        try (var again = ServerProcess.start(temp.resolve("d"), settings)) {
            assertEquals(200, again.untilReady().statusCode(), "it can be started");
            Eventually.holds("it does not coordinate", () -> told(again, "/metrics")
                    .contains("cambium_coordinator_ticks_total") && holder().isEmpty());
        }
    }

    @Test
    void anOlderOneThatTheNewerHasLeftNothingToWorkWithDoesNotStart() throws Exception {
        try (var older = ServerProcess.start(temp.resolve("d"), settings)) {
            assertEquals(200, older.untilReady().statusCode());
            migratedBy("V1001__moon_goes_needs_1000.sql");
            var ready = older.get("/health/ready");
            assertEquals(503, ready.statusCode(), "one that runs is sent nothing any more");
            assertTrue(ready.body().contains("V1001__moon_goes_needs_1000.sql"), ready.body());
        }
        var refused = ServerProcess.run(List.of("serve", "--data", temp.resolve("e").toString(), "--port", "0"),
                settings);
        assertEquals(2, refused.exitCode(), refused.output());
        assertTrue(refused.output().contains("only those work with that know V1000; this one knows up to V"),
                refused.output());
        assertTrue(refused.output().contains("start a newer one, or restore the backup"), refused.output());
    }

    @Test
    void oneThatIsTakenAwayOnlyAfterThisOneKnewOfItIsBorne() throws Exception {
        migratedBy("V1001__moon_goes_needs_80.sql");
        try (var older = ServerProcess.start(temp.resolve("d"), settings)) {
            assertEquals(200, older.untilReady().statusCode());
        }
    }
}
