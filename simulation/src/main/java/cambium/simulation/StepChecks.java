package cambium.simulation;

import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/// The promises about what must have happened before a step is asked for: the first cells of the ring, the tries before
/// this one, the time in which a cell can still go back.
final class StepChecks {
    private static final Comparator<CellSpec> CANARIES_FIRST = Comparator
            .comparing((CellSpec cell) -> cell.kind() != CellSpec.Kind.CANARY).thenComparing(CellSpec::cell);

    private StepChecks() {}

    private record Asking(FleetEvent.AttemptRequested request, RingSpec ring, History.CellHistory cell) {
        CellId id() {
            return request.attempt().cell();
        }

        Step step() {
            return request.attempt().step();
        }
    }

    private static Optional<Asking> asking(FleetEvent event, History before) {
        return event instanceof FleetEvent.AttemptRequested request && !before.attempts.containsKey(request.attempt())
                ? before.spec.flatMap(spec -> spec.ring(request.ring())).map(ring ->
                        new Asking(request, ring, before.cell(request.attempt().cell())))
                : Optional.empty();
    }

    /// PDM that has begun needs no grace any more, since the cell cannot go back without downtime; nor does one that a
    /// person asked for.
    static Optional<String> grace(FleetEvent event, History before) {
        return asking(event, before).filter(asking -> asking.step() == Step.PDM
                && !asking.cell.pdmAsked.contains(asking.request.version())
                && !asking.cell.migrationBegun.containsKey(asking.request.version())).flatMap(asking -> {
            var policy = asking.ring.policy();
            if (policy.pdm() != RingPolicy.Pdm.AFTER_BAKE) {
                return policy.pdm() == RingPolicy.Pdm.MANUAL ? Optional.of("nobody asked for it") : Optional.empty();
            }
            var version = asking.request.version();
            var bakedAt = Optional.ofNullable(asking.cell.bakedAt.get(version));
            return bakedAt.isEmpty() ? Optional.of("the cell has not baked " + version)
                    : bakedAt.map(at -> at.plus(policy.cells().pdmGrace())).filter(end -> event.at().isBefore(end))
                            .map(end -> "the cell may go back until " + end);
        });
    }

    static Optional<String> tries(FleetEvent event, History before) {
        return asking(event, before).flatMap(asking -> failures(asking).filter(failed ->
                failed.count() > asking.ring.policy().retries()).map(failed -> failed.count() + " tries failed, and "
                + asking.ring.policy().retries() + " more than the first are allowed"));
    }

    /// The least rest: half of what has doubled with each try.
    static Optional<String> rests(FleetEvent event, History before) {
        return asking(event, before).flatMap(StepChecks::failures).flatMap(failed ->
                before.spec.flatMap(spec -> spec.ring(failed.ring())).map(ring -> ring.policy().pace().backOff())
                .map(rest -> Math.min(rest.first().toMillis() << failed.count() - 1, rest.most().toMillis()) / 2)
                .map(failed.lastAt()::plusMillis).filter(end -> event.at().isBefore(end))
                .map(end -> "it failed " + failed.count() + " times and rests until " + end + " at least"));
    }

    /// What a person asks for while it fails does not rest, and begins the count anew.
    private static Optional<Tries.Failed> failures(Asking asking) {
        boolean wanted = switch (asking.step()) {
            case ROLLBACK -> true;
            case PDM -> asking.cell.pdmWanted;
            case DEPLOY -> asking.cell.wanted.filter(asking.request.version()::equals).isPresent();
            case QA -> false;
        };
        return wanted ? Optional.empty()
                : asking.cell.tries.before(asking.step(), asking.request.attempt().rollout());
    }

    /// At least as many cells that come earlier in the ring's order must be good, unless so many are not left there.
    static Optional<String> canaryFirst(FleetEvent event, History before) {
        return asking(event, before).filter(asking -> asking.step() == Step.DEPLOY).flatMap(asking -> {
            var ring = asking.ring;
            var version = asking.request.version();
            var members = before.cellsOf(ring.ring());
            var earlier = ring.cells().stream().filter(cell -> members.contains(cell.cell())).sorted(CANARIES_FIRST)
                    .map(CellSpec::cell).takeWhile(id -> !id.equals(asking.id())).toList();
            long left = earlier.stream().filter(id -> !before.passedOver(id, ring.ring(), version, event.at())).count();
            long good = earlier.stream().filter(id -> good(before.cell(id), version, ring.policy().health())).count();
            int first = ring.policy().canaryFirst();
            return left < first || good >= first ? Optional.empty()
                    : Optional.of(good + " of the cells before it are good, and " + first + " go first");
        });
    }

    /// Further tries of what had begun go on, and a person may ask for one all the same.
    private static Optional<Asking> beginning(FleetEvent event, History before) {
        return asking(event, before).filter(asking -> asking.step() == Step.DEPLOY
                && asking.cell.wanted.filter(asking.request.version()::equals).isEmpty()
                && asking.cell.deployment.filter(given -> given.request.version().equals(asking.request.version())
                && given.result.filter(AttemptResult.Succeeded.class::isInstance).isEmpty()).isEmpty());
    }

    /// One that never answered may be brought up by what is put there.
    static Optional<String> inReach(FleetEvent event, History before) {
        return beginning(event, before).map(Asking::cell).filter(cell -> !cell.reachable && (cell.everReached
                || cell.seenSince.equals(Instant.MAX))).map(cell -> "it cannot be reached since " + cell.seenSince);
    }

    static Optional<String> joining(FleetEvent event, History before) {
        return beginning(event, before).flatMap(asking -> {
            var here = new History.InRing(asking.ring.ring(), asking.request.version());
            var opened = before.openedAt.getOrDefault(here, Instant.MAX);
            boolean waited = before.cellsOf(here.ring()).stream().anyMatch(id -> !before.away(id, event.at())
                    && !before.cell(id).countsSince().isAfter(opened));
            return asking.cell.countsSince().isAfter(opened) && waited && !before.provedAt.containsKey(here)
                    && !asking.cell.bakedAt.containsKey(here.version())
                    ? Optional.of("it came after ring " + here.ring() + " had been opened") : Optional.empty();
        });
    }

    private static boolean good(History.CellHistory cell, ProductVersion version, RingPolicy.HealthGate gate) {
        boolean runs = cell.reachable && cell.seen.filter(version::equals).isPresent();
        return runs && (gate == RingPolicy.HealthGate.NONE || cell.bakedAt.containsKey(version)
                || cell.verdict.filter(known -> known.version().equals(version)
                        && known.verdict() == Verdict.HEALTHY).isPresent());
    }
}
