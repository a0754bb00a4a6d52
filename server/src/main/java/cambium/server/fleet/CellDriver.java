package cambium.server.fleet;

import cambium.rollout.AttemptId;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

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

    /// What a look at one of several attempts found.
    sealed interface Look {
        record Seen(StepProgress progress) implements Look {}

        /// The driver did not answer for this one.
        record Silent(String trouble) implements Look {}

        static Look at(Supplier<StepProgress> asking) {
            try {
                return new Seen(asking.get());
            } catch (RuntimeException trouble) {
                return new Silent(trouble.toString());
            }
        }
    }

    /// The same of many at once, in their order, for a driver that can ask for many with one question. An attempt that
    /// cannot be looked at is told as that, and the others are looked at.
    default SequencedMap<AttemptId, Look> progress(Collection<AttemptId> attempts) {
        var looks = new LinkedHashMap<AttemptId, Look>();
        attempts.forEach(attempt -> looks.put(attempt, Look.at(() -> progress(attempt))));
        return looks;
    }

    /// The output kept so far, for a person to read; the caller closes it. Empty when the attempt left none.
    Optional<InputStream> log(AttemptId attempt);

    /// Asks that the attempt end soon, or never begin; how it then ended shows in [#progress], and a step that was
    /// faster has succeeded all the same. Repeating it changes nothing, nor does it once the attempt has ended. False
    /// when this driver cannot reach what runs, or never took the attempt.
    boolean cancel(AttemptId attempt, String why);
}
