package cambium.server.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.TrustedCertificates;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real PostgreSQL that speaks TLS, and whose certificate soon ends, is of another name, has ended, or is taken away.
class PostgresTlsTest {
    private static final Path PROGRAMS = Path.of(System.getProperty("java.io.tmpdir"),
            "cambium-test-" + System.getProperty("user.name"));

    @TempDir
    Path temp;

    private DatabaseAddress plain;

    @Test
    void whatIsNotVerifiedIsRefusedByNameAndNeverSpokenToInTheOpen() throws Exception {
        TrustedCertificates.watchAll();
        var good = new TestCertificate(temp.resolve("good"), 2);
        good.watchedEarly();
        var ended = new TestCertificate(temp.resolve("ended"), -1);
        try (var child = ChildPostgres.start(Files.createDirectories(temp.resolve("d")), PROGRAMS, "secret",
                ChildPostgres.Durability.FORGETFUL)) {
            plain = child.address();
            show(good);
            try (var database = Database.open(verified("127.0.0.1", good))) {
                Eventually.holds("it is spoken to by TLS", () -> database.problem().isEmpty());
                assertEquals(true, database.read(sql -> sql.fetchValue(
                        "select ssl from pg_stat_ssl where pid = pg_backend_pid()")));
                assertTrue(TestCertificate.isWatchedEarly(), "its end is known");
                assertEquals("the database does not answer (The hostname localhost could not be verified by "
                        + "hostnameverifier PgjdbcHostnameVerifier.)", refused(verified("localhost", good)));
                show(ended);
                assertEquals("the database does not answer (" + ended.ended() + ")",
                        refused(verified("127.0.0.1", ended)), "although it is itself the one that is trusted");
                assertEquals(Optional.empty(), database.problem(), "who was connected before goes on");
            }
            set("ssl = off");
            for (var mode : new String[] {"require", "verify-full"}) {
                assertEquals("the database does not answer (The server does not support SSL.)",
                        refused(with("127.0.0.1", "sslmode=" + mode + "&sslrootcert=" + good.certificate())));
            }
            show(good);
            try (var again = Database.open(verified("127.0.0.1", good))) {
                Eventually.holds("a new certificate is taken", () -> again.problem().isEmpty());
            }
        }
    }

    @Test
    void saysWhichAddressesLeadToSomebodyWhoIsNotVerified() {
        for (var open : new String[] {"db.example/n", "db.example/n?sslmode=require", "10.0.0.1:5/n?ssl=true"}) {
            assertTrue(DatabaseAddress.parse("postgresql://" + open).isUnverified(), open);
        }
        for (var fine : new String[] {"db.example/n?sslmode=verify-full", "db.example/n?a=b&sslmode=verify-full",
            "127.0.0.1:5/n", "localhost/n", "[::1]/n"}) {
            assertFalse(DatabaseAddress.parse("postgresql://" + fine).isUnverified(), fine);
        }
    }

    /// What somebody is told who begins now, also where the server goes on showing the former one for a moment.
    private static String refused(DatabaseAddress address) {
        try (var database = Database.open(address, Duration.ofSeconds(2))) {
            Eventually.holds("it is refused", () -> database.problem().isPresent());
            assertThrows(DatabaseFailed.class, () -> database.read(sql -> sql.fetchValue("select 1")));
            return database.whyAway();
        }
    }

    private DatabaseAddress verified(String host, TestCertificate trusted) {
        return with(host, "sslmode=verify-full&sslrootcert=" + trusted.certificate());
    }

    private DatabaseAddress with(String host, String options) {
        return new DatabaseAddress(plain.jdbcUrl().replace("127.0.0.1", host) + "?" + options, plain.user(),
                plain.password());
    }

    private void show(TestCertificate certificate) throws Exception {
        Files.setPosixFilePermissions(certificate.key(), PosixFilePermissions.fromString("rw-------"));
        set("ssl = on", "ssl_cert_file = '" + certificate.certificate() + "'", "ssl_key_file = '"
                + certificate.key() + "'");
    }

    private void set(String... settings) throws Exception {
        try (var connection = DriverManager.getConnection(plain.jdbcUrl() + "?sslmode=disable", plain.user(),
                plain.password()); var statement = connection.createStatement()) {
            for (var setting : settings) {
                statement.execute("alter system set " + setting);
            }
            statement.execute("select pg_reload_conf()");
        }
    }
}
