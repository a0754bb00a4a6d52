package cambium.simulation;

import cambium.rollout.AttemptResult;
import cambium.rollout.FleetEvent;
import cambium.rollout.RingNumber;
import cambium.rollout.Step;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// How often steps failed on a cell, one try after the other.
final class Tries {
    private final Map<Step, Failed> failed = new EnumMap<>(Step.class);

    /// @param last whether the last try failed; what was lost or cancelled neither failed nor ends the count
    record Failed(int rollout, RingNumber ring, int count, Instant lastAt, boolean last) {}

    void ended(History.Asked asked, FleetEvent.AttemptFinished finished) {
        var attempt = finished.attempt();
        int before = Optional.ofNullable(failed.get(attempt.step()))
                .filter(known -> known.rollout() == attempt.rollout()).map(Failed::count).orElse(0);
        switch (finished.result()) {
            case AttemptResult.Succeeded _ -> failed.remove(attempt.step());
            case AttemptResult.Failed _, AttemptResult.TimedOut _ -> failed.put(attempt.step(), new Failed(
                    attempt.rollout(), asked.request.ring(), before + 1, finished.at(), true));
            case AttemptResult.Lost _, AttemptResult.Cancelled _ -> failed.put(attempt.step(), new Failed(
                    attempt.rollout(), asked.request.ring(), before, finished.at(), false));
        }
    }

    void forget(Step... steps) {
        for (var step : steps) {
            failed.remove(step);
        }
    }

    /// The failures just before a try of this rollout, if the last try failed.
    Optional<Failed> before(Step step, int rollout) {
        return Optional.ofNullable(failed.get(step)).filter(known -> known.last() && known.rollout() == rollout);
    }
}
