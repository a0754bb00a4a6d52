package cambium.simulation;

import cambium.rollout.Approvals;
import cambium.rollout.AtOnce;
import cambium.rollout.Attempt;
import cambium.rollout.AttemptId;
import cambium.rollout.Bake;
import cambium.rollout.BehindLimit;
import cambium.rollout.Brake;
import cambium.rollout.Cell;
import cambium.rollout.Fleet;
import cambium.rollout.FleetSpec;
import cambium.rollout.MigrationLedger;
import cambium.rollout.Pace;
import cambium.rollout.Ring;
import cambium.rollout.Pin;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Rollout;
import cambium.rollout.Schedule;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import cambium.rollout.VersionRecord;
import cambium.rollout.Window;
import cambium.server.fleet.StepOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Misreadings that are right in most places.
final class Narrowly {
    private Narrowly() {}

    private static Fleet with(Fleet fleet, Optional<FleetSpec> spec, TreeMap<Integer, Rollout> rollouts,
            TreeMap<RingNumber, Ring> rings) {
        return new Fleet(fleet.revision(), spec, fleet.cells(), rings, rollouts, fleet.versions(), fleet.brakes(),
                fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    static Fleet withBrakes(Fleet fleet, Predicate<Brake> seen) {
        var brakes = new TreeMap<>(fleet.brakes());
        brakes.values().removeIf(seen.negate());
        return new Fleet(fleet.revision(), fleet.spec(), fleet.cells(), fleet.rings(), fleet.rollouts(),
                fleet.versions(), brakes, fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    static Fleet withPins(Fleet fleet, Predicate<Pin> seen) {
        var pins = new TreeMap<>(fleet.pins());
        pins.values().removeIf(seen.negate());
        return new Fleet(fleet.revision(), fleet.spec(), fleet.cells(), fleet.rings(), fleet.rollouts(),
                fleet.versions(), fleet.brakes(), pins, fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    static Fleet withRings(Fleet fleet, BiFunction<RingSpec, RingPolicy, RingPolicy> change) {
        var spec = fleet.spec().map(known -> known.with(known.rings().stream().map(ring -> new RingSpec(ring.ring(),
                change.apply(ring, ring.policy()), ring.cells())).toList()));
        return with(fleet, spec, new TreeMap<>(fleet.rollouts()), new TreeMap<>(fleet.rings()));
    }

    static Fleet withWindows(Fleet fleet, UnaryOperator<Window> change) {
        return Misreadings.withPolicies(fleet, policy -> policy.with(parts -> parts.windows = new Schedule(
                policy.windows().allow().stream().map(change).toList(), policy.windows().deny())));
    }

    static Window window(Window window, ZoneId zone, Duration length) {
        return new Window(zone, window.from(), length, window.repeat(), window.why());
    }

    static Fleet withBake(Fleet fleet, UnaryOperator<Bake> change) {
        return Misreadings.withPolicies(fleet, policy ->
                policy.with(parts -> parts.bake = change.apply(policy.bake())));
    }

    static Fleet withLimits(Fleet fleet, UnaryOperator<BehindLimit> change) {
        return Misreadings.withPolicies(fleet, policy -> policy.with(parts -> parts.cells = policy.cells().with(cells ->
                cells.mostBehind = policy.cells().mostBehind().map(change))));
    }

    static Instant lastLook(Fleet fleet) {
        return fleet.cells().values().stream().flatMap(cell -> cell.health().stream()).map(Cell.CellHealth::at)
                .max(Instant::compareTo).orElse(Instant.MIN);
    }

    static VersionRecord unblocked(VersionRecord version) {
        return new VersionRecord(version.version(), version.packages(), version.by(), version.registeredAt(),
                version.graduatedAt(), Optional.empty(), version.admitted(), version.failures(), version.ledger(),
                version.approvals());
    }

    /// No version is blocked, and the rollouts that a block had ended go on.
    static Fleet blockedUnderWay(Fleet fleet) {
        var rollouts = new TreeMap<>(fleet.rollouts());
        rollouts.replaceAll((_, rollout) -> rollout.state() != Rollout.State.BLOCKED ? rollout
                : new Rollout(rollout.number(), rollout.version(), rollout.by(), rollout.startedAt(),
                        Rollout.State.ACTIVE, rollout.since(), rollout.kind(), rollout.hotfix()));
        return Misreadings.withVersions(with(fleet, fleet.spec(), rollouts, new TreeMap<>(fleet.rings())),
                Narrowly::unblocked);
    }

    static VersionRecord countedTwice(VersionRecord version) {
        var all = new TreeMap<>(version.approvals().byRing());
        all.replaceAll((_, said) -> {
            var given = new TreeMap<>(said.given());
            said.given().forEach((by, what) -> given.put(by + "-again", what));
            return new Approvals.OfRing(given, said.objection());
        });
        return new VersionRecord(version.version(), version.packages(), version.by(), version.registeredAt(),
                version.graduatedAt(), version.blocked(), version.admitted(), version.failures(), version.ledger(),
                new Approvals(all));
    }

    static VersionRecord declaring(VersionRecord version, MigrationLedger ledger) {
        return new VersionRecord(version.version(), version.packages(), version.by(), version.registeredAt(),
                version.graduatedAt(), version.blocked(), version.admitted(), version.failures(),
                Optional.of(ledger), version.approvals());
    }

    static Fleet widerPerimeter(Fleet fleet) {
        var spec = fleet.spec().map(known -> known.perimeter().equals(known.outermost()) ? known
                : new FleetSpec(known.name(), known.product(), RingNumber.of(known.perimeter().value() + 1),
                        known.graduation(), known.rings(), known.rules(), known.measuring(), known.largeChange(),
                        known.changeRest()));
        return with(fleet, spec, new TreeMap<>(fleet.rollouts()), new TreeMap<>(fleet.rings()));
    }

    static AtOnce cells(int count) {
        return new AtOnce.Cells(count);
    }

    static RingPolicy roundedUp(RingSpec ring, RingPolicy policy) {
        return policy.atOnce() instanceof AtOnce.Percent(int percent)
                ? policy.with(parts -> parts.atOnce = cells(Math.ceilDiv(ring.cells().size() * percent, 100))) : policy;
    }

    static RingPolicy rate(RingPolicy policy, int more, int shorter) {
        var pace = policy.pace();
        return policy.with(parts -> parts.pace = new Pace(pace.startRate().map(rate -> new Pace.StartRate(
                rate.count() + more, rate.per().dividedBy(Math.max(1, shorter)))), pace.backOff(), pace.progress()));
    }

    static RingPolicy rests(RingPolicy policy, UnaryOperator<Pace.BackOff> change) {
        var pace = policy.pace();
        return policy.with(parts -> parts.pace = new Pace(pace.startRate(), change.apply(pace.backOff()),
                pace.progress()));
    }

    /// No try knows of those before it.
    static Cell onItsFirstTry(Cell cell) {
        var attempts = new TreeMap<>(cell.attempts());
        attempts.replaceAll((_, attempt) -> new Attempt(attempt.id(), attempt.ring(), attempt.version(),
                attempt.previous(), attempt.timeout(), attempt.requestedAt(), attempt.state(), -1, attempt.pardoned(),
                attempt.kind()));
        return new Cell(cell.spec(), cell.membership(), cell.sight(),
                new Cell.Work(attempts, cell.work().tried(), cell.work().starts()), cell.load(), cell.health(),
                cell.wishes());
    }

    /// What is good is taken to have been so since it was put there.
    static Cell goodSinceItWasGiven(Cell cell) {
        var good = cell.lastKnownGood().map(proof -> cell.given().filter(given -> given.version()
                .equals(proof.version())).map(given -> new Cell.Proof(proof.version(), proof.attempt(), given.at()))
                .orElse(proof));
        return new Cell(cell.spec(), cell.membership(), cell.sight(), cell.work(), new Cell.Load(cell.given(), good,
                cell.previousGood(), cell.pdm()), cell.health(), cell.wishes());
    }

    static Fleet bakingSinceTheOpening(Fleet fleet) {
        var rings = new TreeMap<>(fleet.rings());
        rings.replaceAll((number, ring) -> new Ring(number, ring.targets().stream().map(target -> new Ring.Target(
                target.rollout(), target.version(), target.openedAt(), target.begunAt(),
                target.convergedAt().map(_ -> target.openedAt()), target.bakedAt(), target.provedAt())).toList(),
                ring.changedAt()));
        return Misreadings.withCells(with(fleet, fleet.spec(), new TreeMap<>(fleet.rollouts()), rings), cell ->
                cell.health().filter(health -> health.verdict() == Verdict.HEALTHY).map(health ->
                        judged(cell, health, Verdict.HEALTHY, cell.given().map(Cell.Given::at).orElse(health.since())))
                .orElse(cell));
    }

    static Cell judgedHealthy(Cell cell, Cell.CellHealth health) {
        return judged(cell, health, Verdict.HEALTHY);
    }

    static Cell judged(Cell cell, Cell.CellHealth health, Verdict verdict) {
        return judged(cell, health, verdict, health.since());
    }

    private static Cell judged(Cell cell, Cell.CellHealth health, Verdict verdict, Instant since) {
        return new Cell(cell.spec(), cell.membership(), cell.sight(), cell.work(), cell.load(),
                Optional.of(new Cell.CellHealth(health.version(), health.attempt(), verdict,
                        health.samples(), health.evidence(), health.at(), since)), cell.wishes());
    }

    /// Where a cell has baked nothing yet, whatever it ran before is good.
    static Cell goodAsItWasBefore(Cell cell) {
        return cell.last(Step.DEPLOY).filter(_ -> cell.lastKnownGood().isEmpty())
                .flatMap(attempt -> attempt.previous().map(before -> new Cell.Load(cell.given(),
                        Optional.of(new Cell.Proof(before, attempt.id(), attempt.requestedAt())),
                        cell.previousGood(), cell.pdm())))
                .map(load -> new Cell(cell.spec(), cell.membership(), cell.sight(), cell.work(), load, cell.health(),
                        cell.wishes())).orElse(cell);
    }

    static StepOrder order(StepOrder order, AttemptId attempt) {
        return new StepOrder(attempt, order.step(), order.cell(), order.ring(), order.version(), order.previous(),
                order.driver(), order.settings(), order.packages(), order.channel(), order.timeout(),
                order.startBefore(),
                order.epoch(), order.kind());
    }
}
