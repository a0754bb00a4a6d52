package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// One product version's way through the rings. `since` is the instant of the present state.
///
/// @param kind how it is put on cells; absent: as each ring says
/// @param hotfix why it may bake for as short as the rings allow a hotfix; absent: it bakes as all others
public record Rollout(int number, ProductVersion version, String by, Instant startedAt, State state, Instant since,
        Optional<StepKind> kind, Optional<String> hotfix) {
    public enum State { ACTIVE, COMPLETE, BLOCKED, SUPERSEDED }

    Rollout became(State next, Instant at) {
        return new Rollout(number, version, by, startedAt, next, at, kind, hotfix);
    }
}
