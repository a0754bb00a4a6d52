package cambium.rollout;

/// How an attempt ended, as its driver tells it. `Succeeded` alone proves nothing: the cell must be seen running the
/// version.
public sealed interface AttemptResult {
    record Succeeded() implements AttemptResult {}

    record Failed(String reason) implements AttemptResult {
        public Failed {
            reason = Grammar.text("reason", reason);
        }
    }

    /// The driver ended it after its timeout; nothing of it runs any more.
    record TimedOut() implements AttemptResult {}

    /// A brake ended it, or kept it from its driver; nothing of it runs any more. Says nothing of the version: the cell
    /// is looked at, and the step may be tried again once nothing brakes it.
    record Cancelled(String reason) implements AttemptResult {
        public Cancelled {
            reason = Grammar.text("reason", reason);
        }
    }

    /// Nobody can tell how it ended. Never taken for a success nor for a failure: the cell is looked at again.
    record Lost(String reason) implements AttemptResult {
        public Lost {
            reason = Grammar.text("reason", reason);
        }
    }
}
