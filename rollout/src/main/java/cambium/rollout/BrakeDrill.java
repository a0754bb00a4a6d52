package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The last drill of the brake: that a brake was pulled, held and let go, on a scope kept for it, or why not.
///
/// @param at when it was done
/// @param took from the pull until a start was refused because of it; up to the failure of one that failed
/// @param failure what went wrong
/// @param passedAt when one passed last
public record BrakeDrill(Instant at, Duration took, Optional<String> failure, Optional<Instant> passedAt) {
    /// No cell ever takes this version, so a brake on it holds nothing but a drill.
    public static final Scope SCOPE = new Scope.OfVersion(ProductVersion.of("brake-drill"));

    static BrakeDrill after(Optional<BrakeDrill> before, FleetEvent.BrakeDrilled drilled) {
        return new BrakeDrill(drilled.at(), drilled.took(), drilled.failure(), drilled.failure().isEmpty()
                ? Optional.of(drilled.at()) : before.flatMap(BrakeDrill::passedAt));
    }

    public boolean passed() {
        return failure.isEmpty();
    }
}
