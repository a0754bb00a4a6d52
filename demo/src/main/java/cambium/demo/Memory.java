package cambium.demo;

import cambium.demo.FleetView.CellView;
import cambium.demo.FleetView.RingView;
import cambium.demo.FleetView.VersionView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What was ever seen, by the number of the look at which it was seen first. The expectations are questions to it.
final class Memory {
    private final ExampleFleet fleet;
    private final Map<String, Integer> firstSeen = new HashMap<>();
    private int looks;

    Memory(ExampleFleet fleet) {
        this.fleet = fleet;
    }

    void remember(Moment moment) {
        looks++;
        moment.answers().forEach((cell, version) -> see(ran(cell, version)));
        for (VersionView version : moment.fleet().versions()) {
            see("state " + version.version() + " " + version.state());
            if (version.graduated()) {
                see("graduated " + version.version());
            }
        }
        for (RingView ring : moment.fleet().rings()) {
            ring.target().filter(_ -> ring.state().equals("baking"))
                    .ifPresent(target -> see(baked(ring.ring(), target)));
        }
        for (CellView cell : moment.fleet().cells()) {
            cell.pdmVersion().ifPresent(version -> see(migrated(cell.cell(), version)));
            cell.version().filter(_ -> cell.verdict().equals("harmful"))
                    .ifPresent(version -> see("harmful " + version));
        }
    }

    private void see(String fact) {
        firstSeen.putIfAbsent(fact, looks);
    }

    private static String ran(String cell, String version) {
        return "ran " + cell + " " + version;
    }

    private static String baked(int ring, String version) {
        return "baking " + ring + " " + version;
    }

    private static String migrated(String cell, String version) {
        return "pdm " + cell + " " + version;
    }

    boolean everRan(List<DemoCell> cells, String version) {
        return cells.stream().anyMatch(cell -> firstSeen.containsKey(ran(cell.name(), version)));
    }

    boolean sawHarm(String version) {
        return firstSeen.containsKey("harmful " + version);
    }

    boolean sawBlocked(String version) {
        return firstSeen.containsKey("state " + version + " blocked");
    }

    /// Each ring was seen baking the version before any cell of the next ring ran it.
    boolean bakedRingByRing(String version) {
        for (int ring : new TreeSet<>(fleet.cells().stream().map(DemoCell::ring).toList())) {
            Optional<Integer> baked = first(baked(ring, version));
            if (baked.isEmpty() || ranBefore(ring, version, baked.get())) {
                return false;
            }
        }
        return true;
    }

    private boolean ranBefore(int ring, String version, int look) {
        return fleet.beyond(ring).stream().map(cell -> first(ran(cell.name(), version)))
                .anyMatch(ran -> ran.filter(at -> at <= look).isPresent());
    }

    /// The migrations had run on the cell when the version was first seen graduated.
    boolean migratedBeforeGraduation(String cell, String version) {
        Optional<Integer> migrated = first(migrated(cell, version));
        Optional<Integer> graduated = first("graduated " + version);
        return migrated.isPresent() && graduated.isPresent() && migrated.get() <= graduated.get();
    }

    /// No cell beyond the perimeter was seen with the version before it was graduated.
    boolean graduatedBeforeLeaving(String version) {
        Optional<Integer> graduated = first("graduated " + version);
        return graduated.isPresent() && !ranBefore(fleet.perimeter(), version, graduated.get() - 1);
    }

    private Optional<Integer> first(String fact) {
        return Optional.ofNullable(firstSeen.get(fact));
    }
}
