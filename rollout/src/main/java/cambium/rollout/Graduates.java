package cambium.rollout;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The versions that graduated, in the order of their rollouts, as a measure of how far cells are behind. A version
/// without a rollout, put somewhere by other hands, counts as older than all.
final class Graduates {
    private final List<Graduate> graduates;
    private final Set<Scope> pinned;
    private final Map<ProductVersion, Integer> places = new HashMap<>();
    private final Map<Integer, Behind> known = new HashMap<>();

    private record Graduate(int rollout, Instant at) {}

    Graduates(Fleet fleet) {
        pinned = fleet.pins().keySet();
        fleet.rollouts().values().forEach(rollout -> places.put(rollout.version(), rollout.number()));
        graduates = fleet.versions().values().stream()
                .filter(version -> version.graduatedAt().isPresent() && version.blocked().isEmpty()
                        && places.containsKey(version.version()))
                .map(version -> new Graduate(places.get(version.version()), version.graduatedAt().get()))
                .sorted(Comparator.comparing(Graduate::rollout)).toList();
    }

    /// How far the version that a cell was last seen running is behind.
    Behind behind(Cell cell) {
        int runs = cell.sight().flatMap(Cell.Sight::version).map(places::get).orElse(0);
        var behind = known.computeIfAbsent(runs, this::after);
        var joined = cell.membership().since();
        return new Behind(behind.versions(), behind.since().map(since -> since.isBefore(joined) ? joined : since));
    }

    /// How far a version is behind.
    Behind behind(ProductVersion version) {
        return known.computeIfAbsent(places.getOrDefault(version, 0), this::after);
    }

    /// How far the cells of a ring are behind, the worst of them. Those off duty, held off a version or
    /// pinned are so by a person's word.
    Behind behind(Collection<Cell> cells, Instant now) {
        return cells.stream().filter(cell -> !cell.membership().offDuty(now) && cell.hold().isEmpty()
                && !pinned.contains(new Scope.OfCell(cell.id())) && !pinned.contains(new Scope.OfRing(cell.ring())))
                .map(this::behind)
                .reduce(Behind.NONE, Behind::or);
    }

    /// When something that is so far behind came to be more than `most` versions behind.
    Instant passed(Behind behind, int most) {
        return graduates.subList(graduates.size() - behind.versions(), graduates.size()).stream().map(Graduate::at)
                .sorted().skip(most).findFirst().orElseThrow();
    }

    private Behind after(int rollout) {
        var newer = graduates.stream().filter(graduate -> graduate.rollout() > rollout).toList();
        return new Behind(newer.size(), newer.stream().map(Graduate::at).min(Instant::compareTo));
    }
}
