package cambium.server.repository.key;

import cambium.server.signing.KeyFinding;
import cambium.server.signing.KeyLint;
import cambium.server.signing.PublicKeys;
import cambium.server.signing.PublicKeys.PublicKey;
import cambium.server.sql.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;

/// Public keys that packages of a repository were signed with by their makers: kept, shown, and asked where the policy
/// of the repository wants signatures that are known.
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

    /// What an upload can end in.
    sealed interface Added {
        /// Also where the key was there already; then it is kept as it comes now.
        record Kept(PublicKey key) implements Added {}

        record Unusable(String code, String message) implements Added {}
    }

    /// Keeps the public part of the first key in a file. Refused is a key that some client of today refuses.
    Added add(long repositoryId, byte[] file) {
        Optional<PublicKey> found = PublicKeys.firstOf(file);
        if (found.isEmpty()) {
            return new Added.Unusable("key_malformed", "gpg_key[keydata] must be an OpenPGP public key");
        }
        PublicKey key = found.get();
        Optional<KeyFinding> error = KeyLint.of(key.armored(), clock.instant()).stream()
            .filter(KeyFinding::isError).findFirst();
        if (error.isPresent()) {
            return new Added.Unusable("key_refused", "some client refuses this key: " + error.get().message());
        }
        if (all(repositoryId).size() >= MAX_KEYS) {
            return new Added.Unusable("too_many_keys", "a repository has at most " + MAX_KEYS + " package keys");
        }
        database.transact(sql -> sql.execute("""
            insert into package_key (repository_id, fingerprint, armored, created_at)
            values (?, ?, ?, ?::timestamptz)
            on conflict (repository_id, fingerprint) do update set armored = excluded.armored""",
            repositoryId, key.fingerprint(), key.armored(), clock.instant()));
        return new Added.Kept(key);
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
