package cambium.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How many cells of a fleet a new declaration touches. Each is counted once, for the first reason that applies. Cells
/// that are added count on both sides, so adding them never makes another change look smaller.
///
/// @param of all cells before and after the change together
/// @param altered cells whose own fields differ
/// @param byRing cells that stay as they are in a ring whose policy or whose side of the perimeter differs
/// @param byFleet cells touched only because something differs that holds for the whole fleet: its name, product,
///     graduation, windows, measuring, a wider share for large changes, or a shorter rest of changes
/// @param limit the share that the fleet allowed before the change
public record ChangeShare(int of, int removed, int added, int moved, int altered, int byRing, int byFleet,
        LargeChange limit) {

    private record Place(CellSpec cell, RingNumber ring) {}

    public static ChangeShare between(FleetSpec before, FleetSpec after) {
        var known = places(before);
        var next = places(after);
        var all = new TreeSet<>(known.keySet());
        all.addAll(next.keySet());
        int removed = 0;
        int added = 0;
        int moved = 0;
        int altered = 0;
        int byRing = 0;
        int byFleet = 0;
        boolean everywhere = everywhere(before, after);
        var rings = rings(before, after);
        for (var id : all) {
            var old = known.get(id);
            var now = next.get(id);
            if (now == null) {
                removed++;
            } else if (old == null) {
                added++;
            } else if (!old.ring().equals(now.ring())) {
                moved++;
            } else if (!old.cell().equals(now.cell())) {
                altered++;
            } else if (rings.contains(now.ring())) {
                byRing++;
            } else if (everywhere) {
                byFleet++;
            }
        }
        return new ChangeShare(all.size(), removed, added, moved, altered, byRing, byFleet, before.largeChange());
    }

    /// Whether something differs that holds for all rings, whatever their policies say.
    static boolean everywhere(FleetSpec before, FleetSpec after) {
        return !before.name().equals(after.name()) || !before.product().equals(after.product())
                || before.graduation() != after.graduation() || !before.rules().equals(after.rules())
                || !before.measuring().equals(after.measuring())
                || after.largeChange().percent() > before.largeChange().percent()
                || after.changeRest().rest().compareTo(before.changeRest().rest()) < 0;
    }

    /// Rings whose policy or whose side of the perimeter differs.
    private static Set<RingNumber> rings(FleetSpec before, FleetSpec after) {
        var policies = new HashMap<RingNumber, RingPolicy>();
        before.rings().forEach(ring -> policies.put(ring.ring(), ring.policy()));
        return after.rings().stream().filter(ring -> !ring.policy().equals(policies.get(ring.ring()))
                || ring.ring().compareTo(before.perimeter()) > 0 != ring.ring().compareTo(after.perimeter()) > 0)
                .map(RingSpec::ring).collect(Collectors.toSet());
    }

    private static TreeMap<CellId, Place> places(FleetSpec spec) {
        var places = new TreeMap<CellId, Place>();
        spec.rings().forEach(ring -> ring.cells().forEach(cell ->
                places.put(cell.cell(), new Place(cell, ring.ring()))));
        return places;
    }

    public int cells() {
        return removed + added + moved + altered + byRing + byFleet;
    }

    public boolean large() {
        return 100L * cells() > (long) limit.percent() * of;
    }

    /// `7 of 9 cells (77 %): 4 removed, 3 by the policy of their ring`
    public String told() {
        var parts = new ArrayList<String>();
        part(removed, "removed", parts);
        part(added, "added", parts);
        part(moved, "moved", parts);
        part(altered, "with fields of their own", parts);
        part(byRing, "by the policy or side of their ring", parts);
        part(byFleet, "by what holds for the whole fleet", parts);
        return cells() + " of " + of + " cells (" + 100L * cells() / of + " %)"
                + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
    }

    private static void part(int count, String what, List<String> parts) {
        if (count > 0) {
            parts.add(count + " " + what);
        }
    }
}
