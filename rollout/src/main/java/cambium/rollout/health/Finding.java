package cambium.rollout.health;

import cambium.rollout.Evidence.Signal;
import java.util.Optional;

/// What one signal says.
///
/// @param signal its figures, where there are any
/// @param text why, where it does not say FINE
record Finding(Weight weight, String text, Optional<Signal> signal) {
    /// From harmless to harmful.
    enum Weight {
        FINE,
        /// As bad as the cell itself was a day earlier at this time.
        AS_YESTERDAY,
        /// Looks worse, but it may be chance.
        SUSPECT,
        /// Worse, and so are cells that were not changed.
        SHARED,
        HARMFUL
    }
}
