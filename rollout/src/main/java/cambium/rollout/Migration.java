package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// How far PDM of a version is on a cell.
sealed interface Migration {
    record Done() implements Migration {}

    record Ready() implements Migration {}

    record UnderWay(Wait because) implements Migration {}

    /// A person or a brake stands in the way.
    record Hindered(Wait because) implements Migration {}

    record Failed(AttemptId attempt, Wait because) implements Migration {}

    /// @param automatic whether it starts by itself
    static Migration of(Situation situation, Cell cell, ProductVersion version, RingPolicy policy, boolean automatic) {
        var scope = new Scope.OfCell(cell.id());
        var run = cell.pdm().filter(known -> known.version().equals(version));
        if (run.filter(known -> known.outcome() == Cell.PdmRun.Outcome.SUCCEEDED).isPresent()) {
            return new Done();
        }
        var current = cell.current();
        if (current.isPresent()) {
            return new UnderWay(Waits.attempt(current.get()));
        }
        if (cell.lastKnownGood().filter(good -> good.version().equals(version)).filter(cell::crossed).isPresent()) {
            return new Hindered(Wait.of(Wait.Code.PDM, scope, "PDM of " + cell.pdm().orElseThrow().version()
                    + " ran here since " + version + " had baked, so that of " + version + " does not run any more"));
        }
        boolean asked = cell.pdmAsked().filter(version::equals).isPresent();
        var last = cell.last(Step.PDM).filter(attempt -> attempt.version().equals(version));
        if (last.isPresent() && !last.get().succeeded() && last.get().ran() > policy.retries() && !asked) {
            return new Failed(last.get().id(), Wait.of(Wait.Code.PDM, scope, "PDM of " + version + " did not succeed: "
                    + CellStandings.ending(last.get()) + "; cambium pdm " + version + " --cell " + cell.id()
                    + " tries again"));
        }
        boolean begun = run.isPresent();   // a rollback over it undoes that, and all waits anew
        if (!automatic && !asked && !begun) {
            return new Hindered(Wait.of(Wait.Code.PDM_MANUAL, scope, "PDM waits for a person: cambium pdm " + version));
        }
        var grace = grace(cell, version, policy).filter(end -> !asked && !begun && situation.now.isBefore(end));
        if (grace.isPresent()) {
            var wait = Wait.until(Wait.Code.PDM_GRACE, scope, "PDM of " + version + " waits until "
                    + WholeSeconds.end(grace.get())
                    + ", so that the cell can go back without downtime; cambium pdm " + version + " --cell " + cell.id()
                    + " runs it now", grace.get());
            return cell.spec().kind() == CellSpec.Kind.MAIN ? new UnderWay(wait) : new Hindered(wait);
        }
        var rests = last.filter(ended -> !ended.succeeded() && !asked)
                .flatMap(ended -> Waits.backingOff(situation, ended));
        if (rests.isPresent()) {
            return new UnderWay(rests.get());
        }
        var closed = policy.pdm() == RingPolicy.Pdm.WITH_DEPLOYMENT ? Optional.<Wait>empty()
                : situation.closed(cell.ring(), scope);
        if (closed.isPresent()) {
            return new Hindered(closed.get());
        }
        Optional<Brake> brake = situation.brakeOn(cell, version);
        if (brake.isPresent()) {
            return new Hindered(Waits.brake(scope, brake.get()));
        }
        var pin = situation.pinOn(cell, version);
        if (pin.isPresent()) {
            return new Hindered(Waits.pinned(scope, pin.get(), version));
        }
        return cell.runs(version) ? new Ready() : new Hindered(Waits.unreachable(cell));
    }

    /// Until when the cell keeps what it baked before its PDM runs. On the main cell graduation hangs on it, so that
    /// its ring takes nothing newer meanwhile; elsewhere it holds nothing.
    private static Optional<Instant> grace(Cell cell, ProductVersion version, RingPolicy policy) {
        return policy.pdm() != RingPolicy.Pdm.AFTER_BAKE || policy.cells().pdmGrace().isZero() ? Optional.empty()
                : cell.lastKnownGood().filter(good -> good.version().equals(version))
                        .map(good -> good.at().plus(policy.cells().pdmGrace()));
    }
}
