package cambium.rollout;

import java.time.Duration;
import java.util.Optional;

/// What a ring needs after converging before the next opens: at least this time and, on every cell, at least this many
/// requests seen since its deployment.
///
/// @param hotfix the shorter bake of versions that a person started as a hotfix; absent: they bake as all others
public record Bake(Duration time, long samples, Optional<Hotfix> hotfix) {
    static final Duration MAX_TIME = Duration.ofDays(90);

    /// Never none: some time, and requests where the ring's bake asks for any. A ring is shortened, not passed over.
    public record Hotfix(Duration time, long samples) {
        public static final Duration MIN_TIME = Duration.ofSeconds(1);

        public Hotfix {
            if (time.compareTo(MIN_TIME) < 0) {
                throw new IllegalArgumentException("hotfix bake time is " + time + ", must be at least " + MIN_TIME);
            }
            Grammar.range("hotfix bake samples", samples, 0, 1_000_000_000);
        }
    }

    public Bake {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException("bake time is " + time + ", must be more than 0 and at most "
                    + MAX_TIME.toDays() + " days");
        }
        Grammar.range("bake samples", samples, 0, 1_000_000_000);
        if (hotfix.isPresent()) {
            if (hotfix.get().time().compareTo(time) > 0) {
                throw new IllegalArgumentException("hotfix bake time is " + hotfix.get().time()
                        + ", must be at most the bake time of the ring, " + time);
            }
            Grammar.range("hotfix bake samples", hotfix.get().samples(), Math.min(1, samples), samples);
        }
    }

    public Bake(Duration time, long samples) {
        this(time, samples, Optional.empty());
    }

    /// What a version needs here by the way it was started.
    public Bake of(Optional<Rollout> rollout) {
        return rollout.flatMap(Rollout::hotfix).flatMap(_ -> hotfix).map(lane -> new Bake(lane.time(), lane.samples()))
                .orElse(this);
    }
}
