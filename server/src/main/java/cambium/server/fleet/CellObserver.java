package cambium.server.fleet;

import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import java.time.Instant;
import java.util.List;

/// Looks at the cells of the fleet and judges the health of those that `Fleet.watches` names.
public interface CellObserver {
    /// The newest `CellObserved` and `VerdictReached` of every cell that was looked at, news or not. Does not wait for
    /// any cell: it tells what was seen by now, and each event bears the instant at which its look began. A cell that
    /// has not been seen for too long is told as unreachable; one never looked at is not told.
    List<FleetEvent> observe(Fleet fleet, Instant now);
}
