package cambium.server.pages;

import cambium.rollout.FleetStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Shares few seats among many cells: cells that look alike (same version and state) stand together.
final class DotGroups {
    private DotGroups() {}

    /// At most `seats` groups where that is possible at all (there are never fewer groups than different looks);
    /// one cell each while they fit.
    static List<List<FleetStatus.CellStatus>> of(List<FleetStatus.CellStatus> cells, int seats) {
        if (cells.size() <= seats) {
            return cells.stream().map(List::of).toList();
        }
        List<FleetStatus.CellStatus> sorted = cells.stream()
                .sorted(Comparator.comparing((FleetStatus.CellStatus cell) -> cell.version().orElse(""))
                        .thenComparing(FleetStatus.CellStatus::state))
                .toList();
        for (int together = (cells.size() + seats - 1) / seats; ; together++) {
            List<List<FleetStatus.CellStatus>> groups = grouped(sorted, together);
            if (groups.size() <= seats || together >= cells.size()) {
                return groups;
            }
        }
    }

    private static List<List<FleetStatus.CellStatus>> grouped(List<FleetStatus.CellStatus> sorted, int together) {
        var groups = new ArrayList<List<FleetStatus.CellStatus>>();
        int start = 0;
        for (int end = 1; end <= sorted.size(); end++) {
            if (end == sorted.size() || end - start == together || !alike(sorted.get(start), sorted.get(end))) {
                groups.add(sorted.subList(start, end));
                start = end;
            }
        }
        return groups;
    }

    private static boolean alike(FleetStatus.CellStatus one, FleetStatus.CellStatus other) {
        return one.version().equals(other.version()) && one.state().equals(other.state());
    }
}
