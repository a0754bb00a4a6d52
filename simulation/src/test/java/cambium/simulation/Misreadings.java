package cambium.simulation;

import cambium.rollout.Approvals;
import cambium.rollout.AtOnce;
import cambium.rollout.AttemptId;
import cambium.rollout.Bake;
import cambium.rollout.Cell;
import cambium.rollout.Duty;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetSpec;
import cambium.rollout.Membership;
import cambium.rollout.Ring;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Rollout;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import cambium.rollout.VersionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Fleets as a coordinator with one mistake would see them.
final class Misreadings {
    private Misreadings() {}

    static Fleet withoutBrakes(Fleet fleet) {
        return new Fleet(fleet.revision(), fleet.spec(), fleet.cells(), fleet.rings(), fleet.rollouts(),
                fleet.versions(),
                new TreeMap<>(), fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    static Fleet withPolicies(Fleet fleet, UnaryOperator<RingPolicy> change) {
        var spec = fleet.spec().map(known -> known.with(known.rings().stream()
                .map(ring -> new RingSpec(ring.ring(), change.apply(ring.policy()), ring.cells())).toList()));
        return new Fleet(fleet.revision(), spec, fleet.cells(), fleet.rings(), fleet.rollouts(), fleet.versions(),
                fleet.brakes(),
                fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    /// Only the last target of each ring is seen, as if it had replaced none.
    static Fleet withoutReplaced(Fleet fleet) {
        var rings = new TreeMap<>(fleet.rings());
        rings.replaceAll((number, ring) -> new Ring(number, ring.target().stream().toList(), ring.changedAt()));
        return new Fleet(fleet.revision(), fleet.spec(), fleet.cells(), rings, fleet.rollouts(), fleet.versions(),
                fleet.brakes(), fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    static RingPolicy hardlyBaking(RingPolicy policy) {
        return policy.with(parts -> parts.bake = new Bake(Duration.ofMillis(1), 0));
    }

    static boolean hotfixUnderWay(Fleet fleet) {
        return fleet.rollouts().values().stream().anyMatch(rollout -> rollout.hotfix().isPresent()
                && rollout.state() == Rollout.State.ACTIVE);
    }

    /// Ring 0 is taken to have proved every hotfix that it was opened for.
    static Fleet hotfixInRing0(Fleet fleet) {
        var ring = fleet.rings().get(RingNumber.INNERMOST);
        var target = ring == null ? Optional.<Ring.Target>empty() : ring.target().filter(known ->
                fleet.rollouts().get(known.rollout()).hotfix().isPresent());
        if (target.isEmpty()) {
            return fleet;
        }
        var seen = target.get();
        var at = Optional.of(seen.openedAt());
        var rings = new TreeMap<>(fleet.rings());
        rings.put(ring.number(), new Ring(ring.number(), List.of(new Ring.Target(seen.rollout(), seen.version(),
                seen.openedAt(), at, at, at, at)), ring.changedAt()));
        var cells = new TreeMap<>(fleet.cells());
        cells.replaceAll((_, cell) -> cell.ring().value() == 0 ? proving(cell, seen) : cell);
        var proved = new Fleet(fleet.revision(), fleet.spec(), cells, rings, fleet.rollouts(), fleet.versions(),
                fleet.brakes(), fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
        return withPolicies(proved, policy -> policy.with(parts -> parts.qa = RingPolicy.Qa.NONE));
    }

    private static Cell proving(Cell cell, Ring.Target target) {
        var attempt = new AttemptId(target.rollout(), cell.id(), Step.DEPLOY, 1);
        var good = Optional.of(new Cell.Proof(target.version(), attempt, target.openedAt()));
        return new Cell(cell.spec(), cell.membership(), Optional.of(new Cell.Sight(true, true,
                Optional.of(target.version()), target.openedAt(), target.openedAt())),
                new Cell.Work(new TreeMap<>(), new TreeMap<>(), cell.work().starts()),
                new Cell.Load(Optional.of(new Cell.Given(target.version(), attempt, target.openedAt())), good,
                        Optional.empty(), Optional.empty()), Optional.of(new Cell.CellHealth(target.version(), attempt,
                        Verdict.HEALTHY, 1_000_000, Evidence.of("looks fine"), target.openedAt(), target.openedAt())),
                cell.wishes());
    }

    static RingPolicy allAtOnce(RingPolicy policy) {
        return policy.with(parts -> parts.atOnce = new AtOnce.Percent(100));
    }

    static Fleet withCells(Fleet fleet, UnaryOperator<Cell> change) {
        var cells = new TreeMap<>(fleet.cells());
        cells.replaceAll((_, cell) -> change.apply(cell));
        return new Fleet(fleet.revision(), fleet.spec(), cells, fleet.rings(), fleet.rollouts(), fleet.versions(),
                fleet.brakes(),
                fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    static Fleet withVersions(Fleet fleet, UnaryOperator<VersionRecord> change) {
        SequencedMap<cambium.rollout.ProductVersion, VersionRecord> versions = new LinkedHashMap<>(fleet.versions());
        versions.replaceAll((_, version) -> change.apply(version));
        return new Fleet(fleet.revision(), fleet.spec(), fleet.cells(), fleet.rings(), fleet.rollouts(), versions,
                fleet.brakes(),
                fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    static VersionRecord graduated(VersionRecord version) {
        return new VersionRecord(version.version(), version.packages(), version.by(), version.registeredAt(),
                Optional.of(version.registeredAt()), version.blocked(), version.admitted(), version.failures(),
                version.ledger(), version.approvals());
    }

    static VersionRecord freeToCauseDowntime(VersionRecord version) {
        return new VersionRecord(version.version(), version.packages(), version.by(), version.registeredAt(),
                version.graduatedAt(),
                version.blocked().map(blocked -> new VersionRecord.Blocked(blocked.by(), blocked.why(), blocked.at(),
                true, blocked.ground())),
                version.admitted(), version.failures(),
                version.ledger(), version.approvals());
    }

    private static VersionRecord approved(VersionRecord version, Approvals approvals) {
        return new VersionRecord(version.version(), version.packages(), version.by(), version.registeredAt(),
                version.graduatedAt(), version.blocked(), version.admitted(), version.failures(), version.ledger(),
                approvals);
    }

    static VersionRecord approvedEverywhere(VersionRecord version) {
        var given = new TreeMap<String, Approvals.Given>();
        version.approvals().byRing().values().forEach(said -> given.putAll(said.given()));
        var all = new TreeMap<RingNumber, Approvals.OfRing>();
        for (int ring = 0; ring < 10; ring++) {
            all.put(RingNumber.of(ring), new Approvals.OfRing(given, Optional.empty()));
        }
        return approved(version, new Approvals(all));
    }

    static Fleet approvedLikeTheFirst(Fleet fleet) {
        return fleet.versions().values().stream().filter(version -> !version.approvals().byRing().isEmpty()).findFirst()
                .map(first -> withVersions(fleet, version -> approved(version, first.approvals()))).orElse(fleet);
    }

    /// Whoever took an approval back is taken for two who gave it.
    static VersionRecord neverWithdrawn(VersionRecord version) {
        var all = new TreeMap<>(version.approvals().byRing());
        all.replaceAll((_, said) -> said.objection().map(objection -> {
            var given = new TreeMap<>(said.given());
            var one = new Approvals.Given(objection.at(), Optional.empty());
            given.put("rm", one);
            given.put("ops", one);
            return new Approvals.OfRing(given, Optional.empty());
        }).orElse(said));
        return approved(version, new Approvals(all));
    }

    /// What a driver called a success is taken for what the cell runs.
    static Cell trusting(Cell cell) {
        var deployment = cell.last(Step.DEPLOY).filter(attempt -> attempt.succeeded()
                && cell.given().filter(given -> given.attempt().equals(attempt.id())).isPresent());
        return deployment.map(attempt -> withSight(cell, new Cell.Sight(true, true, Optional.of(attempt.version()),
                attempt.finishedAt().orElseThrow().plusMillis(1), attempt.finishedAt().orElseThrow()))).orElse(cell);
    }

    static Cell alwaysInReach(Cell cell) {
        return cell.sight().map(sight -> withSight(cell, new Cell.Sight(true, sight.everReached(), sight.version(),
                sight.at(),
                Instant.EPOCH))).orElse(cell);
    }

    static Cell healthyWithoutData(Cell cell) {
        return withHealth(cell, cell.health().map(health -> health.verdict() != Verdict.NO_DATA ? health
                : new Cell.CellHealth(health.version(), health.attempt(), Verdict.HEALTHY, 1_000_000, health.evidence(),
                health.at(),
                        health.since())));
    }

    static Cell withoutHold(Cell cell) {
        return new Cell(cell.spec(), cell.membership(), cell.sight(), cell.work(), cell.load(), cell.health(),
                new Cell.Wishes(Optional.empty(), cell.pdmAsked(), cell.retryAsked(),
                        cell.wishes().kindAsked()));
    }

    /// The names that were used are forgotten.
    static Cell withoutTries(Cell cell) {
        return new Cell(cell.spec(), cell.membership(), cell.sight(),
                new Cell.Work(cell.attempts(), new TreeMap<>(), cell.work().starts()), cell.load(), cell.health(),
                cell.wishes());
    }

    private static Cell withSight(Cell cell, Cell.Sight sight) {
        return new Cell(cell.spec(), cell.membership(), Optional.of(sight), cell.work(), cell.load(), cell.health(),
                cell.wishes());
    }

    private static Cell withHealth(Cell cell, Optional<Cell.CellHealth> health) {
        return new Cell(cell.spec(), cell.membership(), cell.sight(), cell.work(), cell.load(), health, cell.wishes());
    }

    static Cell onDuty(Cell cell) {
        return placed(cell, new Membership(cell.membership().home(), cell.membership().since(),
                cell.membership().movedFrom(), new Duty.OnDuty(), cell.membership().dutySince(), "x", "x"));
    }

    static Cell atHomeForEver(Cell cell) {
        return placed(cell, new Membership(cell.membership().home(), Instant.EPOCH, Optional.empty(),
                cell.membership().duty(), cell.membership().dutySince(), "x", "x"));
    }

    private static Cell placed(Cell cell, Membership membership) {
        return new Cell(cell.spec(), membership, cell.sight(), cell.work(), cell.load(), cell.health(),
                cell.wishes());
    }
}
