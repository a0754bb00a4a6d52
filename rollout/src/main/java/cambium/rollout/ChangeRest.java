package cambium.rollout;

import java.time.Duration;

/// How long a change rests in a ring before the next ring outward takes one, and that no two rings take one together.
/// The fleet before the change sets it, so a file cannot both shorten the rest and use it.
///
/// @param rest zero: changes need not go ring by ring; at most {@link #LONGEST}
public record ChangeRest(Duration rest) {
    public static final Duration LONGEST = Duration.ofDays(30);
    public static final ChangeRest DEFAULT = new ChangeRest(Duration.ZERO);

    public ChangeRest {
        if (rest.isNegative() || rest.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("change-rest must be from 0s to " + LONGEST.toDays() + "d");
        }
    }

    public boolean asked() {
        return rest.isPositive();
    }
}
