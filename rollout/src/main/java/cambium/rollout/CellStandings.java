package cambium.rollout;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Works out where the cells of one ring stand towards its target.
final class CellStandings {
    static final int MAX_TRIES = 20;

    private final Situation situation;
    private final RingPolicy policy;
    private final Ring.Target target;
    private final ProductVersion version;
    private final Optional<CellStanding> hindrance;
    private final VersionRecord record;
    private final boolean failuresExcused;
    private final Members members;

    CellStandings(Situation situation, RingSpec ring, Ring.Target target, Optional<CellStanding> hindrance) {
        this.situation = situation;
        this.policy = ring.policy();
        this.target = target;
        this.version = target.version();
        this.hindrance = hindrance;
        this.record = situation.version(version);
        long failures = failuresOfMembers(situation.fleet, record, ring);
        this.failuresExcused = failures <= policy.toleratedFailures();
        this.members = new Members(situation, ring, target, failures);
    }

    RingStanding.Member member(Cell cell) {
        return members.of(cell, of(cell));
    }

    /// A cell that failed elsewhere and was moved here counts here, too.
    static long failuresOfMembers(Fleet fleet, VersionRecord version, RingSpec ring) {
        return version.failures().entrySet().stream().filter(failure -> !failure.getValue().soft())
                .filter(failure -> fleet.cell(failure.getKey()).filter(cell -> cell.ring().equals(ring.ring()))
                .isPresent()).count();
    }

    static long hardFailures(VersionRecord version, RingNumber ring) {
        return version.failures().values().stream()
                .filter(failure -> !failure.soft() && failure.ring().equals(ring)).count();
    }

    /// Harm counts, also where other hands have put something on the cell since that it must go back from: after that
    /// way back nothing would tell of the harm any more.
    private CellStanding of(Cell cell) {
        var away = members.away(cell);
        if (away.isPresent()) {
            return cell.current().<CellStanding>map(attempt -> new CellStanding.Moving(Waits.attempt(attempt)))
                    .orElseGet(() -> new CellStanding.Excused(away.get()));
        }
        var failure = record.failures().get(cell.id());
        if (failure != null) {
            var wait = Wait.of(Wait.Code.FAILED, scope(cell), version + " failed here: " + failure.why());
            boolean excused = failure.soft() || failuresExcused && !policy.mandatory().includes(cell.spec());
            return excused ? new CellStanding.Excused(wait) : new CellStanding.Stuck(wait);
        }
        var harm = cell.harm(version).filter(_ -> !cell.heldOff(version));
        if (harm.isPresent()) {
            return new CellStanding.Failing(harm.get().attempt(), harm.get().why());   // it waits for no step
        }
        var trouble = Trouble.of(situation.fleet, cell);
        if (trouble.isPresent()) {
            var standing = inTrouble(cell, trouble.get());
            if (standing.isPresent()) {
                return standing.get();
            }
        }
        var standing = forward(cell);
        return standing instanceof CellStanding.Ready && cell.current().isPresent()
                ? new CellStanding.Moving(Waits.attempt(cell.current().get())) : standing;
    }

    /// Empty where the cell cannot go back but its ring takes something newer, which then is the way out.
    private Optional<CellStanding> inTrouble(Cell cell, Trouble trouble) {
        var way = trouble.way(situation.fleet, cell, situation.now);
        if (trouble.version().equals(version)) {
            return Optional.of(switch (way) {
                case Trouble.Way.Begin _ -> new CellStanding.Moving(goingBack(cell, trouble));
                case Trouble.Way.UnderWay(var wait) -> new CellStanding.Moving(wait);
                case Trouble.Way.Refused(var wait) -> new CellStanding.Stuck(wait);
                case Trouble.Way.Stays(var wait) -> new CellStanding.Stuck(wait);
            });
        }
        return switch (way) {
            case Trouble.Way.Begin _ -> Optional.of(new CellStanding.Moving(goingBack(cell, trouble)));
            case Trouble.Way.UnderWay(var wait) -> Optional.of(new CellStanding.Moving(wait));
            case Trouble.Way.Refused(var wait) -> newerThan(trouble.version()) ? Optional.empty()
                    : Optional.of(new CellStanding.Stuck(wait));
            case Trouble.Way.Stays(var wait) -> newerThan(trouble.version()) ? Optional.empty()
                    : Optional.of(new CellStanding.Stuck(wait));
        };
    }

    private boolean newerThan(ProductVersion other) {
        return situation.fleet.rolloutOf(other).filter(rollout -> rollout.number() > target.rollout()).isEmpty();
    }

    private static Wait goingBack(Cell cell, Trouble trouble) {
        return Wait.of(Wait.Code.REQUESTED, scope(cell), "goes back: " + trouble.why());
    }

    private CellStanding forward(Cell cell) {
        var current = cell.current();
        if (current.isPresent() && current.get().id().step() != Step.PDM) {
            return new CellStanding.Moving(Waits.attempt(current.get()));
        }
        if (cell.heldOff(version)) {
            var hold = cell.hold().orElseThrow();
            return new CellStanding.Stuck(Wait.of(Wait.Code.HELD, scope(cell), "held off " + version + " by "
                    + hold.by() + ": " + hold.why() + "; cambium deploy " + version + " --cell " + cell.id()
                    + " lets it go on"));
        }
        boolean asked = cell.retryAsked().filter(version::equals).isPresent() && cell.wishes().kindAsked().isPresent();
        if (asked) {
            return deploy(cell, false);
        }
        if (cell.provedGood(version) && cell.runs(version)) {
            return new CellStanding.Converged(true, cell.lastKnownGood().orElseThrow().at());
        }
        var last = cell.last(Step.DEPLOY).filter(attempt -> attempt.version().equals(version));
        var deployment = last.filter(attempt -> cell.given().filter(given -> given.attempt().equals(attempt.id()))
                .isPresent());
        if (deployment.isPresent()) {
            return after(cell, deployment.get());
        }
        var further = last.filter(attempt -> attempt.ran() > 0 && cell.given().map(Cell.Given::attempt)
                .filter(given -> given.step() == Step.DEPLOY && given.rollout() == attempt.id().rollout()).isPresent());
        return further.isPresent() ? again(cell, further.get(), ending(further.get())) : deploy(cell, false);
    }

    /// Whether a deployment can start, or what it waits for. What was tried in an earlier rollout of the version begins
    /// anew, like that of any other cell.
    private CellStanding deploy(Cell cell, boolean failed) {
        boolean again = failed && cell.last(Step.DEPLOY).filter(attempt -> attempt.id().rollout() == target.rollout())
                .isPresent();
        var pin = situation.pinned(scope(cell)).filter(known -> !known.version().equals(version));
        if (pin.isPresent()) {
            return new CellStanding.Excused(Waits.pinned(scope(cell), pin.get(), version));
        }
        boolean forced = cell.retryAsked().filter(version::equals).isPresent();
        if (!again && !forced && policy.cells().onDrift() == CellPolicy.OnDrift.REPORT && cell.strayed(version)) {
            return new CellStanding.Excused(Wait.of(Wait.Code.DRIFTED, scope(cell), Waits.seen(cell) + ", not "
                    + version + ", which it had baked: other hands changed it; cambium converge " + cell.id()
                    + " puts it right"));
        }
        var later = again || forced ? Optional.<Wait>empty() : members.later(cell);
        if (later.isPresent()) {
            return new CellStanding.Excused(later.get());
        }
        if (hindrance.isPresent()) {
            return aboutCell(cell, hindrance.get());
        }
        var given = cell.given().map(Cell.Given::version).filter(other -> !other.equals(version) && !newerThan(other));
        if (given.isPresent()) {
            return new CellStanding.Stuck(Wait.of(Wait.Code.OVERTAKEN, scope(cell), "has " + given.get()
                    + ", which is newer than " + version + "; it waits until its ring takes something newer"));
        }
        var brake = situation.brakeOn(cell, version);
        if (brake.isPresent()) {
            return new CellStanding.Stuck(Waits.brake(scope(cell), brake.get()));
        }
        var closed = again ? Optional.<Wait>empty() : situation.closed(cell.ring(), scope(cell));
        if (closed.isPresent()) {
            return closed.get().until().isPresent() ? new CellStanding.Pending(closed.get())
                    : new CellStanding.Stuck(closed.get());
        }
        if (!again && !forced && (cell.sight().isEmpty() || cell.lostContact())) {
            return members.outOfReach(cell);
        }
        if (tries(cell) >= MAX_TRIES) {
            return new CellStanding.Stuck(Wait.of(Wait.Code.TRIES_SPENT, scope(cell),
                    version + " was put here " + MAX_TRIES + " times and does not stay; a person must look"));
        }
        return new CellStanding.Ready(Step.DEPLOY, again);
    }

    private int tries(Cell cell) {
        return cell.last(Step.DEPLOY)
                .filter(attempt -> attempt.id().rollout() == target.rollout() && !attempt.pardoned())
                .map(attempt -> attempt.id().tryNumber()).orElse(0);
    }

    /// The hindrance of the ring, said of this cell.
    private static CellStanding aboutCell(Cell cell, CellStanding hindrance) {
        return switch (hindrance) {
            case CellStanding.Stuck(var wait) ->
                new CellStanding.Stuck(new Wait(wait.code(), scope(cell), wait.text(), wait.until()));
            case CellStanding.Pending(var wait) ->
                new CellStanding.Pending(new Wait(wait.code(), scope(cell), wait.text(), wait.until()));
            case CellStanding.Converged _, CellStanding.Moving _, CellStanding.Ready _, CellStanding.Failing _,
                    CellStanding.Excused _ -> throw new IllegalStateException("not a hindrance: " + hindrance);
        };
    }

    private CellStanding after(Cell cell, Attempt deployment) {
        var finished = switch (deployment.state()) {
            case Attempt.State.Finished state -> state;
            case Attempt.State.Requested _, Attempt.State.Started _, Attempt.State.Withheld _ ->
                throw new IllegalStateException(deployment.id() + " was given but is " + deployment.state());
        };
        if (cell.lastKnownGood().filter(good -> good.attempt().equals(deployment.id())).isPresent()) {
            return absent(cell, deployment, finished.at());   // however it ended, the cell baked what it brought
        }
        boolean seen = cell.sight().filter(sight -> sight.at().isAfter(finished.at())).isPresent();
        return switch (finished.result()) {
            case AttemptResult.Failed(var reason) -> again(cell, deployment, reason);
            case AttemptResult.TimedOut() -> again(cell, deployment, ending(deployment));
            case AttemptResult.Lost _, AttemptResult.Cancelled _ when !seen ->
                new CellStanding.Moving(Waits.unobserved(cell, deployment));
            case AttemptResult.Lost _, AttemptResult.Cancelled _ when !cell.reachable() ->
                new CellStanding.Stuck(Waits.unobserved(cell, deployment));
            case AttemptResult.Cancelled _ when !cell.runs(version) -> deploy(cell, true);
            case AttemptResult.Cancelled _ -> delivered(cell, deployment, finished.at());
            case AttemptResult.Lost(var reason) when !cell.runs(version) ->
                again(cell, deployment, "its end is unknown (" + reason + ") and " + Waits.seen(cell));
            case AttemptResult.Lost(var _) -> delivered(cell, deployment, finished.at());
            case AttemptResult.Succeeded() when !seen -> new CellStanding.Moving(Waits.unobserved(cell, deployment));
            case AttemptResult.Succeeded() when !cell.runs(version) -> absent(cell, deployment, finished.at());
            case AttemptResult.Succeeded() -> delivered(cell, deployment, finished.at());
        };
    }

    private CellStanding again(Cell cell, Attempt attempt, String reason) {
        if (attempt.ran() > policy.retries()) {
            return new CellStanding.Failing(attempt.id(), reason);
        }
        var rests = Waits.backingOff(situation, attempt);
        return rests.isPresent() ? new CellStanding.Moving(rests.get()) : deploy(cell, true);
    }

    /// The driver said it worked. Only a cell seen running the version counts; it has the attempt's timeout to show up.
    private CellStanding absent(Cell cell, Attempt deployment, Instant finishedAt) {
        if (cell.provedGood(version)) {
            return cell.reachable() ? deploy(cell, false) : members.outOfReach(cell);
        }
        var changedAt = cell.sight().map(Cell.Sight::since).filter(since -> since.isAfter(finishedAt))
                .orElse(finishedAt);
        var deadline = changedAt.plus(deployment.timeout());
        if (situation.now.isBefore(deadline)) {
            return new CellStanding.Moving(Waits.settling(cell, version, deadline));
        }
        if (deployment.pardoned()) {
            return deploy(cell, true);
        }
        return new CellStanding.Failing(deployment.id(), "the deployment reported success, but " + Waits.seen(cell)
                + " " + Pace.words(deployment.timeout()) + " later");
    }

    private CellStanding delivered(Cell cell, Attempt deployment, Instant at) {
        return pdm(cell).or(() -> qa(cell, deployment)).orElseGet(() -> verified(cell, deployment, at));
    }

    /// Empty once PDM has run, where it comes with the deployment.
    private Optional<CellStanding> pdm(Cell cell) {
        if (policy.pdm() != RingPolicy.Pdm.WITH_DEPLOYMENT) {
            return Optional.empty();
        }
        return switch (Migration.of(situation, cell, version, policy, true)) {
            case Migration.Done _ -> Optional.empty();
            case Migration.Ready _ -> Optional.of(new CellStanding.Ready(Step.PDM, true));
            case Migration.Hindered(var wait) -> Optional.of(new CellStanding.Stuck(wait));
            case Migration.UnderWay(var wait) -> Optional.of(new CellStanding.Moving(wait));
            case Migration.Failed(var attempt, var wait) ->
                Optional.of(new CellStanding.Failing(attempt, wait.text()));
        };
    }

    /// Empty once QA of this deployment has passed, or failed softly.
    private Optional<CellStanding> qa(Cell cell, Attempt deployment) {
        if (policy.qa() == RingPolicy.Qa.NONE) {
            return Optional.empty();
        }
        var last = cell.last(Step.QA).filter(attempt -> attempt.version().equals(version)
                && !attempt.requestedAt().isBefore(deployment.finishedAt().orElseThrow()));
        if (last.isEmpty()) {
            return Optional.of(new CellStanding.Ready(Step.QA, true));
        }
        if (last.get().succeeded()) {
            return Optional.empty();
        }
        if (last.get().ran() <= policy.retries()) {
            return Optional.of(Waits.backingOff(situation, last.get()).<CellStanding>map(CellStanding.Moving::new)
                    .orElseGet(() -> new CellStanding.Ready(Step.QA, true)));
        }
        boolean counts = policy.qa() == RingPolicy.Qa.BLOCKING || cell.spec().kind() == CellSpec.Kind.QA;
        return counts ? Optional.of(new CellStanding.Failing(last.get().id(), "QA did not pass: " + ending(last.get())))
                : Optional.empty();
    }

    static String ending(Attempt attempt) {
        return switch (attempt.state()) {
            case Attempt.State.Finished(var _, var _, AttemptResult.Failed(var reason)) -> reason;
            case Attempt.State.Finished(var _, var _, AttemptResult.TimedOut()) ->
                "no end within " + Pace.words(attempt.timeout());
            case Attempt.State.Finished(var _, var _, AttemptResult.Lost(var reason)) ->
                "its end is unknown (" + reason + ")";
            case Attempt.State.Finished(var _, var _, AttemptResult.Cancelled(var reason)) -> "cancelled: " + reason;
            case Attempt.State.Finished(var _, var _, AttemptResult.Succeeded()) -> "succeeded";
            case Attempt.State.Requested(), Attempt.State.Started(var _) -> "not ended";
            case Attempt.State.Withheld _ -> "it was tried as often as its ring allows";
        };
    }

    private CellStanding verified(Cell cell, Attempt deployment, Instant at) {
        var health = cell.health()
                .filter(known -> known.attempt().equals(deployment.id()) && known.version().equals(version));
        if (policy.health() == RingPolicy.HealthGate.REQUIRED
                && health.filter(known -> known.verdict() == Verdict.HEALTHY).isEmpty()) {
            var text = health.map(known -> known.evidence().text()).orElse("no verdict on " + version + " yet");
            return new CellStanding.Moving(Wait.of(Wait.Code.NO_DATA, scope(cell), text));
        }
        return new CellStanding.Converged(false, steadySince(cell, health, at));
    }

    /// Since when it has been seen running the version and been found healthy, without a break.
    private static Instant steadySince(Cell cell, Optional<Cell.CellHealth> health, Instant delivered) {
        var seen = cell.sight().orElseThrow().since();
        var healthy = health.map(Cell.CellHealth::since).orElse(delivered);
        return Stream.of(delivered, seen, healthy).max(Instant::compareTo).orElseThrow();
    }

    private static Scope scope(Cell cell) {
        return new Scope.OfCell(cell.id());
    }
}
