package cambium.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.Access;
import cambium.server.access.MasterKey;
import cambium.server.access.Resealing;
import cambium.server.access.SealedColumn;
import cambium.server.config.DataFolder;
import cambium.server.config.StartRefused;
import cambium.server.repository.RepositoryFeature;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The change of the master key, over everything that any table has sealed.
class ResealingTest {
    private static final List<SealedColumn> SEALED =
            Stream.of(Access.SEALED, RepositoryFeature.SEALED).flatMap(List::stream).toList();
    private static final String PURPOSE = "repository-signing-key";

    @TempDir
    Path temp;

    private DataFolder folder;
    private Database database;
    private MasterKey former;
    private MasterKey key;

    @BeforeEach
    void start() {
        folder = DataFolder.lock(temp);
        database = TestDatabase.fresh();
        former = key("aa");
        key = key("bb");
        database.transact(sql -> sql.execute("insert into access_master_key (proof) values (?)",
                (Object) former.subkey("proof")));
        database.transact(sql -> sql.execute("insert into signing_key (sealed_secret, made_at) values (?, now())",
                (Object) former.seal(PURPOSE, new byte[] {7})));
    }

    @AfterEach
    void stop() {
        folder.close();
        database.close();
    }

    private MasterKey key(String hexadecimal) {
        return MasterKey.of(folder, Optional.of(hexadecimal.repeat(32)), new SecureRandom());
    }

    private byte[] sealed() {
        return database.read(sql -> sql.fetchSingle("select sealed_secret from signing_key"))
                .get("sealed_secret", byte[].class);
    }

    @Test
    void sealsEverythingAgainOnceAndProvesTheNewKey() {
        assertEquals(1, Resealing.change(database, former, key, SEALED));
        assertArrayEquals(new byte[] {7}, key.open(PURPOSE, sealed()));
        assertThrows(IllegalStateException.class, () -> former.open(PURPOSE, sealed()));
        assertEquals(0, Resealing.change(database, former, key, SEALED), "a second start changes nothing");
        assertArrayEquals(new byte[] {7}, key.open(PURPOSE, sealed()));
    }

    @Test
    void changesNothingWhenTheFormerKeyIsAnother() {
        assertThrows(StartRefused.class, () -> Resealing.change(database, key("cc"), key, SEALED));
        assertArrayEquals(new byte[] {7}, former.open(PURPOSE, sealed()));
    }

    @Test
    void changesNothingAtAllWhenOneSecretDoesNotOpen() {
        database.transact(sql -> sql.execute("insert into signing_key (sealed_secret, made_at) values (?, now())",
                (Object) new byte[40]));
        assertThrows(RuntimeException.class, () -> Resealing.change(database, former, key, SEALED));
        database.transact(sql -> sql.execute("delete from signing_key where length(sealed_secret) = 40"));
        assertArrayEquals(new byte[] {7}, former.open(PURPOSE, sealed()));
        assertEquals(1, Resealing.change(database, former, key, SEALED));
    }

    /// A table that is added later and has something sealed must be named where its folder lists what it seals.
    @Test
    void knowsEveryColumnThatIsSealed() {
        var named = SEALED.stream().map(column -> column.table() + "." + column.column()).toList();
        var found = database.read(sql -> sql.fetch("""
                select table_name || '.' || column_name as name from information_schema.columns
                where table_schema = 'public' and data_type = 'bytea' and column_name like '%sealed%'
                order by 1""").map(row -> row.get("name", String.class)));
        assertTrue(found.size() >= 4, found.toString());
        assertEquals(found, named.stream().sorted().toList());
    }
}
