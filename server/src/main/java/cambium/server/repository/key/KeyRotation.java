package cambium.server.repository.key;

import cambium.server.signing.ImportedKey;
import cambium.server.signing.SigningKey;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jooq.DSLContext;

/// Puts another key of a repository in use. For a time of grace the former one signs beside it, so that clients which
/// trust either are content; then its secret is destroyed. All of it is rows and instants: a process that dies in
/// between leaves nothing undone that the next would not find.
public final class KeyRotation {
    /// Long enough for fleets that are seen to once a quarter.
    public static final Duration USUAL_GRACE = Duration.ofDays(90);
    public static final Duration MAX_GRACE = Duration.ofDays(3 * 365);
    /// Each more makes every root file longer and every publication dearer.
    private static final int MAX_ACTIVE = 3;
    private static final String ACTIVE = "(signs_until is null or signs_until > ?::timestamptz)";

    private final Database database;
    private final KeySafe safe;
    private final SpareKeys spares;
    private final InstantSource clock;

    KeyRotation(Database database, KeySafe safe, SpareKeys spares, InstantSource clock) {
        this.database = database;
        this.safe = safe;
        this.spares = spares;
        this.clock = clock;
    }

    /// Makes a new key and puts it in use. A grace of zero takes the former key out of use at once.
    public KeyChange rotate(long repositoryId, String userId, Duration grace) {
        spares.ensureOne();
        Instant created = now();
        return database.transact(sql -> {
            byte[] secret = spares.take(sql);
            return replace(sql, repositoryId, SigningKey.of(secret, created),
                SigningKey.publicKey(secret, created, userId), created, "made", grace);
        });
    }

    /// Puts someone's own key in use, from a secret key file with its passphrase, which may be empty.
    public KeyChange adopt(long repositoryId, byte[] file, char[] passphrase, Duration grace) {
        return switch (ImportedKey.read(file, passphrase, clock.instant())) {
            case ImportedKey.Unusable(var code, var message, var findings) ->
                new KeyChange.Unusable(code, message, findings);
            case ImportedKey.Usable(var key, var publicKey, _) -> database.transact(sql ->
                replace(sql, repositoryId, key, publicKey, now(), "imported", grace));
        };
    }

    /// The time of a key that was made here is part of what clients know it by: it must be the very one that stands in
    /// its public part, or whatever it signs later is by a key that nobody has.
    private KeyChange replace(DSLContext sql, long repositoryId, SigningKey key, String publicKey, Instant created,
        String origin, Duration grace) {
        // One change of a repository's keys at a time.
        sql.fetch("select id from repository where id = ? for update", repositoryId);
        if (count(sql, "fingerprint = ?", repositoryId, key.fingerprint()) > 0) {
            return new KeyChange.Conflict("key_known", "the repository has, or has had, this very key");
        }
        if (!grace.isZero() && count(sql, ACTIVE, repositoryId, clock.instant()) >= MAX_ACTIVE) {
            return new KeyChange.Conflict("too_many_keys", MAX_ACTIVE + " keys sign already; end one of those that "
                + "are leaving first");
        }
        sql.execute("update signing_key set signs_until = ?::timestamptz where repository_id = ? "
            + "and signs_until is null", clock.instant().plus(grace), repositoryId);
        insert(sql, repositoryId, key, publicKey, created, origin);
        return done(sql, repositoryId, key.fingerprint());
    }

    /// Ends the time of grace of a key now.
    public KeyChange end(StoredKey key, long repositoryId) {
        return switch (key.state(clock.instant())) {
            case IN_USE -> new KeyChange.Conflict("key_in_use", "the key is in use; put another in its place first");
            case ENDED -> new KeyChange.Conflict("key_ended", "the key has ended already");
            case LEAVING -> database.transact(sql -> {
                sql.execute("update signing_key set signs_until = ?::timestamptz where id = ? "
                    + "and signs_until is not null", clock.instant(), key.id());
                return done(sql, repositoryId, key.fingerprint());
            });
        };
    }

    private KeyChange done(DSLContext sql, long repositoryId, String fingerprint) {
        askForSignatures(sql, Optional.of(repositoryId));
        return new KeyChange.Done(StoredKey.of(sql.fetchSingle(StoredKey.COLUMNS
            + "where repository_id = ? and fingerprint = ?", repositoryId, fingerprint)));
    }

    void insert(DSLContext sql, long repositoryId, SigningKey key, String publicKey, Instant created, String origin) {
        sql.execute("""
            insert into signing_key (sealed_secret, made_at, repository_id, created_at, fingerprint, public_key, origin)
            values (?, ?::timestamptz, ?, ?::timestamptz, ?, ?, ?)""", safe.seal(key.secret()), clock.instant(),
            repositoryId, created, key.fingerprint(), publicKey, origin);
    }

    /// Destroys the secrets of keys that have ended, and asks for new signatures wherever others have signed than now
    /// should. Doing it twice, or late, does no harm. Returns how many channels have to be signed again.
    public int settle() {
        return database.transact(sql -> {
            sql.execute("update signing_key set sealed_secret = null where signs_until <= ?::timestamptz "
                + "and sealed_secret is not null", clock.instant());
            return askForSignatures(sql, Optional.empty());
        });
    }

    private int askForSignatures(DSLContext sql, Optional<Long> repositoryId) {
        int channels = sql.execute("""
            update channel c set sign_again = true
            from suite s where s.id = c.suite_id and c.generation > 0 and not c.sign_again
                and s.repository_id = coalesce(?::bigint, s.repository_id)
                and c.signed_with <> array(select k.id from signing_key k where k.repository_id = s.repository_id
                    and (k.signs_until is null or k.signs_until > ?::timestamptz) order by k.id)""",
            repositoryId.orElse(null), clock.instant());
        if (channels > 0) {
            Notices.notify(sql, "cambium_index", "");
        }
        return channels;
    }

    private static int count(DSLContext sql, String condition, long repositoryId, Object value) {
        return sql.fetchSingle("select count(*) as n from signing_key where repository_id = ? and " + condition,
            repositoryId, value).get("n", Integer.class);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
