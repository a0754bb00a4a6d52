package cambium.server.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildPostgresTest {
    private static final Path PROGRAMS = Path.of(System.getProperty("java.io.tmpdir"),
            "cambium-test-" + System.getProperty("user.name"));

    @TempDir
    Path temp;

    @Test
    void keepsWhatWasCommittedOverAStop() throws Exception {
        try (var first = start("a b")) {
            execute(first, "create table t as select 7 as n");
        }
        assertEquals(Optional.empty(), Postmaster.of(temp.resolve("a b/database")));
        try (var second = start("a b")) {
            assertEquals(7, value(second, "select n from t"));
            assertEquals("on", value(second, "select current_setting('fsync')"));
            assertEquals("UTF8", value(second, "select current_setting('server_encoding')"));
            assertEquals("C", value(second, "select datcollate from pg_database where datname = current_database()"));
            assertTrue(value(second, "select version()").toString()
                    .startsWith("PostgreSQL " + PostgresBinaries.POSTGRES_VERSION + " "));
        }
    }

    @Test
    void stopsTheOrphanOfItsFolderBeforeItStarts() throws Exception {
        var orphan = start("d");
        execute(orphan, "create table t as select 7 as n");
        try (var next = start("d")) {
            assertNotEquals(orphan.pid(), next.pid());
            assertFalse(orphan.isAlive());
            assertEquals(7, value(next, "select n from t"));
        }
    }

    @Test
    void leavesAProcessAloneThatOnlyHasTheNumberOfAnOldOne() throws Exception {
        start("d").close();
        var bystander = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(temp.resolve("d/database/postmaster.pid"), bystander.pid() + "\n");
            assertEquals(Optional.empty(), Postmaster.of(temp.resolve("d/database")));
            Files.delete(temp.resolve("d/database/postmaster.pid"));
            start("d").close();
            assertTrue(bystander.isAlive());
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    void startsAfterItsMainProcessWasKilled() throws Exception {
        var killed = start("d");
        execute(killed, "create table t as select 7 as n");
        Commands.signal("KILL", killed.pid());
        ProcessHandle.of(killed.pid()).ifPresent(process -> process.onExit().join());
        try (var next = start("d")) {
            assertEquals(7, value(next, "select n from t"));
        }
    }

    @Test
    void oneThatIsLookedAfterComesBackAtItsOldAddressAndNotAfterItWasAskedToEnd() throws Exception {
        var child = start("d");
        var killed = Postmaster.of(temp.resolve("d/database")).orElseThrow();
        try (var kept = new KeptPostgres(child)) {
            execute(child, "create table t as select 7 as n");
            assertEquals(Optional.empty(), kept.problem());
            Commands.signal("KILL", killed.process().pid());
            Eventually.holds("its end is noticed and it is back", () -> kept.ends() == 1 && kept.problem().isEmpty());
            assertEquals(child.address(), kept.address());
            assertEquals(7, value(child, "select n from t"), "at the address that everybody has");
            assertNotEquals(Optional.of(killed), Postmaster.of(temp.resolve("d/database")));
        }
        assertEquals(Optional.empty(), Postmaster.of(temp.resolve("d/database")));
    }

    @Test
    void oneThatCannotBeStartedAgainIsTriedEverMoreRarelyAndNothingIsLeftOfItWhenItIsAskedToEnd() throws Exception {
        var child = start("d");
        var version = temp.resolve("d/database/PG_VERSION");
        var said = temp.resolve("d/postgres.log");
        try (var kept = new KeptPostgres(child)) {
            Files.move(version, temp.resolve("version"));
            long before = System.nanoTime();
            Commands.signal("KILL", child.pid());
            Eventually.holds("four tries have failed", () -> tries(said) >= 4);
            assertTrue(System.nanoTime() - before >= 1_400_000_000L, "rests of 0.2, 0.4 and 0.8 s are between them");
            assertTrue(kept.problem().isPresent());
            assertEquals(1, kept.ends());
            Files.move(temp.resolve("version"), version);
            Eventually.holds("it goes on by itself", () -> kept.problem().isEmpty());
            Files.move(version, temp.resolve("version"));
            Commands.signal("KILL", Postmaster.of(temp.resolve("d/database")).orElseThrow().process().pid());
            Eventually.holds("its end is noticed", () -> kept.ends() == 2);
        }
        assertEquals(Optional.empty(), Postmaster.of(temp.resolve("d/database")));
    }

    private static long tries(Path log) throws IOException {
        return Files.readString(log).lines().filter(line -> line.contains("is not a valid data directory")).count();
    }

    @Test
    void letsNobodyInWithoutThePassword() {
        try (var child = start("d")) {
            var refused = assertThrows(SQLException.class, () -> DriverManager.getConnection(
                    child.address().jdbcUrl(), child.address().user(), "wrong").close());
            assertEquals("28P01", refused.getSQLState());
            assertFalse(child.address().toString().contains("secret"));
        }
    }

    @Test
    void runsInASessionOfItsOwn() throws Exception {
        try (var child = start("d")) {
            // Field 6 of /proc/PID/stat is the session; the name in field 2 may hold spaces, so count from its end.
            var stat = Files.readString(Path.of("/proc", Long.toString(child.pid()), "stat"));
            var session = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
            assertEquals(Long.toString(child.pid()), session);
        }
    }

    @Test
    void migratesAnEmptyDatabaseAndAfterwardsFindsNothingMissing() {
        try (var database = Database.open(TestDatabase.emptyAddress())) {
            assertTrue(Migrations.missing(database).orElse("").startsWith("the migration V"));
            Migrations.bringUpToDate(database);
            assertEquals(Optional.empty(), Migrations.missing(database));
            database.transact(sql -> sql.execute("update flyway_schema_history set checksum = 1 where version = '1'"));
            assertTrue(Migrations.missing(database).isPresent());
            assertThrows(DatabaseFailed.class, () -> Migrations.bringUpToDate(database));
        }
    }

    @Test
    void readsTheAddressOfADatabase() {
        assertEquals(new DatabaseAddress("jdbc:postgresql://h:5/n?sslmode=require", "a@b", "p:w+"),
                DatabaseAddress.parse("postgresql://a%40b:p%3Aw+@h:5/n?sslmode=require"));
        assertEquals(new DatabaseAddress("jdbc:postgresql://h/n", "", ""),
                DatabaseAddress.parse("jdbc:postgresql://h/n"));
        assertThrows(IllegalArgumentException.class, () -> DatabaseAddress.parse("mysql://h/n"));
    }

    private ChildPostgres start(String folder) {
        try {
            var made = Files.createDirectories(temp.resolve(folder));
            return ChildPostgres.start(made, PROGRAMS, "secret", ChildPostgres.Durability.DURABLE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(ChildPostgres child, String sql) throws SQLException {
        var address = child.address();
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Object value(ChildPostgres child, String sql) throws SQLException {
        var address = child.address();
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getObject(1);
        }
    }
}
