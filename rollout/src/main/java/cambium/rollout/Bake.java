package cambium.rollout;

import java.time.Duration;

/// What a ring needs after converging before the next opens: at least this time and, on every cell, at least this many
/// requests seen since its deployment.
public record Bake(Duration time, long samples) {
    static final Duration MAX_TIME = Duration.ofDays(90);

    public Bake {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException("bake time is " + time + ", must be more than 0 and at most "
                    + MAX_TIME.toDays() + " days");
        }
        Grammar.range("bake samples", samples, 0, 1_000_000_000);
    }
}
