package cambium.server.repository.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.MasterKey;
import cambium.server.config.DataFolder;
import cambium.server.signing.PublicKeys;
import cambium.server.signing.SigningKey;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The signer signs forward only, and only while its clock is that of the database.
final class SignerTest {
    private static final Duration MOST_SKEW = Duration.ofSeconds(2);

    @TempDir
    Path temp;

    private Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private DataFolder folder;
    private Database database;
    private RepositoryKeys keys;

    @BeforeEach
    void start() throws Exception {
        folder = DataFolder.lock(temp);
        database = TestDatabase.fresh();
        keys = keys();
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys.store(generator.generateKeyPair().getPrivate().getEncoded());
        database.transact(sql -> {
            sql.execute("insert into repository (owner, name, private, created_at) "
                + "values ('acme', 'shop', false, now())");
            sql.execute("insert into suite (repository_id, distribution, codename, distro_version_id, family) "
                + "values (1, 'debian', 'bookworm', 215, 'apt')");
            sql.execute("insert into channel (suite_id) values (1)");
            keys.assign(sql, 1, "acme/shop");
            return 0;
        });
    }

    @AfterEach
    void stop() {
        folder.close();
        database.close();
    }

    private RepositoryKeys keys() {
        var master = MasterKey.of(folder, Optional.of("ab".repeat(32)), new SecureRandom());
        return new RepositoryKeys(database, master, clock, "packages.example.org", 0, MOST_SKEW);
    }

    private SigningTurn turn(RepositoryKeys of, long generation) {
        return database.transact(sql -> of.signer().turn(sql, 1, 1, generation));
    }

    @Test
    void refusesAGenerationThatIsNotNewer() {
        assertEquals(1, turn(keys, 5).keys().size());
        turn(keys, 6);
        for (long older : new long[] {6, 5, 1}) {
            assertThrows(IllegalStateException.class, () -> turn(keys, older), "generation " + older);
            assertThrows(IllegalStateException.class, () -> turn(keys(), older), "in another process");
        }
        turn(keys(), 7);
    }

    @Test
    void refusesAnOlderGenerationWhenTheDatabaseHasGoneBack() {
        turn(keys, 5);
        database.transact(sql -> sql.execute("update channel set signed_generation = 2"));
        assertThrows(IllegalStateException.class, () -> turn(keys, 3));
    }

    @Test
    void signsTheSameGenerationAgainWhenTheFirstTryWasRolledBack() {
        assertThrows(ArithmeticException.class, () -> database.transact(sql -> {
            keys.signer().turn(sql, 1, 1, 5);
            throw new ArithmeticException("the transaction fails");
        }));
        turn(keys, 5);
    }

    @Test
    void refusesToSignWithAClockThatIsOff() {
        for (Duration off : new Duration[] {Duration.ofSeconds(4), Duration.ofHours(-1), Duration.ofDays(9)}) {
            ahead = off;
            assertThrows(SkewedClock.class, () -> turn(keys, 1), off.toString());
            assertTrue(keys.signer().problem().orElseThrow().contains("clock"));
        }
        ahead = Duration.ofMillis(200);
        assertEquals(Optional.empty(), keys.signer().problem());
        turn(keys, 1);
    }

    @Test
    void countsTheKeysThatSomeClientWillMind() throws IOException {
        var registry = new SimpleMeterRegistry();
        var keeper = new KeyKeeper(database, keys, registry, clock);
        keeper.look();
        assertEquals(0, registry.get("cambium.keys.refused").gauge().value());
        assertEquals(1, registry.get("cambium.keys.doubtful").gauge().value(), "RSA with 2048 bits");
        String shortKey = text("short-rsa");
        database.transact(sql -> sql.execute("update signing_key set public_key = ?", shortKey));
        ahead = Duration.ofHours(25);
        keeper.look();
        assertEquals(1, registry.get("cambium.keys.refused").gauge().value());
    }

    private static String text(String name) throws IOException {
        try (var in = SigningKey.class.getResourceAsStream(name + ".asc")) {
            return PublicKeys.firstOf(in.readAllBytes()).orElseThrow().armored();
        }
    }
}
