package cambium.bench.judge;

import cambium.rollout.Verdict;
import cambium.rollout.health.HealthInput;
import java.time.Duration;

/// A judge under test.
///
/// @param every how often it looks, as those who run such judges do
record Rival(String name, Duration every, Judging judging) {
    interface Judging {
        Verdict of(HealthInput input);
    }
}
