package cambium.rollout;

import cambium.rollout.FleetCommand.Answer.Refused;
import java.time.Instant;
import java.util.HashMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Holds a change of a declaration to the [ChangeRest] of the fleet: it goes outward ring by ring, and rests in each.
/// Cells that come, go or move are members of a ring and no change of it; the quarantine proves nothing and has no
/// place in the order.
public final class RingByRing {
    private RingByRing() {}

    /// The rings whose policy differs, or a cell of which differs in its own fields and stays there.
    public static SortedSet<RingNumber> changed(FleetSpec before, FleetSpec after) {
        var changed = new TreeSet<RingNumber>();
        for (var ring : after.rings()) {
            if (ring.ring().compareTo(RingNumber.INNERMOST) >= 0
                    && before.ring(ring.ring()).filter(known -> differs(known, ring)).isPresent()) {
                changed.add(ring.ring());
            }
        }
        return changed;
    }

    private static boolean differs(RingSpec before, RingSpec after) {
        if (!before.policy().equals(after.policy())) {
            return true;
        }
        var cells = new HashMap<CellId, CellSpec>();
        before.cells().forEach(cell -> cells.put(cell.cell(), cell));
        return after.cells().stream().anyMatch(cell -> !cells.getOrDefault(cell.cell(), cell).equals(cell));
    }

    /// Whether something differs that holds for all rings.
    private static boolean everywhere(FleetSpec before, FleetSpec after) {
        return ChangeShare.everywhere(before, after) || !before.perimeter().equals(after.perimeter());
    }

    /// The ring through which a fleet takes that declaration first, where it would not take it whole.
    public static Optional<RingNumber> first(FleetSpec before, FleetSpec after) {
        var rings = changed(before, after);
        return before.changeRest().asked() && rings.size() + (everywhere(before, after) ? 1 : 0) > 1
                ? Optional.of(rings.first()) : Optional.empty();
    }

    /// Why the fleet does not take that declaration now; never where it asks for no rest.
    ///
    /// @return `ring_by_ring` where several rings would change together, `change_rests` where a ring further in has
    ///     not had its change long enough, `change_braked` where one was braked while the change rested there
    static Optional<Refused> refusal(Fleet fleet, FleetSpec after, Instant now) {
        var before = fleet.spec().orElseThrow();
        if (!before.changeRest().asked()) {
            return Optional.empty();
        }
        var rings = changed(before, after);
        boolean everywhere = everywhere(before, after);
        var first = first(before, after);
        if (first.isPresent()) {
            return Optional.of(new Refused("ring_by_ring", "the change touches "
                    + rings.stream().map(ring -> "ring " + ring).collect(Collectors.joining(", "))
                    + (everywhere ? " and what holds for the whole fleet" : "") + ", and this fleet takes changes ring "
                    + "by ring with " + Pace.words(before.changeRest().rest()) + " between: take it through ring "
                    + first.get() + " first, or say why it goes everywhere at once"));
        }
        if (rings.isEmpty() && !everywhere) {
            return Optional.empty();
        }
        var what = rings.isEmpty() ? "what holds for the whole fleet" : "ring " + rings.first();
        return fleet.rings().values().stream()
                .filter(ring -> rings.isEmpty() || ring.number().compareTo(rings.first()) < 0)
                .flatMap(ring -> ring.changedAt().flatMap(at -> hindrance(fleet, ring.number(), at, what, now))
                        .stream())
                .findFirst();
    }

    private static Optional<Refused> hindrance(Fleet fleet, RingNumber inner, Instant changed, String what,
            Instant now) {
        var over = changed.plus(fleet.spec().orElseThrow().changeRest().rest());
        var brake = fleet.brakes().values().stream().filter(each -> holds(each, inner)
                && !each.since().isBefore(changed) && each.since().isBefore(over)).findFirst();
        if (brake.isPresent()) {
            return Optional.of(new Refused("change_braked", "ring " + inner + " took a change at "
                    + WholeSeconds.at(changed) + " and " + brake.get().scope()
                    + " was braked while it rested there, which may be why: " + what
                    + " takes one once that brake is released"));
        }
        return now.isBefore(over) ? Optional.of(new Refused("change_rests", "ring " + inner + " took a change at "
                + WholeSeconds.at(changed) + ", and " + what + " takes one from " + WholeSeconds.end(over)
                + " on")) : Optional.empty();
    }

    private static boolean holds(Brake brake, RingNumber inner) {
        return brake.scope() instanceof Scope.FleetWide
                || brake.scope() instanceof Scope.OfRing(var ring) && ring.equals(inner);
    }
}
