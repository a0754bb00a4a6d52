package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// The rules for members of a ring that are away, new, moved here, late or out of reach, so that one cell never holds
/// a ring for longer, or harms a version more, than the ring's policy says.
final class Members {
    private final Situation situation;
    private final RingSpec ring;
    private final Ring.Target target;
    private final boolean offlineExcused;
    private final boolean established;
    private final boolean proved;

    /// @param failures of the target that count against it, among the members
    Members(Situation situation, RingSpec ring, Ring.Target target, long failures) {
        this.situation = situation;
        this.ring = ring;
        this.target = target;
        int tolerated = ring.policy().toleratedFailures();
        long offline = tolerated == 0 ? 1 : situation.members(ring).filter(this::offline).count();
        offlineExcused = failures + offline <= tolerated;
        established = situation.members(ring).anyMatch(cell -> !cell.membership().offDuty(situation.now)
                && !cameAfter(cell));
        proved = target.provedAt().isPresent()
                && situation.members(ring).anyMatch(cell -> cell.provedGood(target.version()));
    }

    RingStanding.Member of(Cell cell, CellStanding standing) {
        boolean late = proved && !cell.provedGood(target.version()) && !cell.heldOff(target.version());
        return new RingStanding.Member(cell, standing, late, late && !situation.now.isBefore(joinedBy(cell)));
    }

    /// How long the ring waits for a late cell.
    private Instant joinedBy(Cell cell) {
        var since = cell.membership().countsSince();
        var proved = target.provedAt().orElseThrow();
        return (since.isAfter(proved) ? since : proved).plus(ring.policy().cells().joinWithin());
    }

    /// Why its ring goes on without the cell, if a person said so.
    Optional<Wait> away(Cell cell) {
        return cell.membership().offDuty(situation.now) ? Optional.of(Waits.away(cell)) : Optional.empty();
    }

    /// Why a cell that came after the ring began to take its version does not get it yet, if so. A cell that was moved
    /// keeps what it has; a new one, or one that returns, joins what the ring has proved, and proves nothing for it.
    Optional<Wait> later(Cell cell) {
        if (!cameAfter(cell) || cell.provedGood(target.version())) {
            return Optional.empty();
        }
        var scope = new Scope.OfCell(cell.id());
        var membership = cell.membership();
        if (membership.movedFrom().isPresent() && cell.given().isPresent()) {
            return Optional.of(Wait.of(Wait.Code.MOVED, scope, "moved here from ring " + membership.movedFrom().get()
                    + " and keeps " + cell.given().get().version() + " until ring " + ring.ring()
                    + " takes another version; cambium deploy " + target.version() + " --cell " + cell.id()
                    + " brings it in line now"));
        }
        return proved || !established ? Optional.empty() : Optional.of(Wait.of(Wait.Code.JOINING, scope,
                "joins once ring " + ring.ring() + " has proved " + target.version()));
    }

    private boolean cameAfter(Cell cell) {
        return cell.membership().countsSince().isAfter(target.openedAt());
    }

    /// Excused while no more cells failed or are out of reach than the ring tolerates.
    CellStanding outOfReach(Cell cell) {
        var wait = Waits.unreachable(cell);
        boolean excused = offlineExcused && offline(cell) && !ring.policy().mandatory().includes(cell.spec());
        return excused ? new CellStanding.Excused(wait) : new CellStanding.Stuck(wait);
    }

    /// Out of reach for longer than a step may take.
    private boolean offline(Cell cell) {
        return cell.lostContact() && !cell.membership().offDuty(situation.now)
                && !situation.now.isBefore(cell.sight().orElseThrow().since().plus(ring.policy().timeout()));
    }
}
