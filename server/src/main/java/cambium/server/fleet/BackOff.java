package cambium.server.fleet;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after each failure in a row: twice as long each time, up to 2 s, less a part that chance chooses,
/// so that of many that have lost the same database not all come back to it at once. No longer, since a database that
/// was away for seconds is there again in any of them.
final class BackOff {
    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration MOST = Duration.ofSeconds(2);

    private final RandomGenerator random;
    private int failures;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /// Between half and all of what is due.
    Duration afterFailure() {
        var due = Math.min(MOST.toMillis(), FIRST.toMillis() << Math.min(failures, 16));
        failures++;
        return Duration.ofMillis(random.nextLong(due / 2, due + 1));
    }

    /// In a row.
    int failures() {
        return failures;
    }

    void afterSuccess() {
        failures = 0;
    }
}
