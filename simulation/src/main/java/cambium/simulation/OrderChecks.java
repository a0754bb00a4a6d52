package cambium.simulation;

import cambium.rollout.FleetEvent;
import cambium.rollout.RingNumber;
import cambium.rollout.RingSpec;
import cambium.rollout.Scope;
import cambium.rollout.Step;
import cambium.rollout.Supersede;
import java.util.List;
import java.util.Optional;

/// The promises about which of several versions goes first.
final class OrderChecks {
    private OrderChecks() {}

    /// Judged only while a cell of the ring, for which the ring waits, is at work on the version: whoever sees no cell
    /// move cannot tell from outside whether the ring could still finish.
    static Optional<String> finishes(FleetEvent event, History before) {
        return replaced(event, before, Supersede.FINISH);
    }

    static Optional<String> replacesOnce(FleetEvent event, History before) {
        return replaced(event, before, Supersede.NEWEST_WINS)
                .filter(_ -> before.begun.getOrDefault(((FleetEvent.RingOpened) event).ring(), List.of()).size() > 1);
    }

    private static Optional<String> replaced(FleetEvent event, History before, Supersede rule) {
        if (!(event instanceof FleetEvent.RingOpened opened) || !rule(before, opened.ring()).equals(Optional.of(rule))
                || !before.target.containsKey(opened.ring())) {
            return Optional.empty();
        }
        var busy = before.target.get(opened.ring()).version();
        if (before.provedAt.containsKey(new History.InRing(opened.ring(), busy))) {
            return Optional.empty();
        }
        return before.cellsOf(opened.ring()).stream().filter(id -> before.cell(id).open.stream().anyMatch(asked ->
                asked.startedAt.isPresent() && asked.request.attempt().step() == Step.DEPLOY
                        && asked.request.version().equals(busy) && asked.request.ring().equals(opened.ring()))
                && !before.passedOver(id, opened.ring(), busy, event.at())).findFirst()
                .map(id -> "ring " + opened.ring() + " leaves " + busy + ", which cell " + id + " is being given");
    }

    static Optional<String> inTurn(FleetEvent event, History before) {
        if (!(event instanceof FleetEvent.RingOpened opened) || opened.ring().value() > 0
                || !rule(before, opened.ring()).equals(Optional.of(Supersede.QUEUE))
                || opened.version().equals(before.pins.get(new Scope.OfRing(opened.ring())))) {
            return Optional.empty();
        }
        int taken = Optional.ofNullable(before.target.get(opened.ring())).map(FleetEvent.RingOpened::rollout).orElse(0);
        return before.rollouts.subMap(taken, false, opened.rollout(), false).values().stream()
                .filter(version -> !before.openedAt.containsKey(new History.InRing(opened.ring(), version))).findFirst()
                .map(passed -> passed + " came before " + opened.version());
    }

    private static Optional<Supersede> rule(History before, RingNumber ring) {
        return before.spec.flatMap(spec -> spec.ring(ring)).map(RingSpec::policy).map(policy -> policy.supersede());
    }
}
