package cambium.server.fleet;

import cambium.rollout.FleetEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What one round of the coordinator did.
///
/// @param leading whether this process held the lease throughout; false: it did nothing, or stopped midway
/// @param revision the fleet's revision as last seen; 0 when not leading
/// @param events what this round committed, in order
/// @param troubles what a driver, channel or observer could not do; tried again by the next round
/// @param again whether there is more to do at once
/// @param wakeAt when time alone next changes the plan
public record Tick(boolean leading, long revision, List<FleetEvent> events, List<String> troubles, boolean again,
        Optional<Instant> wakeAt) {
    public Tick {
        events = List.copyOf(events);
        troubles = List.copyOf(troubles);
    }
}
