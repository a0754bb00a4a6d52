package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One try of a step on a cell.
///
/// @param version what the cell shall run afterwards (or runs already, for QA and PDM)
/// @param previous what it was believed to run before; for a rollback, the version that is left
/// @param ranBefore tries of this step in this rollout that really ran before this one, since the last success or
///     pardon
/// @param pardoned a person's word made it count as if it had not run
public record Attempt(AttemptId id, RingNumber ring, ProductVersion version, Optional<ProductVersion> previous,
        Duration timeout, Instant requestedAt, State state, int ranBefore, boolean pardoned,
        StepKind kind) {

    /// Where the attempt stands.
    public sealed interface State {
        record Requested() implements State {}

        record Started(Instant at) implements State {}

        record Withheld(Instant at, String why) implements State {}

        record Finished(Instant startedAt, Instant at, AttemptResult result) implements State {}
    }

    public boolean terminal() {
        return switch (state) {
            case State.Requested(), State.Started(var _) -> false;
            case State.Withheld(var _, var _), State.Finished(var _, var _, var _) -> true;
        };
    }

    public boolean succeeded() {
        return state instanceof State.Finished(var _, var _, AttemptResult.Succeeded());
    }

    public boolean lost() {
        return state instanceof State.Finished(var _, var _, AttemptResult.Lost(var _));
    }

    /// Whether only the cell can tell what became of it.
    boolean mayHaveWorked() {
        return succeeded() || lost() || cancelled();
    }

    boolean failed() {
        return state instanceof State.Finished(var _, var _, var result)
                && (result instanceof AttemptResult.Failed || result instanceof AttemptResult.TimedOut);
    }

    public boolean cancelled() {
        return state instanceof State.Finished(var _, var _, AttemptResult.Cancelled(var _));
    }

    public Optional<Instant> finishedAt() {
        return state instanceof State.Finished(var _, var at, var _) ? Optional.of(at) : Optional.empty();
    }

    public Optional<Instant> startedAt() {
        return switch (state) {
            case State.Requested(), State.Withheld(var _, var _) -> Optional.empty();
            case State.Started(var at) -> Optional.of(at);
            case State.Finished(var startedAt, var _, var _) -> Optional.of(startedAt);
        };
    }

    /// Tries that really ran and were left to end, up to and including this one.
    public int ran() {
        return pardoned ? 0 : ranBefore + (startedAt().isPresent() && !cancelled() ? 1 : 0);
    }

    /// What the next try starts to count from. A success ends the count, except that of rollbacks, which stay bounded
    /// even where a driver says they worked and the cell says they did not.
    int ranBeforeNext() {
        return succeeded() && id.step() != Step.ROLLBACK ? 0 : ran();
    }

    Attempt with(State next) {
        return new Attempt(id, ring, version, previous, timeout, requestedAt, next, ranBefore, pardoned, kind);
    }

    Attempt withPardon() {
        return new Attempt(id, ring, version, previous, timeout, requestedAt, state, ranBefore, true, kind);
    }
}
