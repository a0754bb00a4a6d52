package cambium.rollout;

/// How often a step was tried on a cell within a rollout, and how often in a row it failed.
final class Tries {
    static final int MAX_ROLLBACKS = 3;
    static final int MAX_TRIES = 20;

    private Tries() {}

    static int ran(Attempt attempt) {
        return attempt.ranBefore() + (attempt.startedAt().isPresent() ? 1 : 0);
    }

    /// Failures in a row up to and including this attempt; a pardon starts again from none.
    static int failures(Cell cell, Attempt attempt) {
        if (attempt.failuresBefore() < 0) {
            return 0;
        }
        return switch (Outcome.of(cell, attempt)) {
            case FAILED -> attempt.failuresBefore() + 1;
            case DONE -> 0;
            case OPEN, NEVER_RAN -> attempt.failuresBefore();
        };
    }

    enum Outcome {
        OPEN, NEVER_RAN, DONE, FAILED;

        /// A lost attempt counts as failed unless the cell is seen running what it was to bring. A success counts as failed
        /// when a new try of it was needed.
        static Outcome of(Cell cell, Attempt attempt) {
            return switch (attempt.state()) {
                case Attempt.State.Requested(), Attempt.State.Started(var _) -> OPEN;
                case Attempt.State.Withheld(var _, var _) -> NEVER_RAN;
                case Attempt.State.Finished(var _, var _, var result) -> switch (result) {
                    case AttemptResult.Succeeded() -> DONE;
                    case AttemptResult.Failed(var _), AttemptResult.TimedOut() -> FAILED;
                    case AttemptResult.Lost(var _) -> cell.runs(attempt.version()) ? DONE : FAILED;
                };
            };
        }
    }
}
