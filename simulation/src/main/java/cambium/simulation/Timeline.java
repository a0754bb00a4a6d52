package cambium.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What happened, in order, for people to read. Kept only where somebody will.
final class Timeline {
    private final VirtualTime time;
    private final boolean kept;
    private final List<String> lines = new ArrayList<>();

    Timeline(VirtualTime time, boolean kept) {
        this.time = time;
        this.kept = kept;
    }

    void tell(String who, Supplier<String> what) {
        if (kept) {
            lines.add(stamp(time.elapsed()) + "  " + String.format("%-12s", who) + "  " + what.get());
        }
    }

    private static String stamp(Duration elapsed) {
        return String.format("%3d:%02d:%02d.%03d", elapsed.toHours(), elapsed.toMinutesPart(), elapsed.toSecondsPart(),
                elapsed.toMillisPart());
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
