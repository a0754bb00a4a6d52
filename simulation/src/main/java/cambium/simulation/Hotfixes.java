package cambium.simulation;

import cambium.rollout.Bake;
import cambium.rollout.FleetEvent;
import cambium.rollout.Step;
import java.util.Optional;

/// The promise about versions that a person sends ahead as a hotfix.
final class Hotfixes {
    private Hotfixes() {}

    static Optional<String> obeyed(FleetEvent event, History before) {
        return event instanceof FleetEvent.RingBaked baked ? baked(before, baked) : started(event, before);
    }

    private static Optional<String> baked(History before, FleetEvent.RingBaked baked) {
        if (!before.hotfixes.contains(baked.rollout())) {
            return Optional.empty();
        }
        var usual = Checks.policyOf(before, baked).bake();
        var lane = usual.hotfix().map(own -> new Bake(own.time(), own.samples())).orElse(usual);
        return Checks.lacking(before, baked, lane);
    }

    private static Optional<String> started(FleetEvent event, History before) {
        return Checks.start(event, before, Step.DEPLOY).filter(asked -> {
            int rollout = asked.request.attempt().rollout();
            return before.hotfixes.contains(rollout) && asked.request.ring().value() > 0
                    && !before.hotfixesFromRing0.contains(rollout);
        }).map(asked -> "ring 0 has not proved " + asked.request.version());
    }
}
