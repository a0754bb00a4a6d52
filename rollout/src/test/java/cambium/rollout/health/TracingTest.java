package cambium.rollout.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Evidence.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TracingTest {
    private static HealthInput input(CellTraffic cell, double errorRate, List<Control> controls) {
        var before = cell.past(20, 0.01, 0.02);
        var after = cell.readings(30, 20, errorRate, 0.02);
        var since = before.getLast().at();
        return new HealthInput(before, after, controls, since, after.getLast().at(), Duration.ofMinutes(1), Set.of());
    }

    private static double most(Line line, boolean since) {
        double most = Double.NaN;
        for (int i = 0; i < line.seconds().size(); i++) {
            if (line.seconds().get(i) > 0 == since) {
                most = Double.isNaN(most) ? line.values().get(i) : Math.max(most, line.values().get(i));
            }
        }
        return most;
    }

    @Test
    void keepsWhatEachSignalDidBeforeAndSinceBesideCellsThatWereNotChanged() {
        var other = new CellTraffic(2);
        var control = new Control(Control.Kind.CELL, "c2", other.past(20, 0.01, 0.02), other.readings(30, 20, 0.01,
                0.02));
        var yesterday = new Control(Control.Kind.YESTERDAY, "a day earlier", List.of(), List.of());
        var input = input(new CellTraffic(1), 0.4, List.of(control, yesterday));
        var traces = Tracing.of(input);
        assertEquals(input.since(), traces.change());
        assertEquals(1, traces.cells(), "the cell's own yesterday is no other cell");
        assertEquals(List.of("errors", "latency", "saturation"),
                traces.traces().stream().map(each -> each.signal()).toList());
        var errors = traces.traces().getFirst();
        assertTrue(most(errors.cell(), false) < 5 && most(errors.cell(), true) > 30, errors.toString());
        assertTrue(most(errors.others(), false) < 5 && most(errors.others(), true) < 10, errors.toString());
        assertTrue(errors.cell().seconds().getFirst() < -3000 && errors.cell().seconds().getLast() > 250,
                "from an hour before to now: " + errors.cell().seconds());
        assertTrue(errors.cell().seconds().size() <= 2 * Tracing.MAX_POINTS, "and few points");
        assertEquals(errors.cell().seconds(), errors.cell().seconds().stream().sorted().distinct().toList());
        assertTrue(most(traces.traces().get(1).cell(), true) > 0.02, "95 % of the latencies");
        assertEquals(List.of(), traces.traces().get(2).cell().values(), "what is not told is not drawn");
    }

    @Test
    void drawsNothingFromReadingsThatCannotBeCountedWith() {
        var input = input(new CellTraffic(3), 0.01, List.of());
        var broken = new ArrayList<HealthSample>();
        input.after().forEach(sample -> broken.add(HealthSample.counting(sample.at(), Double.NaN, -1)));
        var traces = Tracing.of(new HealthInput(List.of(), broken, List.of(), input.since(), input.now(),
                input.maxAge(), Set.of()));
        assertEquals(0, traces.cells());
        traces.traces().forEach(trace -> assertEquals(List.of(), trace.cell().values(), trace.signal()));
    }
}
