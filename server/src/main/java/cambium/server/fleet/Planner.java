package cambium.server.fleet;

import cambium.rollout.Fleet;
import cambium.rollout.Plan;
import java.time.Instant;

/// The one function that decides. It is `RolloutPlanner::plan`; a caller may wrap it to measure it.
@FunctionalInterface
public interface Planner {
    Plan plan(Fleet fleet, Instant now);
}
