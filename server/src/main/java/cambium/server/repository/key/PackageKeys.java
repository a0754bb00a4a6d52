package cambium.server.repository.key;

import cambium.server.signing.PublicKeys;
import cambium.server.signing.PublicKeys.PublicKey;
import cambium.server.sql.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;

/// Public keys that packages of a repository were signed with by their makers. They are only kept and shown.
public final class PackageKeys {
    private static final int MAX_KEYS = 100;

    private final Database database;
    private final InstantSource clock;

    public PackageKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// In the order of their coming.
    public List<PublicKey> all(long repositoryId) {
        return database.read(sql -> sql.fetch(
            "select fingerprint, armored from package_key where repository_id = ? order by id limit ?", repositoryId,
            MAX_KEYS).map(PackageKeys::key));
    }

    /// Keeps the public part of the first key in a file; empty when there is none in it, or when there are
    /// too many. A key that is there already is kept as it comes now.
    Optional<PublicKey> add(long repositoryId, byte[] file) {
        return PublicKeys.firstOf(file).filter(_ -> all(repositoryId).size() < MAX_KEYS).map(key -> {
            database.transact(sql -> sql.execute("""
                insert into package_key (repository_id, fingerprint, armored, created_at)
                values (?, ?, ?, ?::timestamptz)
                on conflict (repository_id, fingerprint) do update set armored = excluded.armored""",
                repositoryId, key.fingerprint(), key.armored(), clock.instant()));
            return key;
        });
    }

    /// False when there is no such key.
    boolean remove(long repositoryId, String fingerprint) {
        return database.transact(sql -> sql.execute(
            "delete from package_key where repository_id = ? and fingerprint = ?", repositoryId, fingerprint)) > 0;
    }

    private static PublicKey key(Record row) {
        return new PublicKey(row.get("fingerprint", String.class), row.get("armored", String.class));
    }
}
