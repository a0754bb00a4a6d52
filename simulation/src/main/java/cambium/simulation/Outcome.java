package cambium.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What a run came to.
///
/// @param faults the kinds of trouble that it was told to see; empty where the seed drew them
/// @param broken the promises it broke and how; empty is what we want
/// @param kinds which kinds of decisions, waits, events and faults occurred
/// @param simulated virtual time that went by
public record Outcome(long seed, List<String> faults, List<String> broken, Set<String> kinds, int events,
        Duration simulated, List<String> timeline) {
    /// What to type to see this run again.
    public String replay() {
        return "./dev sim --seed " + seed
                + (faults.isEmpty() ? "" : " --faults " + String.join(",", faults));
    }
}
