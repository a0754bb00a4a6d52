package cambium.simulation;

import cambium.rollout.FleetEvent;
import java.util.Optional;

/// A promise that every run must keep.
interface Check {
    /// The promise, under the number it has in the catalogue of invariants.
    String sentence();

    /// How the event breaks it, judged by what had happened before.
    Optional<String> brokenBy(FleetEvent event, History before);
}
