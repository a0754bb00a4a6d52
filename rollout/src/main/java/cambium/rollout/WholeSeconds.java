package cambium.rollout;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Instants as sentences say them: people read seconds. Events and answers for programs keep them exact.
public final class WholeSeconds {
    private WholeSeconds() {}

    /// The second in which it happened.
    public static Instant at(Instant happened) {
        return happened.truncatedTo(ChronoUnit.SECONDS);
    }

    /// The first second by which it is over, so that nobody who comes at it comes too early.
    public static Instant end(Instant end) {
        var second = at(end);
        return second.equals(end) ? end : second.plusSeconds(1);
    }
}
