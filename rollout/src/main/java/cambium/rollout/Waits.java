package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// The sentences of waits that are needed in several places.
final class Waits {
    private Waits() {}

    static Wait pinned(Scope scope, Pin pin, ProductVersion version) {
        return Wait.of(Wait.Code.PINNED, scope, pin.told() + "; " + version
                + " starts here only once somebody releases that");
    }

    static Wait attempt(Attempt attempt) {
        var scope = new Scope.OfCell(attempt.id().cell());
        return attempt.state() instanceof Attempt.State.Started(var at)
                ? Wait.until(code(attempt.id().step()), scope, attempt.id() + " runs since " + WholeSeconds.at(at)
                + "; it may run until " + WholeSeconds.end(at.plus(attempt.timeout()))
                + ", and without a result at " + WholeSeconds.end(overdue(attempt, at)) + " it counts as lost",
                overdue(attempt, at))
                : Wait.of(Wait.Code.REQUESTED, scope, attempt.id() + " was asked for at "
                + WholeSeconds.at(attempt.requestedAt()));
    }

    private static Wait.Code code(Step step) {
        return switch (step) {
            case DEPLOY, ROLLBACK -> Wait.Code.RUNNING;
            case QA -> Wait.Code.QA;
            case PDM -> Wait.Code.PDM;
        };
    }

    /// When a result is so long overdue that nobody should wait for it any more: drivers end an attempt at its timeout.
    static Instant overdue(Attempt attempt, Instant startedAt) {
        return startedAt.plus(attempt.timeout().multipliedBy(2)).plusSeconds(60);
    }

    static Wait unobserved(Cell cell, Attempt attempt) {
        return attempt.lost()
                ? Wait.of(Wait.Code.UNKNOWN, new Scope.OfCell(cell.id()), "nobody can tell how " + attempt.id()
                + " ended; the cell is looked at again")
                : Wait.of(Wait.Code.UNOBSERVED, new Scope.OfCell(cell.id()), "not looked at since " + attempt.id()
                + " ended");
    }

    static Wait settling(Cell cell, ProductVersion version, Instant deadline) {
        return Wait.until(Wait.Code.SETTLING, new Scope.OfCell(cell.id()), seen(cell) + ", not " + version
                + " yet", deadline);
    }

    /// The rest before the next try of a step that failed, where it is not over.
    static Optional<Wait> backingOff(Situation situation, Attempt ended) {
        var policy = situation.spec.ring(ended.ring()).map(RingSpec::policy).orElse(RingPolicy.DEFAULT);
        if (ended.pardoned() || ended.finishedAt().isEmpty()) {
            return Optional.empty();
        }
        var again = policy.pace().backOff().after(ended);
        return situation.now.isBefore(again) ? Optional.of(Wait.until(Wait.Code.BACKING_OFF,
                new Scope.OfCell(ended.id().cell()), ended.id() + " did not work: " + CellStandings.ending(ended)
                + "; the next try comes at " + WholeSeconds.end(again), again)) : Optional.empty();
    }

    static Wait unreachable(Cell cell) {
        return Wait.of(Wait.Code.UNREACHABLE, new Scope.OfCell(cell.id()), cell.sight().isEmpty()
                ? "never looked at yet"
                : "cannot be reached since " + WholeSeconds.at(cell.sight().get().since())
                + "; cambium deploy VERSION --cell " + cell.id() + " tries all the same");
    }

    /// Why nothing is started on a cell that is off duty.
    static Wait away(Cell cell) {
        var scope = new Scope.OfCell(cell.id());
        var membership = cell.membership();
        var text = membership.duty().word() + " by " + membership.by() + ": " + membership.why();
        return switch (membership.duty()) {
            case Duty.Deferred(var until) -> Wait.until(Wait.Code.DEFERRED, scope, text, until);
            case Duty.Leaving() -> Wait.of(Wait.Code.LEAVING, scope, text);
            case Duty.Quarantined() -> Wait.of(Wait.Code.QUARANTINED, scope, text);
            case Duty.OnDuty() -> throw new IllegalStateException("cell " + cell.id() + " is on duty");
        };
    }

    static Wait brake(Scope subject, Brake brake) {
        return Wait.of(Wait.Code.BRAKED, subject, brake.told());
    }

    /// What the last look showed, as the beginning of a sentence.
    static String seen(Cell cell) {
        if (!cell.reachable()) {
            return "it cannot be reached";
        }
        return cell.sight().flatMap(Cell.Sight::version).map(version -> "it reports " + version)
                .orElse("it reports no version");
    }
}
