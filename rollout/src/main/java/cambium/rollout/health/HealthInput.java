package cambium.rollout.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// All that a judgement rests on.
///
/// @param before the cell's own past, up to the start of the deployment
/// @param after the cell since its deployment
/// @param siblings cells like it that have not been changed, over the same time as `after`
/// @param maxAge readings older than this say nothing about now
public record HealthInput(List<HealthSample> before, List<HealthSample> after, List<List<HealthSample>> siblings,
        Instant now, Duration maxAge) {
    public HealthInput {
        before = List.copyOf(before);
        after = List.copyOf(after);
        siblings = siblings.stream().map(List::copyOf).toList();
    }
}
