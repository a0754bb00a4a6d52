package cambium.server.pages;

import cambium.rollout.Behind;
import cambium.rollout.FleetStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Sentences about cells for those who listen rather than look.
final class CellWords {
    private CellWords() {}

    /// `cell-3, secondary, ring 2, version 1.1.0, baking, 12 s left`.
    static String spoken(FleetStatus.CellStatus cell, FleetNow fleet) {
        boolean plain = cell.kind().equals("secondary") || cell.kind().equals(cell.cell());
        String kind = plain ? "" : ", " + cell.kind();
        String version = cell.version().map(name -> "version " + name).orElse("no version");
        String left = cell.waiting()
                .flatMap(FleetStatus.WaitStatus::until)
                .map(until -> ", " + Words.left(until, fleet.at()))
                .orElse("");
        String behind = behind(cell.drift().behind(), fleet).map(far -> ", " + far).orElse("");
        return cell.cell() + kind + ", ring " + cell.ring() + ", " + version + ", "
                + Words.state(cell.state()) + left + behind;
    }

    /// `2 graduated versions behind for 26 h 05 min`; empty where nothing newer has graduated.
    static Optional<String> behind(Behind behind, FleetNow fleet) {
        return behind.since().map(since -> Words.count(behind.versions(), "graduated version") + " behind for "
                + Words.length(Duration.between(since, fleet.at())));
    }

    /// The same of a ring, with the word that this is too far where its policy says so.
    static Optional<String> behind(FleetStatus.RingStatus ring, FleetNow fleet) {
        return behind(ring.drift().behind(), fleet)
                .map(far -> far + ring.drift().tooFar().map(_ -> ": too far"
                        + (pauses(ring, fleet) ? ", so the fleet is paused" : "")).orElse(""));
    }

    private static boolean pauses(FleetStatus.RingStatus ring, FleetNow fleet) {
        return fleet.paused().filter(pause -> pause.ring() == ring.ring()).isPresent();
    }

    /// `12 cells of ring 3 from c-14 to c-25, version 1.1.0, healthy`.
    static String spokenGroup(List<FleetStatus.CellStatus> cells) {
        FleetStatus.CellStatus first = cells.getFirst();
        return Words.count(cells.size(), "cell") + " of ring " + first.ring() + " from " + first.cell() + " to "
                + cells.getLast().cell() + ", " + first.version().map(name -> "version " + name).orElse("no version")
                + ", " + Words.state(first.state());
    }
}
