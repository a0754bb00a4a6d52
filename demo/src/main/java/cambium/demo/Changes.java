package cambium.demo;

import cambium.demo.FleetView.CellView;
import cambium.demo.FleetView.RingView;
import cambium.demo.FleetView.VersionView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tells what is new between two looks, in few lines: versions always, rings when they do something, cells only when
/// something is wrong.
final class Changes {
    private static final Set<String> QUIET = Set.of("idle", "waiting");
    private static final Set<String> TROUBLE = Set.of("failed", "rolling-back", "unreachable", "unknown");

    private final Map<String, String> told = new HashMap<>();

    List<String> since(FleetView fleet) {
        var lines = new ArrayList<String>();
        for (VersionView version : fleet.versions()) {
            String graduated = version.graduated() && version.state().equals("rolling") ? ", graduated" : "";
            String why = version.state().equals("blocked") ? version.waiting() : "";
            tell(lines, "version " + version.version(), version.state() + graduated, why);
        }
        for (RingView ring : fleet.rings()) {
            ring.target().filter(_ -> !QUIET.contains(ring.state()))
                    .ifPresent(target -> tell(lines, "ring " + ring.ring(), ring.state() + " " + target, ""));
        }
        for (CellView cell : fleet.cells()) {
            if (TROUBLE.contains(cell.state()) || told.containsKey("cell " + cell.cell())) {
                tell(lines, "cell " + cell.cell(), cell.state() + cell.version().map(runs -> " " + runs).orElse(""),
                        cell.waiting());
            }
        }
        return lines;
    }

    private void tell(List<String> lines, String subject, String state, String why) {
        if (!state.equals(told.put(subject, state))) {
            lines.add(subject + ": " + state + (why.isEmpty() ? "" : "; " + why));
        }
    }
}
