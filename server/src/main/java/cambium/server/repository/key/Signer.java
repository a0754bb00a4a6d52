package cambium.server.repository.key;

import cambium.server.signing.PublicKeys;
import cambium.server.signing.SigningKey;
import cambium.server.sql.Database;
import cambium.server.sql.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;

/// Opens the keys of a repository for the publisher, and only to sign forward: never a generation older than one that
/// was signed, never with a clock that the database does not agree with. Secrets leave it as keys that sign, not as
/// bytes.
public final class Signer {
    private static final int MAX_OPEN_KEYS = 1000;

    private final Database database;
    private final KeySafe safe;
    private final InstantSource clock;
    private final Duration mostSkew;
    private final Map<Long, Long> newestSigned = new ConcurrentHashMap<>();
    private final Map<Long, SigningKey> open = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, SigningKey> eldest) {
            return size() > MAX_OPEN_KEYS;
        }
    };

    Signer(Database database, KeySafe safe, InstantSource clock, Duration mostSkew) {
        this.database = database;
        this.safe = safe;
        this.clock = clock;
        this.mostSkew = mostSkew;
    }

    /// The keys for that generation, noted in the channel's row, which the caller's transaction holds.
    public SigningTurn turn(DSLContext inTransaction, long repositoryId, long channelId, long generation) {
        Instant now = clock.instant();
        var rows = inTransaction.fetch("""
            select id, sealed_secret, created_at, public_key, signs_until, clock_timestamp() as database_time
            from signing_key where repository_id = ? and (signs_until is null or signs_until > ?::timestamptz)
            order by id""", repositoryId, now);
        if (rows.isEmpty()) {
            throw new IllegalStateException("repository " + repositoryId + " has no key to sign with");
        }
        checkClock(rows.getFirst().get("database_time", Instant.class));
        refuseOlder(channelId, generation);
        var keys = new ArrayList<SigningKey>();
        var texts = new ArrayList<String>();
        rows.forEach(row -> {
            keys.add(opened(row.get("id", Long.class), row.get("sealed_secret", byte[].class),
                row.get("created_at", Instant.class)));
            texts.add(row.get("signs_until") == null ? 0 : texts.size(), row.get("public_key", String.class));
        });
        int noted = inTransaction.execute("""
            update channel set signed_with = ?, signed_generation = ?, sign_again = false
            where id = ? and signed_generation < ?""",
            rows.map(row -> row.get("id", Long.class)).toArray(Long[]::new), generation, channelId, generation);
        if (noted != 1) {
            throw new IllegalStateException("channel " + channelId + " was signed at generation " + generation
                + " or later already; an older one is not signed");
        }
        return new SigningTurn(keys, PublicKeys.joined(texts));
    }

    /// Also where the database has gone back to an older state under a running process.
    private void refuseOlder(long channelId, long generation) {
        long newest = newestSigned.merge(channelId, generation, Math::max);
        if (newest > generation) {
            throw new IllegalStateException("generation " + generation + " of channel " + channelId
                + " is older than generation " + newest + ", which was signed here");
        }
    }

    private SigningKey opened(long id, byte[] sealed, Instant created) {
        synchronized (open) {
            return open.computeIfAbsent(id, _ -> SigningKey.of(safe.open(sealed), created));
        }
    }

    private void checkClock(Instant databaseTime) {
        Duration skew = Duration.between(databaseTime, clock.instant());
        if (!DatabaseClock.agree(skew, mostSkew)) {
            throw new SkewedClock(skew, mostSkew);
        }
    }

    /// Why nothing can be signed here now, if so: for whoever watches the process.
    public Optional<String> problem() {
        try {
            checkClock(DatabaseClock.now(database));
            return Optional.empty();
        } catch (SkewedClock skewed) {
            return Optional.of(skewed.getMessage());
        }
    }
}
