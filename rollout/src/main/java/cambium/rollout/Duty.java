package cambium.rollout;

import java.time.Instant;
import java.util.Locale;

/// Whether a cell takes part in its ring. A person says so, or the ring's policy does where it quarantines by itself.
public sealed interface Duty {
    /// It takes what its ring takes, and its ring waits for it.
    record OnDuty() implements Duty {}

    /// Under maintenance until then: nothing forward starts on it, its ring goes on without it, and afterwards it
    /// catches up. It still goes back from what is found bad, as under a brake.
    record Deferred(Instant until) implements Duty {}

    /// It will be taken out of the fleet: what runs on it ends, nothing starts any more, its ring goes on without it.
    record Leaving() implements Duty {}

    /// It stands in ring −1, whatever ring is declared for it, until a person lets it return.
    record Quarantined() implements Duty {}

    default String word() {
        return switch (this) {
            case OnDuty() -> "on duty";
            case Deferred(var until) -> "deferred until " + WholeSeconds.end(until);
            case Leaving(), Quarantined() -> getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}
