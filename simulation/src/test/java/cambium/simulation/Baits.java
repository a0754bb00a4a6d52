package cambium.simulation;

import static cambium.simulation.Planting.deciding;
import static cambium.simulation.Planting.alwaysHearing;
import static cambium.simulation.Planting.hearing;
import static cambium.simulation.Planting.seeing;

import cambium.rollout.Attempt;
import cambium.rollout.AttemptId;
import cambium.rollout.CellSpec;
import cambium.rollout.Decision;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Gates;
import cambium.rollout.Mandatory;
import cambium.rollout.Pace;
import cambium.rollout.Schedule;
import cambium.rollout.Supersede;
import cambium.server.fleet.BrakeFile;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.OutboxEntry;
import cambium.server.fleet.Planner;
import cambium.server.fleet.StepProgress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Mistakes that a coordinator could make, each with the promise it must be caught breaking.
enum Baits implements Planted {
    IGNORES_BRAKES("C-4", seeing(Misreadings::withoutBrakes)),
    LOOKS_FOR_BRAKES_ONLY_WHEN_IT_PLANS("C-4", new Bait() {
        private Fleet asItIs = Fleet.empty();

        @Override
        public Fleet seen(Fleet fleet) {
            asItIs = fleet;
            return Misreadings.withoutBrakes(fleet);
        }

        @Override
        public Planner planner(Planner real) {
            return (_, now) -> real.plan(asItIs, now);
        }
    }),
    OVERLOOKS_THE_BRAKE_FILE("C-5", new Bait() {
        @Override
        public BrakeFile brakeFile(BrakeFile real) {
            return BrakeFile.NONE;
        }
    }),
    SKIPS_THE_BAKE("C-11", seeing(fleet -> Misreadings.withPolicies(fleet, Misreadings::hardlyBaking))),
    LETS_A_HOTFIX_PASS_WITHOUT_BAKE("C-39", seeing(fleet -> Misreadings.hotfixUnderWay(fleet)
            ? Misreadings.withPolicies(fleet, Misreadings::hardlyBaking) : fleet)),
    LETS_A_HOTFIX_PASS_RING_0("C-39", seeing(Misreadings::hotfixInRing0)),
    TRUSTS_A_DRIVERS_SUCCESS("C-20", seeing(fleet -> Misreadings.withCells(fleet, Misreadings::trusting))),
    TAKES_SILENCE_FOR_PRESENCE("C-20", seeing(fleet -> Misreadings.withCells(fleet, Misreadings::alwaysInReach))),
    TAKES_NO_DATA_FOR_HEALTH("C-11", seeing(fleet -> Misreadings.withCells(fleet, Misreadings::healthyWithoutData))),
    LETS_EVERYTHING_OUT("C-2", seeing(fleet -> Misreadings.withVersions(fleet, Misreadings::graduated))),
    GRADUATES_WITHOUT_PDM("C-3", deciding((fleet, plan) -> {
        var decisions = new ArrayList<>(plan.decisions());
        fleet.cells().values().stream().filter(cell -> cell.spec().kind() == CellSpec.Kind.MAIN)
                .flatMap(cell -> cell.given().stream()).filter(given -> fleet.version(given.version())
                        .filter(version -> version.graduatedAt().isEmpty()).isPresent())
                .forEach(given -> decisions.add(new Decision.Graduate(given.version())));
        return decisions;
    })),
    GOES_BACK_OVER_A_PDM("C-15", seeing(fleet -> Misreadings.withVersions(fleet, Misreadings::freeToCauseDowntime))),
    FORGETS_WHAT_A_PERSON_TOOK_BACK("C-16", seeing(fleet -> Misreadings.withCells(fleet, Misreadings::withoutHold))),
    STARTS_ON_CELLS_THAT_ARE_AWAY("C-19", seeing(fleet -> Misreadings.withCells(fleet, Misreadings::onDuty))),
    TAKES_A_MOVE_FOR_AN_ORDER("C-19", seeing(fleet -> Misreadings.withCells(fleet, Misreadings::atHomeForEver))),
    DEPLOYS_TO_ALL_AT_ONCE("C-17", seeing(fleet -> Misreadings.withPolicies(fleet, Misreadings::allAtOnce))),
    IGNORES_WINDOWS("P28", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.windows = Schedule.DEFAULT)))),
    NEEDS_NO_APPROVAL("P16", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.gates = Gates.DEFAULT)))),
    TAKES_AN_APPROVAL_OF_ONE_RING_FOR_ALL("P16", seeing(fleet ->
            Misreadings.withVersions(fleet, Misreadings::approvedEverywhere))),
    TAKES_AN_APPROVAL_OF_ONE_VERSION_FOR_ALL("P16", seeing(Misreadings::approvedLikeTheFirst)),
    OVERHEARS_WHO_TOOK_AN_APPROVAL_BACK("P16", seeing(fleet ->
            Misreadings.withVersions(fleet, Misreadings::neverWithdrawn))),
    STARTS_AS_FAST_AS_IT_CAN("C-34", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.pace = Pace.DEFAULT)))),
    TOLERATES_THE_FAILURE_OF_A_MANDATORY_CELL("C-20", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.mandatory = Mandatory.DEFAULT)))),
    NEVER_FINISHES_WHAT_IT_BEGAN("P3: a ring finishes", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.supersede = Supersede.NEWEST_WINS)))),
    BEGINS_ANEW_FOR_EVER("P3: where the newest wins", seeing(Misreadings::withoutReplaced)),
    PASSES_OVER_WHAT_QUEUES("P3: where versions queue", seeing(fleet -> Misreadings.withPolicies(fleet, policy ->
            policy.with(parts -> parts.supersede = Supersede.FINISH)))),
    RECKONS_BY_THE_CLOCK_OF_ITS_MACHINE("C-26: what", new Bait() {
        @Override
        public InstantSource time(InstantSource steady, InstantSource machine) {
            return machine;
        }
    }),
    BEGINS_BY_ANY_CLOCK("C-26: what", new Bait() {
        @Override
        public InstantSource right(InstantSource shared, InstantSource machine) {
            return machine;
        }
    }),
    TAKES_WHAT_RAN_IN_A_LOST_TIME("C-10", new Bait() {
        private Fleet asItIs = Fleet.empty();

        @Override
        public Fleet seen(Fleet fleet) {
            asItIs = fleet;
            return fleet;
        }

        @Override
        public CellDriver driver(CellDriver real) {
            return alwaysHearing((drivers, attempt) -> asItIs.attempt(attempt).flatMap(Attempt::startedAt).isEmpty()
                    ? new StepProgress.Unknown() : drivers.progress(attempt)).driver(real);
        }
    }),
    GIVES_A_NAME_TWICE("C-23", seeing(fleet -> Misreadings.withCells(fleet, Misreadings::withoutTries))),
    GIVES_UP_AT_ONCE("C-10", deciding((fleet, plan) -> {
        var decisions = new ArrayList<Decision>(plan.decisions());
        fleet.cells().values().stream().flatMap(cell -> cell.current().stream()).filter(attempt -> attempt.startedAt()
                .isPresent())
                .forEach(attempt -> decisions.add(new Decision.GiveUp(attempt.id(), "impatience")));
        return decisions;
    })),
    TAKES_AN_OLDER_RESULT("C-10", hearing((real, attempt) -> {
        if (attempt.tryNumber() > 1) {
            var before = real.progress(new AttemptId(attempt.rollout(), attempt.cell(), attempt.step(),
                    attempt.tryNumber() - 1));
            return before instanceof StepProgress.Ended ? before : real.progress(attempt);
        }
        return real.progress(attempt);
    })),
    DECIDES_ON_A_STALE_STATE("C-", new Bait() {
        @Override
        public FleetStore store(FleetStore real) {
            return new Careless(real, false);
        }
    }),
    KEEPS_ON_WITHOUT_ITS_LEASE("C-25", new Bait() {
        @Override
        public FleetStore store(FleetStore real) {
            return new Careless(real, true);
        }
    });

    private final String promise;
    private final Bait bait;

    Baits(String promise, Bait bait) {
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

    /// Commits whatever it decided, without comparing revisions or, where told, without minding who leads.
    private record Careless(FleetStore real, boolean unfenced) implements FleetStore {
        @Override
        public Snapshot load() {
            return real.load();
        }

        @Override
        public Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox) {
            var commit = real.commit(epoch, expectedRevision, events, outbox);
            return switch (commit) {
                case DONE -> commit;
                case CONFLICT -> unfenced ? commit : real.commit(epoch, real.load().revision(), events, outbox);
                case FENCED -> unfenced ? real.commit(expectedRevision, events) : commit;
            };
        }

        @Override
        public Commit commit(long expectedRevision, List<FleetEvent> events) {
            return real.commit(expectedRevision, events);
        }

        @Override
        public List<OutboxEntry> pending(int limit) {
            return real.pending(limit);
        }

        @Override
        public void done(OutboxEntry entry) {
            real.done(entry);
        }

        @Override
        public Optional<Epoch> lease(String holder, java.time.Duration length) {
            return real.lease(holder, length);
        }

        @Override
        public void release(Epoch epoch) {
            real.release(epoch);
        }

        @Override
        public List<cambium.server.fleet.RecordedEvent> events(long after, int limit) {
            return real.events(after, limit);
        }
    }
}
