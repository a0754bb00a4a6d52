package cambium.rollout.health;

import cambium.rollout.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

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
        var traces = new ArrayList<Evidence.Trace>();
        signals(after).forEach((signal, figure) -> {
            var cell = new Drawn();
            var others = new Drawn();
            before.forEach(window -> cell.add(window, figure.of(window)));
            after.forEach(window -> cell.add(window, figure.of(window)));
            before.forEach(window -> controls(window, ToldStretch::before)
                    .ifPresent(sum -> others.add(window, figure.of(sum))));
            after.forEach(window -> controls(window, ToldStretch::after)
                    .ifPresent(sum -> others.add(window, figure.of(sum))));
            traces.add(new Evidence.Trace(signal, figure.unit, cell.line(), others.line()));
        });
        return new Evidence.Traces(input.since(), controls.size(), traces);
    }

    /// The points of one line.
    private final class Drawn {
        private final List<Long> seconds = new ArrayList<>();
        private final List<Double> values = new ArrayList<>();

        void add(Interval window, double value) {
            if (Double.isFinite(value)) {
                seconds.add(Duration.between(input.since(), window.to()).toSeconds());
                values.add(rounded(value));
            }
        }

        Evidence.Line line() {
            return new Evidence.Line(seconds, values);
        }
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
    private Optional<Interval> controls(Interval window, Function<ToldStretch, Stretch> part) {
        return controls.stream().map(part).flatMap(stretch -> stretch.between(window.from(), window.to()).stream())
                .reduce(Interval::plus);
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
