package cambium.simulation;

import static cambium.simulation.Planting.deciding;
import static cambium.simulation.Planting.hearing;
import static cambium.simulation.Planting.ordering;
import static cambium.simulation.Planting.planning;
import static cambium.simulation.Planting.remembering;
import static cambium.simulation.Planting.seeing;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.Bake;
import cambium.rollout.BehindLimit;
import cambium.rollout.Cell;
import cambium.rollout.Decision;
import cambium.rollout.Duty;
import cambium.rollout.FleetEvent;
import cambium.rollout.Gates;
import cambium.rollout.MigrationLedger;
import cambium.rollout.Pace;
import cambium.rollout.Plan;
import cambium.rollout.RingPolicy;
import cambium.rollout.Schedule;
import cambium.rollout.Scope;
import cambium.rollout.Starts;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.StepProgress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Mistakes of the narrow kind: right but for one scope, one ring, one kind of cell, or one.
enum Slips implements Planted {
    IGNORES_BRAKES_OF_THE_FLEET("C-4", seeing(fleet -> Narrowly.withBrakes(fleet, brake ->
            !(brake.scope() instanceof Scope.FleetWide)))),
    IGNORES_BRAKES_OF_RINGS("C-4", seeing(fleet -> Narrowly.withBrakes(fleet, brake ->
            !(brake.scope() instanceof Scope.OfRing)))),
    IGNORES_BRAKES_OF_CELLS("C-4", seeing(fleet -> Narrowly.withBrakes(fleet, brake ->
            !(brake.scope() instanceof Scope.OfCell)))),
    IGNORES_BRAKES_OF_VERSIONS("C-4", seeing(fleet -> Narrowly.withBrakes(fleet, brake ->
            !(brake.scope() instanceof Scope.OfVersion)))),
    LETS_A_BRAKE_RUN_OUT("C-4", seeing(fleet -> Narrowly.withBrakes(fleet, brake ->
            brake.until().filter(end -> end.isBefore(Narrowly.lastLook(fleet))).isEmpty()))),
    LIFTS_A_WIDER_BRAKE_WITH_A_NARROW_ONE("C-4", remembering(Memories.Lifting::new)),
    FORGETS_BRAKES_AT_RESTART("C-4", remembering(Memories.Brakes::new)),
    NEVER_PAUSES_ITSELF("P3: nothing new", seeing(fleet -> Narrowly.withLimits(fleet, limit ->
            new BehindLimit(limit.versions(), limit.time())))),
    PAUSES_ITSELF_A_VERSION_LATE("P3: nothing new", seeing(fleet -> Narrowly.withLimits(fleet, limit ->
            new BehindLimit(limit.versions().map(most -> most + 1), limit.time(), limit.then())))),
    MEASURES_LATENESS_BY_VERSIONS_ALONE("P3: nothing new", seeing(fleet -> Narrowly.withLimits(fleet, limit ->
            new BehindLimit(Optional.of(limit.versions().orElse(1_000)), Optional.empty(), limit.then())))),
    PAUSES_ITSELF_A_DAY_LATE("P3: nothing new", seeing(fleet -> Narrowly.withLimits(fleet, limit ->
            new BehindLimit(limit.versions(), limit.time().map(most -> most.plusDays(1)), limit.then())))),
    IGNORES_PINS_OF_RINGS("P11", seeing(fleet -> Narrowly.withPins(fleet, pin ->
            !(pin.scope() instanceof Scope.OfRing)))),
    IGNORES_PINS_OF_CELLS("P11", seeing(fleet -> Narrowly.withPins(fleet, pin ->
            !(pin.scope() instanceof Scope.OfCell)))),
    LETS_A_PIN_RUN_OUT("P11", seeing(fleet -> Narrowly.withPins(fleet, pin ->
            pin.until().filter(end -> end.isBefore(Narrowly.lastLook(fleet))).isEmpty()))),
    FORGETS_VERDICTS_OF_PEOPLE("C-16: a blocked version", seeing(fleet -> Misreadings.withVersions(fleet, version ->
            version.blocked().filter(blocked -> !blocked.by().equals(FleetEvent.AUTOMATION)).isPresent()
                    ? Narrowly.unblocked(version) : version))),
    TRIES_A_BLOCKED_VERSION_AGAIN("C-16: a blocked version", seeing(Narrowly::blockedUnderWay)),
    ASKS_ONLY_RING_0_FOR_APPROVAL("P16", seeing(fleet -> Narrowly.withRings(fleet, (ring, policy) ->
            ring.ring().value() == 0 ? policy : policy.with(parts -> parts.gates = Gates.DEFAULT)))),
    COUNTS_AN_APPROVER_TWICE("P16", seeing(fleet -> Misreadings.withVersions(fleet, Narrowly::countedTwice))),
    PUTS_THE_PERIMETER_ONE_RING_OUT("C-2", seeing(Narrowly::widerPerimeter)),
    GRADUATES_WHAT_IS_BLOCKED("C-3", deciding((fleet, plan) -> plus(plan, fleet.versions().values().stream()
            .filter(version -> version.blocked().isPresent() && version.graduatedAt().isEmpty())
            .map(version -> new Decision.Graduate(version.version()))))),
    GRADUATES_BY_THE_PDM_OF_ANY_CELL("C-3", deciding((fleet, plan) -> plus(plan, fleet.cells().values().stream()
            .flatMap(cell -> cell.pdm().stream()).filter(run -> run.outcome() == Cell.PdmRun.Outcome.SUCCEEDED)
            .filter(run -> fleet.version(run.version()).filter(known -> known.graduatedAt().isEmpty()
                    && known.blocked().isEmpty()).isPresent())
            .map(run -> new Decision.Graduate(run.version()))))),
    STARTS_ONE_TOO_MANY("C-17", seeing(fleet -> Narrowly.withRings(fleet, (ring, policy) -> policy.with(parts ->
            parts.atOnce = Narrowly.cells(policy.atOnce().among(ring.cells().size()) + 1))))),
    ROUNDS_A_SHARE_UP("C-17", seeing(fleet -> Narrowly.withRings(fleet, Narrowly::roundedUp))),
    STARTS_ONE_MORE_THAN_THE_RATE("C-34", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            Narrowly.rate(policy, 1, 1)))),
    COUNTS_STARTS_OF_HALF_THE_TIME("C-34", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            Narrowly.rate(policy, 0, 2)))),
    FORGETS_ITS_STARTS("C-34", seeing(fleet -> Misreadings.withCells(fleet, cell -> new Cell(cell.spec(),
            cell.membership(), cell.sight(), new Cell.Work(cell.attempts(), cell.work().tried(), Starts.DEFAULT),
            cell.load(), cell.health(), cell.wishes())))),
    TRIES_ONCE_MORE("P7: no step", seeing(fleet -> Misreadings.withPolicies(fleet, policy -> policy.with(parts ->
            parts.retries = policy.retries() + 1)))),
    FORGETS_HOW_OFTEN_IT_TRIED("P7: no step", seeing(fleet -> Misreadings.withCells(fleet, Narrowly::onItsFirstTry))),
    TRIES_AGAIN_AT_ONCE("C-34: what failed", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            Narrowly.rests(policy, rest -> new Pace.BackOff(Duration.ZERO, rest.most()))))),
    RESTS_AS_LONG_EACH_TIME("C-34: what failed", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            Narrowly.rests(policy, rest -> new Pace.BackOff(rest.first(), rest.first()))))),
    LETS_NO_CELL_GO_FIRST("P7: the first", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.canaryFirst = 0)))),
    LETS_ONLY_ONE_CELL_GO_FIRST("P7: the first", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.canaryFirst = Math.min(1, policy.canaryFirst()))))),
    RUNS_PDM_WITHOUT_GRACE("P7: PDM", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.cells = policy.cells().with(cells -> cells.pdmGrace = Duration.ZERO))))),
    COUNTS_THE_GRACE_FROM_THE_DEPLOYMENT("P7: PDM", seeing(fleet -> Misreadings.withCells(fleet,
            Narrowly::goodSinceItWasGiven))),
    NEEDS_NOBODY_FOR_A_MANUAL_PDM("P7: PDM", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.pdm() != RingPolicy.Pdm.MANUAL ? policy
                    : policy.with(parts -> parts.pdm = RingPolicy.Pdm.AFTER_BAKE)))),
    TOLERATES_ONE_FAILURE_MORE("C-20", seeing(fleet -> Misreadings.withPolicies(fleet, policy -> policy.with(parts ->
            parts.toleratedFailures = policy.toleratedFailures() + 1)))),
    LETS_A_DENY_WINDOW_LOSE("P28", seeing(fleet -> Misreadings.withPolicies(fleet, policy -> policy.with(parts ->
            parts.windows = new Schedule(policy.windows().allow(), List.of()))))),
    KEEPS_A_WINDOW_OPEN_FOR_AN_HOUR_MORE("P28", seeing(fleet -> Narrowly.withWindows(fleet, window ->
            Narrowly.window(window, window.zone(), window.length().plusHours(1))))),
    READS_EVERY_WINDOW_IN_UTC("P28", seeing(fleet -> Narrowly.withWindows(fleet, window ->
            Narrowly.window(window, ZoneOffset.UTC, window.length())))),
    BAKES_A_THIRD_LESS("C-11", seeing(fleet -> Narrowly.withBake(fleet, bake ->
            new Bake(bake.time().multipliedBy(2).dividedBy(3), bake.samples())))),
    BAKES_WITHOUT_REQUESTS("C-11", seeing(fleet -> Narrowly.withBake(fleet, bake ->
            new Bake(bake.time(), 0)))),
    BAKES_FROM_THE_OPENING_ON("C-11", seeing(Narrowly::bakingSinceTheOpening)),
    NEEDS_NO_HEALTH("C-11", seeing(fleet -> Misreadings.withPolicies(fleet, policy -> policy.with(parts ->
            parts.health = RingPolicy.HealthGate.NONE)))),
    OVERLOOKS_HARM("C-11", seeing(fleet -> Misreadings.withCells(fleet, cell -> cell.health()
            .filter(health -> health.verdict() == Verdict.HARMFUL).map(health -> Narrowly.judgedHealthy(cell, health))
            .orElse(cell)))),
    BELIEVES_A_CLOCK_THAT_RUNS_AHEAD("C-11", planning(real -> (fleet, now) ->
            real.plan(fleet, now.plus(Duration.ofMinutes(10))))),
    MEASURES_BAKES_BY_A_CLOCK_THAT_JUMPS("C-26: no clock", planning(real -> (fleet, now) ->
            real.plan(fleet, now.getEpochSecond() / 3600 % 2 == 0 ? now : now.plus(Duration.ofMinutes(8))))),
    STARTS_ON_QUARANTINED_CELLS("C-19", seeing(fleet -> Misreadings.withCells(fleet, cell ->
            cell.membership().duty() instanceof Duty.Quarantined ? Misreadings.onDuty(cell) : cell))),
    STARTS_ON_LEAVING_CELLS("C-19", seeing(fleet -> Misreadings.withCells(fleet, cell ->
            cell.membership().duty() instanceof Duty.Leaving ? Misreadings.onDuty(cell) : cell))),
    STARTS_ON_DEFERRED_CELLS("C-19", seeing(fleet -> Misreadings.withCells(fleet, cell ->
            cell.membership().duty() instanceof Duty.Deferred ? Misreadings.onDuty(cell) : cell))),
    STARTS_ON_CELLS_OUT_OF_REACH("C-19: nothing is put", seeing(fleet -> Misreadings.withCells(fleet,
            Misreadings::alwaysInReach))),
    LETS_NEW_CELLS_PROVE_FOR_THEIR_RING("C-19: a cell that joins", seeing(fleet -> Misreadings.withCells(fleet,
            Misreadings::atHomeForEver))),
    GOES_BACK_TO_WHAT_WAS_THERE_BEFORE("C-14", seeing(fleet -> Misreadings.withCells(fleet,
            Narrowly::goodAsItWasBefore))),
    TAKES_UNDECLARED_MIGRATIONS_FOR_NONE("C-15", seeing(fleet -> Misreadings.withVersions(fleet, version ->
            Narrowly.declaring(version, new MigrationLedger(List.of()))))),
    TAKES_RUNNING_FOR_DONE("C-10", hearing((real, attempt) -> {
        var told = real.progress(attempt);
        return told instanceof StepProgress.Running ? new StepProgress.Ended(new AttemptResult.Succeeded()) : told;
    })),
    TAKES_A_FAILURE_FOR_A_SUCCESS("C-10", hearing((real, attempt) -> {
        var told = real.progress(attempt);
        return told instanceof StepProgress.Ended(AttemptResult.Failed(var _))
                ? new StepProgress.Ended(new AttemptResult.Succeeded()) : told;
    })),
    TAKES_SILENCE_FOR_FAILURE("C-10", hearing((real, attempt) -> {
        try {
            return real.progress(attempt);
        } catch (IllegalStateException silent) {
            return new StepProgress.Ended(new AttemptResult.Failed(silent.getMessage()));
        }
    })),
    TAKES_FORGOTTEN_FOR_FAILED("C-10", hearing((real, attempt) -> {
        var told = real.progress(attempt);
        return told instanceof StepProgress.Unknown ? new StepProgress.Ended(new AttemptResult.Failed("gone")) : told;
    })),
    RUNS_A_STEP_UNDER_ANOTHER_NAME("C-23: nothing runs whose start", ordering(order -> Narrowly.order(order,
            new AttemptId(order.attempt().rollout(), order.cell(), order.step(), order.attempt().tryNumber() + 1)))),
    LOSES_ITS_OUTBOX_AT_RESTART("C-24", new Bait() {
        @Override
        public FleetStore store(FleetStore real) {
            try {
                real.pending(10_000).forEach(real::done);
            } catch (Unanswered silent) {
                // Then it keeps what it cannot reach.
            }
            return real;
        }
    }),
    STARVES_THE_LAST_CELL("C-24", deciding((fleet, plan) -> plan.decisions().stream().filter(decision ->
            !(decision instanceof Decision.Start start && start.step() == Step.DEPLOY
                    && start.cell().equals(fleet.cells().lastKey()))).toList())),
    NEVER_LEAVES_RING_0("C-24", deciding((_, plan) -> plan.decisions().stream().filter(decision ->
            !(decision instanceof Decision.Open open && open.ring().value() > 0)).toList()));

    private final String promise;
    private final Bait bait;

    Slips(String promise, Bait bait) {
        this.promise = promise;
        this.bait = bait;
    }

    @Override
    public String promise() {
        return promise;
    }

    @Override
    public Bait bait() {
        return bait;
    }

    private static List<Decision> plus(Plan plan, Stream<? extends Decision> more) {
        var decisions = new ArrayList<>(plan.decisions());
        more.distinct().filter(decision -> !decisions.contains(decision)).forEach(decisions::add);
        return decisions;
    }
}
