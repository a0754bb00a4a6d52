package cambium.rollout;

import java.time.Instant;

/// One product version's way through the rings. `since` is the instant of the present state.
public record Rollout(int number, ProductVersion version, String by, Instant startedAt, State state, Instant since) {
    public enum State { ACTIVE, COMPLETE, BLOCKED, SUPERSEDED }

    Rollout became(State next, Instant at) {
        return new Rollout(number, version, by, startedAt, next, at);
    }
}
