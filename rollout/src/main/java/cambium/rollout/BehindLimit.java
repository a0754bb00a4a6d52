package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How far a ring may be behind what has graduated before somebody is called. One of the two at least is set.
///
/// @param versions that many graduated versions may be newer than what its cells run
/// @param time so long may the oldest of these wait to get here
/// @param then what happens beside the call
public record BehindLimit(Optional<Integer> versions, Optional<Duration> time, Then then) {
    static final Duration MAX_TIME = Duration.ofDays(365);

    /// Somebody is called, and perhaps nothing new begins in ring 0 until the ring has caught up.
    public enum Then {
        PAGE, PAUSE;

        public static final Then DEFAULT = PAGE;
    }

    public BehindLimit(Optional<Integer> versions, Optional<Duration> time) {
        this(versions, time, Then.DEFAULT);
    }

    public BehindLimit {
        versions.ifPresent(most -> Grammar.range("most-behind", most, 0, 1_000));
        time.filter(most -> most.isNegative() || most.compareTo(MAX_TIME) > 0).ifPresent(wrong -> {
            throw new IllegalArgumentException("most-behind is " + wrong + ", must be from 0 to " + MAX_TIME.toDays()
                    + " days");
        });
        if (versions.isEmpty() && time.isEmpty()) {
            throw new IllegalArgumentException("most-behind names neither versions nor a time");
        }
    }

    /// How the limit is passed, if it is.
    Optional<String> passed(Behind behind, Instant now) {
        var many = versions.filter(most -> behind.versions() > most).map(most -> behind.versions()
                + (behind.versions() == 1 ? " graduated version" : " graduated versions") + " behind, more than the "
                + most + " that it may be");
        return many.or(() -> time.flatMap(most -> behind.since().filter(since -> now.isAfter(since.plus(most)))
                .map(since -> "behind since " + WholeSeconds.at(since) + ", longer than the " + Pace.words(most)
                        + " that it may be")));
    }
}
