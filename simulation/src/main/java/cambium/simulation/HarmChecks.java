package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingSpec;
import cambium.rollout.Step;
import java.util.Map;
import java.util.Optional;

/// What must follow from a harmful verdict.
final class HarmChecks {
    private HarmChecks() {}

    static Optional<String> goesNoFurther(FleetEvent event, History before) {
        return Checks.start(event, before, Step.DEPLOY).flatMap(asked -> before.spec.orElseThrow().rings().stream()
                .filter(ring -> ring.ring().value() >= 0)
                .map(ring -> harmed(before, ring, asked.request.version(), event))
                .flatMap(Optional::stream).findFirst());
    }

    /// Cells of a ring that a version harmed, where these are more than it tolerates, whatever else they or their ring
    /// were given since. Those whose failures the policy counts as soft, whoever is away and what a person took back
    /// are no reason to stop.
    private static Optional<String> harmed(History before, RingSpec ring, ProductVersion version, FleetEvent event) {
        var soft = before.softFailures.getOrDefault(version, Map.of());
        var harmed = before.cellsOf(ring.ring()).stream()
                .filter(before.harm.of(version)::contains)
                .filter(id -> !before.away(id, event.at()) && before.cell(id).hold.isEmpty()
                        && !soft.getOrDefault(id, false)).toList();
        return harmed.size() > ring.policy().toleratedFailures() || harmed.stream().anyMatch(id -> needed(before, ring,
                id)) ? Optional.of(version + " harms " + harmed + " of ring " + ring.ring()) : Optional.empty();
    }

    private static boolean needed(History before, RingSpec ring, CellId cell) {
        return ring.policy().mandatory().cells().contains(cell)
                || before.spec.orElseThrow().mainCell().cell().equals(cell);
    }
}
