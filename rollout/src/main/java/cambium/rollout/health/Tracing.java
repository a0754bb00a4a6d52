package cambium.rollout.health;

import cambium.rollout.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// Draws from what the judge looked at the series that evidence keeps: each signal of the cell before and since its
/// deployment, in at most `MAX_POINTS` windows each, and that of the cells that were not changed at the same times.
public final class Tracing {
    static final int MAX_POINTS = 24;
    private static final int DIGITS = 4;

    private final HealthInput input;
    private final List<ToldStretch> controls;

    /// A control's readings before and since.
    private record ToldStretch(Stretch before, Stretch after) {}

    private Tracing(HealthInput input) {
        this.input = input;
        controls = input.controls().stream().filter(control -> control.kind() == Control.Kind.CELL)
                .map(control -> new ToldStretch(Stretch.of(control.before(), input.now()),
                        Stretch.of(control.after(), input.now()))).toList();
    }

    public static Evidence.Traces of(HealthInput input) {
        return new Tracing(input).traces();
    }

    private Evidence.Traces traces() {
        var before = windows(Stretch.of(input.before(), input.now()));
        var after = windows(Stretch.of(input.after(), input.now()));
        var cell = Stream.concat(before.stream(), after.stream()).map(Moment::of).toList();
        var others = Stream.concat(
                before.stream().flatMap(window -> controls(window, ToldStretch::before).stream()),
                after.stream().flatMap(window -> controls(window, ToldStretch::after).stream())).toList();
        var traces = new ArrayList<Evidence.Trace>();
        signals(after).forEach((signal, figure) ->
                traces.add(new Evidence.Trace(signal, figure.unit, line(cell, figure), line(others, figure))));
        return new Evidence.Traces(input.since(), controls.size(), traces);
    }

    /// What was counted in a window, by the cell or by others.
    private record Moment(Interval window, Interval counted) {
        static Moment of(Interval window) {
            return new Moment(window, window);
        }
    }

    private Evidence.Line line(List<Moment> moments, Figure figure) {
        var seconds = new ArrayList<Long>();
        var values = new ArrayList<Double>();
        for (var moment : moments) {
            double value = figure.of(moment.counted());
            if (Double.isFinite(value)) {
                seconds.add(Duration.between(input.since(), moment.window().to()).toSeconds());
                values.add(rounded(value));
            }
        }
        return new Evidence.Line(seconds, values);
    }

    private static double rounded(double value) {
        return value == 0 ? 0 : new java.math.BigDecimal(value).round(new java.math.MathContext(DIGITS)).doubleValue();
    }

    private static List<Interval> windows(Stretch stretch) {
        var whole = stretch.whole();
        if (whole.isEmpty()) {
            return List.of();
        }
        var span = Duration.between(whole.get().from(), whole.get().to());
        var windows = stretch.windows(span.dividedBy(MAX_POINTS), 1);
        return windows.isEmpty() ? List.of(whole.get()) : windows;
    }

    /// Each control counts as one cell does: what they served together, over the same time.
    private Optional<Moment> controls(Interval window, Function<ToldStretch, Stretch> part) {
        return controls.stream().map(part).flatMap(stretch -> stretch.between(window.from(), window.to()).stream())
                .reduce(Interval::plus).map(sum -> new Moment(window, sum));
    }

    /// How a signal is read from an interval.
    private record Figure(String unit, Function<Interval, Double> read) {
        double of(Interval interval) {
            return read.apply(interval);
        }
    }

    private static Map<String, Figure> signals(List<Interval> after) {
        var signals = new java.util.LinkedHashMap<String, Figure>();
        signals.put("errors", new Figure("%", interval -> share(interval.errors(), interval.requests())));
        signals.put("latency", new Figure("s (95 %)", interval -> interval.latencies().total() == 0 ? Double.NaN
                : interval.latencies().quantile(0.95)));
        signals.put("saturation", new Figure("%", interval -> interval.saturation() * 100));
        var own = new TreeMap<String, Figure>();
        after.forEach(interval -> interval.own().keySet().forEach(name -> own.put(name, new Figure("%", each ->
                each.own().containsKey(name) ? share(each.own().get(name).bad(), each.own().get(name).all())
                        : Double.NaN))));
        signals.putAll(own);
        return signals;
    }

    private static double share(double bad, double all) {
        return all == 0 ? Double.NaN : bad / all * 100;
    }
}
