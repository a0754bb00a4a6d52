package cambium.rollout;

import java.util.Optional;

/// The last look before an attempt starts, on the state in which its start would be recorded.
record StartCheck(Situation situation, Attempt attempt) {

    Optional<Wait> hindrance() {
        if (situation.fleet.log().read().isPresent()) {
            return situation.fleet.log().brake().map(brake -> Waits.brake(scope(), brake));
        }
        var cell = situation.fleet.cells().get(attempt.id().cell());
        return switch (attempt.id().step()) {
            case DEPLOY -> away(cell).or(() -> deployment(cell));
            case QA -> away(cell).or(() -> ofPresentVersion(cell));
            case PDM -> away(cell).or(() -> situation.brakeOn(cell, attempt.version())
                    .map(brake -> Waits.brake(scope(), brake))
                    .or(() -> pinned(cell))
                    .or(() -> situation.policyOf(cell).pdm() == RingPolicy.Pdm.WITH_DEPLOYMENT ? Optional.empty()
                            : situation.closed(cell.ring(), scope()))
                    .or(() -> ofPresentVersion(cell)));
            case ROLLBACK -> rollback(cell);
        };
    }

    private Optional<Wait> pinned(Cell cell) {
        return situation.pinOn(cell, attempt.version()).map(pin -> Waits.pinned(scope(), pin, attempt.version()));
    }

    private Optional<Wait> away(Cell cell) {
        return cell.membership().offDuty(situation.now) ? Optional.of(Waits.away(cell)) : Optional.empty();
    }

    /// The attempt itself is taken away and the cell judged anew: what remains must be ready for just this step.
    private Optional<Wait> deployment(Cell cell) {
        var target = situation.fleet.rings().get(cell.ring()).target();
        if (!cell.ring().equals(attempt.ring()) || target.filter(known -> known.rollout() == attempt.id().rollout())
                .isEmpty()) {
            return Optional.of(Wait.of(Wait.Code.OVERTAKEN, scope(), attempt.version() + " is no longer what ring "
                    + cell.ring() + " takes"));
        }
        if (movedSince(cell)) {
            return Optional.of(Wait.of(Wait.Code.MOVED, scope(), "was moved since " + attempt.id()
                    + " was asked for"));
        }
        if (situation.version(attempt.version()).failures().containsKey(cell.id())) {
            return Optional.of(Wait.of(Wait.Code.FAILED, scope(), attempt.version() + " failed here"));
        }
        if (cell.heldOff(attempt.version())) {
            return Optional.of(Wait.of(Wait.Code.HELD, scope(), "held off " + attempt.version()));
        }
        return situation.brakeOn(cell, attempt.version()).map(brake -> Waits.brake(scope(), brake))
                .or(() -> pinned(cell))
                .or(() -> situation.ringHindrance(cell.ring(), target.get()).flatMap(RingStanding::waitOf))
                .or(() -> goesOn(cell) ? Optional.empty() : situation.closed(cell.ring(), scope()))
                .or(() -> place(cell)).or(() -> rate(cell));
    }

    /// Away from its ring and back: what was asked of it as a member is asked of it no more.
    private boolean movedSince(Cell cell) {
        return cell.membership().movedFrom().isPresent() && cell.membership().since().isAfter(attempt.requestedAt());
    }

    /// The policy may have become narrower since the start was asked for.
    private Optional<Wait> place(Cell cell) {
        var ring = situation.spec.ring(cell.ring()).orElseThrow();
        long running = ring.cells().stream().map(other -> situation.fleet.cells().get(other.cell()))
                .filter(Situation::deploying).count();
        return running < ring.policy().atOnce().among((int) situation.members(ring).count()) ? Optional.empty()
                : Optional.of(Wait.of(Wait.Code.AT_ONCE, scope(), running + " deployments run in ring " + ring.ring()
                        + " already"));
    }

    /// A further try of what the cell was given before belongs to a deployment that has begun.
    private boolean goesOn(Cell cell) {
        return cell.given().filter(given -> given.version().equals(attempt.version())
                && given.attempt().step() == Step.DEPLOY).isPresent();
    }

    /// Earlier tries on the cell itself count, too.
    private Optional<Wait> rate(Cell cell) {
        var ring = situation.spec.ring(cell.ring()).orElseThrow();
        return new RecentStarts(ring, situation.members(ring).toList(), situation.now, false).spent(scope());
    }

    private Optional<Wait> ofPresentVersion(Cell cell) {
        var version = situation.fleet.version(attempt.version());
        if (version.isEmpty() || version.get().blocked().isPresent()) {
            return Optional.of(Wait.of(Wait.Code.BLOCKED, scope(), attempt.version() + " is blocked"));
        }
        return cell.runs(attempt.version()) ? Optional.empty()
                : Optional.of(Wait.of(Wait.Code.SETTLING, scope(), Waits.seen(cell) + ", not " + attempt.version()));
    }

    private Optional<Wait> rollback(Cell cell) {
        var trouble = Trouble.of(situation.fleet, cell);
        if (trouble.isEmpty() || !trouble.get().target(cell).equals(Optional.of(attempt.version()))) {
            return Optional.of(Wait.of(Wait.Code.ROLLBACK_REFUSED, scope(), "there is no longer a reason to go back to "
                    + attempt.version()));
        }
        return trouble.get().refusal(situation.fleet, cell)
                .map(why -> Wait.of(Wait.Code.ROLLBACK_REFUSED, scope(), why));
    }

    private Scope scope() {
        return new Scope.OfCell(attempt.id().cell());
    }
}
