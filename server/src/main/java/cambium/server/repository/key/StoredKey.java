package cambium.server.repository.key;

import cambium.server.signing.KeyFinding;
import cambium.server.signing.KeyLint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;

/// A signing key of a repository without its secret. `fingerprint`: 40 upper-case hexadecimal digits; `armored`: the
/// public key; `isImported`: it was not made here; `signsUntil`: when it ends, empty for the key in use.
public record StoredKey(long id, String fingerprint, String armored, boolean isImported, Instant createdAt,
    Optional<Instant> signsUntil) {
    /// A client that is installed today should still be content then.
    public static final Duration AHEAD = Duration.ofDays(365);

    static final String COLUMNS = "select id, fingerprint, public_key, origin, created_at, signs_until "
        + "from signing_key ";

    /// What becomes of the key.
    public enum State {
        /// New generations are signed with it.
        IN_USE,
        /// Another is in use; this one signs beside it for a while.
        LEAVING,
        /// It signs nothing any more, and its secret is gone.
        ENDED
    }

    /// The last 16 digits of the fingerprint.
    public String keyId() {
        return fingerprint.substring(fingerprint.length() - 16);
    }

    public State state(Instant now) {
        return signsUntil.map(end -> end.isAfter(now) ? State.LEAVING : State.ENDED).orElse(State.IN_USE);
    }

    public List<KeyFinding> findings(Instant now) {
        return KeyLint.of(armored, now);
    }

    static StoredKey of(Record row) {
        return new StoredKey(row.get("id", Long.class), row.get("fingerprint", String.class),
            row.get("public_key", String.class), row.get("origin", String.class).equals("imported"),
            row.get("created_at", Instant.class), Optional.ofNullable(row.get("signs_until", Instant.class)));
    }
}
