package cambium.server.fleet;

import cambium.rollout.AttemptId;
import java.io.InputStream;
import java.util.Optional;

/// Carries steps to cells. Everything is keyed by the attempt's id, so that a crash between any two calls is a repeat
/// and never a second run. Nothing of a driver's answer is ever taken for the state of a cell: that is observed.
public interface CellDriver {
    /// Begins the step, unless this attempt was begun before, by whomever. Returns without waiting for the step.
    /// What cannot be begun at all (driver or program missing) ends as `Failed` and shows in [#progress].
    void start(StepOrder order);

    StepProgress progress(AttemptId attempt);

    /// The output kept so far, for a person to read; the caller closes it. Empty when the attempt left none.
    Optional<InputStream> log(AttemptId attempt);
}
