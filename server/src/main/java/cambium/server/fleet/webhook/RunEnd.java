package cambium.server.fleet.webhook;

import cambium.rollout.AttemptResult;
import cambium.server.fleet.handover.Handover;
import java.time.Instant;

/// What the end of a run means for its attempt.
enum RunEnd {
    SUCCEEDED, FAILED, CANCELLED, LOST;

    static final int MAX_REASON_CHARACTERS = 1_000;

    /// A run that somebody ended on the other side has failed: whoever did that does not want it begun again. A success
    /// told after the time proves nothing.
    AttemptResult result(Handover handover, Instant now, String reason) {
        var overdue = now.isAfter(handover.deadline());
        return switch (this) {
            case SUCCEEDED -> overdue ? new AttemptResult.Lost("its success was told after its time was over")
                    : new AttemptResult.Succeeded();
            case FAILED -> new AttemptResult.Failed(reason.isEmpty() ? "the pipeline gives no reason" : reason);
            case CANCELLED -> cancelled(handover, overdue, reason);
            case LOST -> new AttemptResult.Lost(reason.isEmpty() ? "the pipeline cannot tell" : reason);
        };
    }

    private static AttemptResult cancelled(Handover handover, boolean overdue, String reason) {
        if (handover.cancelled().isPresent()) {
            return new AttemptResult.Cancelled(handover.cancelled().get());
        }
        return overdue ? new AttemptResult.TimedOut() : new AttemptResult.Failed("somebody cancelled it in the pipeline"
                + (reason.isEmpty() ? "" : ": " + reason));
    }
}
