package cambium.rollout;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// A fleet that gets ahead of its outer rings pauses itself, where their policy says so: nothing new begins in ring 0
/// until they have caught up. What is under way goes on. A ring counts by what it takes, not by what its cells run, so
/// that one cell out of reach pauses nothing; a pinned ring stays behind by a person's word. A ring that nothing can
/// reach any more of what has begun pauses nothing either: only something new can help it.
final class Lateness {
    private static final Set<Wait.Code> OUT_OF_SIGHT = EnumSet.of(Wait.Code.UNREACHABLE, Wait.Code.UNOBSERVED);

    private Lateness() {}

    /// Why ring 0 does not open for a rollout now, if it is for that.
    static Optional<Wait> before(Situation situation, int rollout, ProductVersion version) {
        return passes(situation.fleet, rollout, version) ? Optional.empty()
                : late(situation).map(late -> Wait.of(Wait.Code.PAUSED,
                        new Scope.OfRing(RingNumber.INNERMOST), version + " does not begin while ring " + late.ring()
                        + " is too far behind: " + late.text() + ", since " + WholeSeconds.at(late.since())
                        + "; it begins by itself once that ring has caught up, and before that cambium approve "
                        + version + " --ring 0 lets it in, as a hotfix passes"));
    }

    /// A hotfix, or what a person let into ring 0 by name.
    private static boolean passes(Fleet fleet, int rollout, ProductVersion version) {
        return fleet.rollouts().get(rollout).hotfix().isPresent() || fleet.version(version)
                .filter(known -> !known.approvals().in(RingNumber.INNERMOST).given().isEmpty()).isPresent();
    }

    /// The innermost ring whose lateness pauses the fleet, if one does.
    static Optional<TooFarBehind> late(Situation situation) {
        var limited = situation.spec.rings().stream().filter(ring -> ring.ring().value() > 0
                && ring.policy().cells().mostBehind().filter(limit -> limit.then() == BehindLimit.Then.PAUSE)
                        .isPresent() && situation.pinned(new Scope.OfRing(ring.ring())).isEmpty()).toList();
        if (limited.isEmpty()) {
            return Optional.empty();
        }
        var graduates = new Graduates(situation.fleet);
        return limited.stream().flatMap(ring -> TooFarBehind.in(ring, behind(situation, graduates, ring.ring()),
                graduates, situation.now)).filter(late -> somethingComesTo(situation, late.ring())).findFirst();
    }

    /// A ring that takes nothing, since what it took was blocked, counts by its cells.
    private static Behind behind(Situation situation, Graduates graduates, RingNumber ring) {
        return situation.fleet.rings().get(ring).target().map(target -> graduates.behind(target.version()))
                .orElseGet(() -> graduates.behind(situation.fleet.cells().values().stream().filter(cell ->
                        cell.ring().equals(ring)).toList(), situation.now));
    }

    /// Whether a ring inside holds something newer that can still get here, by itself or once a brake is released.
    private static boolean somethingComesTo(Situation situation, RingNumber ring) {
        int passed = situation.fleet.rings().get(ring).target().map(Ring.Target::rollout).orElse(0);
        for (var standing : situation.standings().reversed()) {
            if (standing.spec().ring().compareTo(ring) < 0 && standing.target().rollout() > passed) {
                if (goesOn(situation, standing) && wayIsOpen(situation, standing, ring)) {
                    return true;
                }
                passed = standing.target().rollout();   // nothing older comes past it
            }
        }
        return false;
    }

    /// A brake ends by its release, and a cell that proved the version and went out of sight comes back: neither ends
    /// the pause. What waits for the ring inside goes on if that one does.
    private static boolean goesOn(Situation situation, RingStanding standing) {
        boolean waitsForInner = standing.members().stream().noneMatch(member ->
                member.standing() instanceof CellStanding.Moving) && standing.members().stream()
                .filter(member -> !member.overdue()).flatMap(member -> RingStanding.waitOf(member).stream())
                .anyMatch(wait -> wait.code() == Wait.Code.INNER_RING);
        return waitsForInner ? situation.standing(standing.spec().ring().inner())
                .filter(inner -> goesOn(situation, inner)).isPresent() : movesByItself(standing);
    }

    private static boolean movesByItself(RingStanding standing) {
        return !standing.stalled() || standing.members().stream().anyMatch(member -> RingStanding.waitOf(member)
                .filter(wait -> wait.code() == Wait.Code.BRAKED || OUT_OF_SIGHT.contains(wait.code())
                        && member.cell().provedGood(standing.target().version())).isPresent());
    }

    private static boolean wayIsOpen(Situation situation, RingStanding from, RingNumber to) {
        var version = from.target().version();
        return situation.mayStillLeave(to, version) && situation.spec.rings().stream().map(RingSpec::ring)
                .noneMatch(between -> between.compareTo(from.spec().ring()) > 0 && between.compareTo(to) < 0
                && situation.pinOn(between, version).isPresent());
    }
}
