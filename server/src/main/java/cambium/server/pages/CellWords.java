package cambium.server.pages;

import cambium.rollout.FleetStatus;
import java.util.List;

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
        return cell.cell() + kind + ", ring " + cell.ring() + ", " + version + ", "
                + Words.state(cell.state()) + left;
    }

    /// `12 cells of ring 3 from c-14 to c-25, version 1.1.0, healthy`.
    static String spokenGroup(List<FleetStatus.CellStatus> cells) {
        FleetStatus.CellStatus first = cells.getFirst();
        return Words.count(cells.size(), "cell") + " of ring " + first.ring() + " from " + first.cell() + " to "
                + cells.getLast().cell() + ", " + first.version().map(name -> "version " + name).orElse("no version")
                + ", " + Words.state(first.state());
    }
}
