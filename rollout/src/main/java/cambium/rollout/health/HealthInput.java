package cambium.rollout.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// All that a judgement rests on.
///
/// @param before the cell's own past, up to the start of the deployment
/// @param after the cell since its deployment
/// @param controls what the deployment did not touch, over the same times
/// @param since the end of the deployment: windows are counted from here
/// @param maxAge readings older than this say nothing about now
/// @param shadow signals that are shown and do not decide
/// @param trial signals that have judged nothing inside yet: what they would call harmful is no data
public record HealthInput(List<HealthSample> before, List<HealthSample> after, List<Control> controls,
        Instant since, Instant now, Duration maxAge, Set<String> shadow, Set<String> trial) {
    public HealthInput {
        before = List.copyOf(before);
        after = List.copyOf(after);
        controls = List.copyOf(controls);
        shadow = java.util.Collections.unmodifiableSet(new TreeSet<>(shadow));
        trial = java.util.Collections.unmodifiableSet(new TreeSet<>(trial));
    }

    public HealthInput(List<HealthSample> before, List<HealthSample> after, List<Control> controls, Instant since,
            Instant now, Duration maxAge, Set<String> shadow) {
        this(before, after, controls, since, now, maxAge, shadow, Set.of());
    }
}
