package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// A cell that runs, or was being given, a version that it must go back from.
///
/// @param byPerson a person asked for it, and may send the cell further back than its last known good
record Trouble(ProductVersion version, String why, boolean byPerson, boolean withDowntime) {
    static final int MAX_TRIES = 3;

    /// What can be done about it.
    sealed interface Way {
        record Begin(ProductVersion target) implements Way {}

        record UnderWay(Wait because) implements Way {}

        record Refused(Wait because) implements Way {}

        /// The blocked version is what the cell baked last; automation leaves it there.
        record Stays(Wait because) implements Way {}
    }

    static Optional<Trouble> of(Fleet fleet, Cell cell) {
        if (cell.membership().duty() instanceof Duty.Leaving) {
            return Optional.empty();
        }
        var given = cell.given().map(Cell.Given::version).flatMap(version -> with(fleet, cell, version));
        if (given.isPresent()) {
            return given;
        }
        return cell.sight().filter(Cell.Sight::reachable).flatMap(Cell.Sight::version)
                .flatMap(version -> with(fleet, cell, version));
    }

    private static Optional<Trouble> with(Fleet fleet, Cell cell, ProductVersion version) {
        if (cell.heldOff(version)) {
            var hold = cell.hold().orElseThrow();
            return Optional.of(new Trouble(version, "taken back by " + hold.by() + ": " + hold.why(), true,
                    hold.withDowntime()));
        }
        if (cell.ring().equals(RingNumber.QUARANTINE)) {
            return Optional.empty();
        }
        var known = fleet.versions().get(version);
        if (known == null) {
            return Optional.empty();
        }
        if (known.blocked().isPresent()) {
            var blocked = known.blocked().get();
            return Optional.of(new Trouble(version, version + " is " + blocked.ground().word() + ": " + blocked.why(),
                    blocked.takesBack(), blocked.withDowntime()));
        }
        return Optional.ofNullable(known.failures().get(cell.id()))
                .map(failure -> new Trouble(version, version + " failed here: " + failure.why(), false, false));
    }

    /// Where the cell would go back to.
    Optional<ProductVersion> target(Cell cell) {
        return good(cell).map(Cell.Proof::version);
    }

    private Optional<Cell.Proof> good(Cell cell) {
        return !cell.provedGood(version) ? cell.lastKnownGood() : byPerson ? cell.previousGood() : Optional.empty();
    }

    private WayBack wayBack(Fleet fleet, Cell cell) {
        return good(cell).map(good -> WayBack.of(fleet, cell, version, good)).orElse(new WayBack.Open());
    }

    /// Why the migrations that ran here keep the cell from going back, if they do.
    Optional<Crossed> crossed(Fleet fleet, Cell cell) {
        return switch (wayBack(fleet, cell)) {
            case WayBack.Open _ -> Optional.empty();
            case WayBack.WithDowntime(var because) -> withDowntime ? Optional.empty()
                    : Optional.of(new Crossed("migration_crossed", because + ", so going back to "
                            + target(cell).orElseThrow() + " needs downtime: cambium rollback --with-downtime"));
            case WayBack.Closed(var because) -> Optional.of(new Crossed("migration_irreversible", because
                    + ", so the cell cannot go back to " + target(cell).orElseThrow()
                    + "; restore its data first, or go forward"));
        };
    }

    /// @param code of a refused rollback
    record Crossed(String code, String text) {}

    Way way(Fleet fleet, Cell cell, Instant now) {
        var scope = new Scope.OfCell(cell.id());
        var current = cell.current();
        if (current.isPresent()) {
            return new Way.UnderWay(Waits.attempt(current.get()));
        }
        if (cell.provedGood(version) && !byPerson) {
            return new Way.Stays(Wait.of(Wait.Code.BLOCKED, scope, kept(fleet, cell)));
        }
        var refusal = refusal(fleet, cell);
        if (refusal.isPresent()) {
            return new Way.Refused(Wait.of(Wait.Code.ROLLBACK_REFUSED, scope, refusal.get()));
        }
        return tried(cell, now);
    }

    /// Names the command only where it would not be refused.
    private String kept(Fleet fleet, Cell cell) {
        var asked = new Trouble(version, why + "; the cell baked it before and keeps it", true, false);
        return asked.refusal(fleet, cell).orElseGet(() -> asked.why + " until a person says cambium rollback "
                + cell.id());
    }

    /// Why the cell cannot go back at all, if so.
    Optional<String> refusal(Fleet fleet, Cell cell) {
        var target = target(cell);
        if (target.isEmpty()) {
            return Optional.of(why + "; there is no version known good to go back to");
        }
        if (fleet.version(target.get()).filter(known -> known.blocked().isPresent()).isPresent()) {
            return Optional.of(why + "; it would go back to " + target.get() + ", which is blocked");
        }
        return crossed(fleet, cell).map(crossed -> why + "; " + crossed.text());
    }

    private Way tried(Cell cell, Instant now) {
        var target = target(cell).orElseThrow();
        var last = cell.last(Step.ROLLBACK).filter(attempt -> attempt.previous().filter(version::equals).isPresent());
        if (last.isEmpty() || last.get().finishedAt().isEmpty()) {
            return new Way.Begin(target);
        }
        var finishedAt = last.get().finishedAt().get();
        boolean seen = cell.sight().filter(sight -> sight.at().isAfter(finishedAt)).isPresent();
        if (!seen && (last.get().lost() || last.get().succeeded())) {
            return new Way.UnderWay(Waits.unobserved(cell, last.get()));
        }
        var deadline = finishedAt.plus(last.get().timeout());
        if (last.get().succeeded() && now.isBefore(deadline)) {
            return new Way.UnderWay(Waits.settling(cell, target, deadline));
        }
        if (last.get().ran() >= MAX_TRIES) {
            return new Way.Refused(Wait.of(Wait.Code.TRIES_SPENT, new Scope.OfCell(cell.id()),
                    "rollback to " + target + " was tried " + last.get().ran()
                    + " times without success; a person must look"));
        }
        return new Way.Begin(target);
    }
}
