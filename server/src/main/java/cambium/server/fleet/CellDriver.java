package cambium.server.fleet;

import cambium.rollout.AttemptId;
import java.io.InputStream;
import java.util.Optional;

/// Carries steps to cells. Everything is keyed by the attempt's id, so that a crash between any two calls is a repeat
/// and never a second run. Nothing of a driver's answer is ever taken for the state of a cell: that is observed.
public interface CellDriver {
    /// What became of an order.
    enum Taking {
        /// The driver has it, now or since an earlier call.
        TAKEN,
        /// A coordinator with a higher epoch has given an order for this cell; whoever gave this one was replaced.
        FENCED
    }

    /// Begins the step, unless this attempt was begun before, by whomever. Returns without waiting for the step.
    /// What cannot be begun at all (driver or program missing) ends as `Failed` and shows in [#progress].
    Taking start(StepOrder order);

    StepProgress progress(AttemptId attempt);

    /// The output kept so far, for a person to read; the caller closes it. Empty when the attempt left none.
    Optional<InputStream> log(AttemptId attempt);

    /// Asks that the attempt end soon, or never begin; how it then ended shows in [#progress], and a step that was
    /// faster has succeeded all the same. Repeating it changes nothing, nor does it once the attempt has ended. False
    /// when this driver cannot reach what runs, or never took the attempt.
    boolean cancel(AttemptId attempt, String why);
}
