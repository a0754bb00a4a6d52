package cambium.simulation;

import cambium.rollout.FleetEvent;
import cambium.rollout.RingPolicy;
import cambium.rollout.Schedule;
import cambium.rollout.Step;
import cambium.rollout.Window;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.Optional;

/// The promises about when something may begin.
final class PaceChecks {
    private PaceChecks() {}

    /// Further tries of a deployment that has begun belong to it, and so does PDM where it comes with the deployment.
    static Optional<String> windows(FleetEvent event, History before) {
        return Checks.start(event, before, Step.DEPLOY, Step.PDM).flatMap(asked -> {
            var cell = before.cell(asked.request.attempt().cell());
            var ring = before.ringOf(asked.request.attempt().cell());
            if (ring.isEmpty()) {
                return Optional.empty();   // away from its ring, which is another promise
            }
            var policy = ring.get().policy();
            boolean goesOn = asked.request.attempt().step() == Step.PDM
                    ? policy.pdm() == RingPolicy.Pdm.WITH_DEPLOYMENT
                    : cell.deployment.filter(given -> given.request.version().equals(asked.request.version()))
                            .isPresent();
            return goesOn || open(policy.windows(), event.at()) && open(before.spec.orElseThrow().rules().windows(),
                    event.at()) ? Optional.empty() : Optional.of("its ring is closed: " + policy.windows());
        });
    }

    private static boolean open(Schedule schedule, Instant at) {
        return (schedule.allow().isEmpty() || schedule.allow().stream().anyMatch(window -> covers(window, at)))
                && schedule.deny().stream().noneMatch(window -> covers(window, at));
    }

    /// Simulated windows come daily and last less than a day, at a time of year when no clock changes.
    private static boolean covers(Window window, Instant at) {
        int day = 24 * 60 * 60;
        int now = at.atZone(window.zone()).get(ChronoField.SECOND_OF_DAY);
        return Math.floorMod(now - window.from().get(ChronoField.SECOND_OF_DAY), day) < window.length().toSeconds();
    }

    static Optional<String> startRate(FleetEvent event, History before) {
        return Checks.start(event, before, Step.DEPLOY).flatMap(asked -> {
            var home = before.ringOf(asked.request.attempt().cell());
            return home.flatMap(ring -> ring.policy().pace().startRate().flatMap(rate -> {
                long recent = before.attempts.values().stream().filter(other ->
                        other.request.attempt().step() == Step.DEPLOY && other.request.ring().equals(ring.ring())
                                && before.cellsOf(ring.ring()).contains(other.request.attempt().cell()))
                        .flatMap(other -> other.startedAt.stream())
                        .filter(at -> at.plus(rate.per()).isAfter(event.at())).count();
                return recent < rate.count() ? Optional.empty()
                        : Optional.of(recent + " have started in the last " + rate.per());
            }));
        });
    }
}
