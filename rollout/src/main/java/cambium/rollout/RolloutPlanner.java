package cambium.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Decides what a fleet needs now. A pure function: the loop that acts, the pages, `why`, dry runs and the simulator
/// all call it, so a reason shown is the reason obeyed.
public final class RolloutPlanner {
    private RolloutPlanner() {}

    /// The decisions that the state calls for at this instant, and why everything else waits. Carrying them out changes
    /// the state; plan again until there is no decision left.
    public static Plan plan(Fleet fleet, Instant now) {
        if (fleet.spec().isEmpty()) {
            return new Plan(List.of(), List.of(Wait.of(Wait.Code.NO_FLEET, new Scope.FleetWide(),
                    "no fleet has been declared: cambium apply -f fleet.yaml")));
        }
        var situation = new Situation(fleet, fleet.spec().get(), now);
        return fleet.log().read().isPresent() ? onlyTold(situation) : decided(situation);
    }

    /// What rests on a log that was changed is shown, and acted upon by nobody but whoever is called for it.
    private static Plan onlyTold(Situation situation) {
        var draft = new Draft(situation);
        waitForTheLog(situation, draft);
        converge(situation, draft);
        var plan = draft.plan();
        return new Plan(plan.decisions().stream().filter(Decision.Page.class::isInstance).toList(), plan.waits());
    }

    private static Plan decided(Situation situation) {
        var draft = new Draft(situation);
        giveUpOverdue(situation, draft);
        new Failures(situation, draft).decide();
        if (!draft.undecided()) {
            return draft.plan();   // what failed is recorded before anything else is judged
        }
        waitForTheLog(situation, draft);
        Quarantining.decide(situation, draft);
        if (!draft.undecided()) {
            return draft.plan();   // a cell that leaves its ring is asked for nothing there any more
        }
        goBack(situation, draft);
        converge(situation, draft);
        return draft.plan();
    }

    private static void waitForTheLog(Situation situation, Draft draft) {
        situation.fleet.log().brake().ifPresent(brake -> draft.wait(Waits.brake(brake.scope(), brake)));
    }

    private static void converge(Situation situation, Draft draft) {
        new Converging(situation, draft).decide();
        new Migrating(situation, draft).decide();
        new Opening(situation, draft).decide();
        Paging.decide(situation, draft);
        VersionWaits.add(situation, draft);
    }

    /// Whether an attempt that was asked for may start, judged on the freshest state: empty if so, else the hindrance.
    public static Optional<Wait> mayStart(Fleet fleet, AttemptId id, Instant now) {
        var scope = new Scope.OfCell(id.cell());
        var attempt = fleet.attempt(id).filter(known -> known.state() instanceof Attempt.State.Requested);
        if (attempt.isEmpty() || fleet.spec().isEmpty()) {
            return Optional.of(Wait.of(Wait.Code.REQUESTED, scope, id + " is not waiting for its start"));
        }
        return new StartCheck(new Situation(fleet, fleet.spec().get(), now), attempt.get()).hindrance();
    }

    /// The brake that forbids an attempt, whatever else allows it; only forward steps are ever braked.
    public static Optional<Brake> brakeOn(Fleet fleet, Attempt attempt) {
        var cell = fleet.cell(attempt.id().cell());
        if (!attempt.id().step().forward() || cell.isEmpty() || fleet.spec().isEmpty()) {
            return Optional.empty();
        }
        return new Situation(fleet, fleet.spec().get(), attempt.requestedAt()).brakeOn(cell.get(), attempt.version());
    }

    /// Why an attempt that runs shall be ended, where a brake in whose scope it lies says so: the widest such.
    public static Optional<String> cancelled(Fleet fleet, Attempt attempt) {
        var cell = fleet.cell(attempt.id().cell());
        return attempt.id().step() != Step.DEPLOY || cell.isEmpty() ? Optional.empty()
                : fleet.brakes().values().stream().filter(Brake::cancels)
                .filter(brake -> brake.covers(cell.get(), attempt.version())).findFirst().map(Brake::told);
    }

    /// Whether the channel of a ring may begin to offer an opened version now: empty if so, else what forbids it.
    public static Optional<Wait> mayAdmit(Fleet fleet, ProductVersion version, RingNumber ring, Instant now) {
        if (fleet.spec().isEmpty() || fleet.version(version).isEmpty()) {
            return Optional.of(Wait.of(Wait.Code.BLOCKED, new Scope.OfVersion(version), version + " is unknown"));
        }
        var situation = new Situation(fleet, fleet.spec().get(), now);
        if (fleet.version(version).get().blocked().isPresent()) {
            return Optional.of(Wait.of(Wait.Code.BLOCKED, new Scope.OfVersion(version), version + " is blocked"));
        }
        var scope = new Scope.OfRing(ring);
        return situation.brakeOn(ring, version).map(brake -> Waits.brake(scope, brake))
                .or(() -> situation.pinOn(ring, version).map(pin -> Waits.pinned(scope, pin, version)))
                .or(() -> ApprovalGate.takenBack(situation, ring, version))
                .or(() -> situation.closed(ring, scope));
    }

    private static void giveUpOverdue(Situation situation, Draft draft) {
        for (var cell : situation.fleet.cells().values()) {
            cell.current().ifPresent(attempt -> {
                if (attempt.state() instanceof Attempt.State.Started(var at)
                        && !situation.now.isBefore(Waits.overdue(attempt, at))) {
                    draft.decide(new Decision.GiveUp(attempt.id(),
                            "no result since it started at " + WholeSeconds.at(at)));
                }
            });
        }
    }

    private static void goBack(Situation situation, Draft draft) {
        for (var cell : situation.fleet.cells().values()) {
            Trouble.of(situation.fleet, cell).ifPresent(trouble -> {
                switch (trouble.way(situation.fleet, cell, situation.now)) {
                    case Trouble.Way.Begin(var target) ->
                        draft.start(cell, Step.ROLLBACK, rolloutOf(situation.fleet, cell, trouble), target,
                                Optional.of(trouble.version()));
                    case Trouble.Way.UnderWay(var wait) -> draft.wait(wait);
                    case Trouble.Way.Stays(var wait) -> draft.wait(wait);
                    case Trouble.Way.Refused(var wait) -> {
                        draft.wait(wait);
                        var since = cell.given().map(given -> given.attempt().toString()).orElse("seen");
                        draft.page("rollback:" + cell.id() + ":" + trouble.version() + ":" + since + ":"
                                + wait.code().word(), wait.subject(), wait.text());
                    }
                }
            });
        }
    }

    private static int rolloutOf(Fleet fleet, Cell cell, Trouble trouble) {
        return cell.given().filter(given -> given.version().equals(trouble.version()))
                .map(given -> given.attempt().rollout())
                .or(() -> fleet.rolloutOf(trouble.version()).map(Rollout::number))
                .orElse(Math.max(1, fleet.lastRollout()));
    }
}
