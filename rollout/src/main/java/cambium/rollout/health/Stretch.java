package cambium.rollout.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The sound readings of one cell over some time, as intervals between neighbours.
record Stretch(List<Interval> intervals, Optional<Instant> last) {

    /// Readings that are not sound, not newer than the one before, or of a time to come are left out.
    static Stretch of(List<HealthSample> readings, Instant now) {
        var intervals = new ArrayList<Interval>();
        HealthSample before = null;
        for (var reading : readings) {
            boolean usable = reading.sound() && !reading.at().isAfter(now)
                    && (before == null || reading.at().isAfter(before.at()));
            if (usable) {
                if (before != null) {
                    intervals.add(Interval.between(before, reading));
                }
                before = reading;
            }
        }
        return new Stretch(intervals, Optional.ofNullable(before).map(HealthSample::at));
    }

    Optional<Interval> whole() {
        return intervals.stream().reduce(Interval::plus);
    }

    /// What was counted by readings after one instant and up to another.
    Optional<Interval> between(Instant from, Instant to) {
        int first = endedBy(from);
        return intervals.subList(first, Math.max(first, endedBy(to))).stream().reduce(Interval::plus);
    }

    /// How many intervals had ended by then.
    int endedBy(Instant time) {
        int low = 0;
        int high = intervals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (intervals.get(middle).to().isAfter(time)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// Neighbouring intervals put together until each window has this length and this many measured requests. What is
    /// left at the end is no window yet; see `rest`.
    List<Interval> windows(Duration length, double measured) {
        var windows = new ArrayList<Interval>();
        int used = fill(windows, length, measured);
        return used == 0 ? List.of() : windows;
    }

    /// What is left after the last window.
    Optional<Interval> rest(Duration length, double measured) {
        int used = fill(new ArrayList<>(), length, measured);
        return intervals.subList(used, intervals.size()).stream().reduce(Interval::plus);
    }

    private int fill(List<Interval> windows, Duration length, double measured) {
        int used = 0;
        Interval open = null;
        for (int i = 0; i < intervals.size(); i++) {
            open = open == null ? intervals.get(i) : open.plus(intervals.get(i));
            if (Duration.between(open.from(), open.to()).compareTo(length) >= 0 && open.requests() >= measured) {
                windows.add(open);
                open = null;
                used = i + 1;
            }
        }
        return used;
    }
}
