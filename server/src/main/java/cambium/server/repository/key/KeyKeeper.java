package cambium.server.repository.key;

import cambium.server.signing.KeyFinding;
import cambium.server.sql.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to keys by the clock: ends those whose time of grace is over, and lints those that sign, as of now and as of a
/// year ahead, once a day. Any number of processes may do so.
public final class KeyKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(KeyKeeper.class);
    public static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LINTS = Duration.ofDays(1);

    private final Database database;
    private final KeyRotation rotation;
    private final InstantSource clock;
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger doubtful = new AtomicInteger();
    private Instant nextLint = Instant.MIN;

    public KeyKeeper(Database database, RepositoryKeys keys, MeterRegistry registry, InstantSource clock) {
        this.database = database;
        this.rotation = keys.rotation();
        this.clock = clock;
        Gauge.builder("cambium.keys.refused", refused, AtomicInteger::doubleValue)
            .description("Signing keys that some client refuses now or in a year").register(registry);
        Gauge.builder("cambium.keys.doubtful", doubtful, AtomicInteger::doubleValue)
            .description("Signing keys that the linter warns of").register(registry);
    }

    /// One look.
    public void look() {
        rotation.settle();
        if (!clock.instant().isBefore(nextLint)) {
            lint();
            nextLint = clock.instant().plus(BETWEEN_LINTS);
        }
    }

    private void lint() {
        Instant now = clock.instant();
        List<StoredKey> signing = database.read(sql -> sql.fetch(StoredKey.COLUMNS
            + "where repository_id is not null and (signs_until is null or signs_until > ?::timestamptz) order by id",
            now).map(StoredKey::of));
        int errors = 0;
        int warnings = 0;
        for (StoredKey key : signing) {
            List<KeyFinding> findings = key.findings(now.plus(StoredKey.AHEAD));
            boolean isRefused = findings.stream().anyMatch(KeyFinding::isError);
            if (isRefused) {
                LOG.warn("some client refuses signing key {} now or in a year: {}", key.fingerprint(), findings);
            }
            errors += isRefused ? 1 : 0;
            warnings += !isRefused && !findings.isEmpty() ? 1 : 0;
        }
        refused.set(errors);
        doubtful.set(warnings);
    }
}
