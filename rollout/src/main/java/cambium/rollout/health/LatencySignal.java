package cambium.rollout.health;

import cambium.rollout.Evidence;
import cambium.rollout.Evidence.Signal;
import cambium.rollout.health.Finding.Weight;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Judges latencies by ranks: a minute is slow if its requests were slower than those of the past by more than chance
/// and by enough to matter (Mann–Whitney on bucketed latencies, where requests of one bucket are ties).
final class LatencySignal {
    /// Chance that a request is slower than one before, from which on slowness matters; doubled latencies give 0.67.
    static final double MIN_SLOWER = 0.60;
    /// A minute with few requests must be this many standard deviations slower.
    static final double MIN_Z = 2.33;
    /// Ranks know no size: one millisecond become five is far beyond chance and nobody's harm. The median or the
    /// slowest twentieth must have moved by this much.
    static final double MIN_SECONDS = 0.010;
    private static final double CONTROL_SLOWER = 0.53;
    /// Cells differ in how much the same trouble slows them.
    private static final double CONTROL_SHARE = 0.25;

    private final Case measured;
    private final Histogram past;
    private final String reference;

    LatencySignal(Case measured) {
        this.measured = measured;
        var own = measured.before().whole().map(Interval::latencies).orElse(Histogram.EMPTY);
        boolean known = own.total() >= Case.MIN_REQUESTS;
        past = known ? own : measured.cellsBetween(measured.since(), measured.end()).map(Interval::latencies)
                .orElse(Histogram.EMPTY);
        reference = known ? "its own past" : "cells not changed";
    }

    boolean known() {
        return past.total() >= Case.MIN_REQUESTS;
    }

    Finding finding(double rate) {
        var after = measured.after().whole().map(Interval::latencies).orElse(Histogram.EMPTY);
        if (!known() || after.total() == 0) {
            return new Finding(Weight.FINE, "", Optional.empty());
        }
        var windows = measured.windows();
        var judged = new WindowSignal(measured.pastWindows().stream().map(each -> slow(each.latencies())).toList(),
                windows.stream().map(this::weigh).toList(), rate);
        var signal = new Signal("latency", bounded(past.quantile(0.95)), bounded(after.quantile(0.95)), "s (95 %)",
                zScore(after), judged.p, Optional.of(new Evidence.Weighing(judged.level, Math.round(after.total()),
                reference)));
        var recent = windows.isEmpty() ? after : windows.subList(Math.max(0, windows.size() - 5), windows.size())
                .stream().reduce(Interval::plus).orElseThrow().latencies();
        return new Finding(judged.weight, text(judged.weight, recent), Optional.of(signal));
    }

    private boolean slow(Histogram window) {
        var slower = past.slowerIn(window);
        return slower.chance() >= MIN_SLOWER && slower.zScore() >= MIN_Z
                && (slowerBy(window, 0.5) || slowerBy(window, 0.95));
    }

    private boolean slowerBy(Histogram window, double share) {
        double was = past.quantile(share);
        double is = window.quantile(share);
        return is > was && (Double.isInfinite(is) || is - was >= MIN_SECONDS);
    }

    /// Controls excuse a slow minute if they were slower themselves, by not much less.
    private Weight weigh(Interval window) {
        if (!slow(window.latencies())) {
            return Weight.FINE;
        }
        double excess = past.slowerIn(window.latencies()).chance() - 0.5;
        for (var kind : Control.Kind.values()) {
            var slower = measured.controls().stream().filter(told -> told.kind() == kind)
                    .flatMap(told -> slower(told, window.from(), window.to()).stream())
                    .mapToDouble(Double::doubleValue).average();
            if (slower.isPresent() && slower.getAsDouble() >= CONTROL_SLOWER
                    && slower.getAsDouble() - 0.5 >= CONTROL_SHARE * excess) {
                return kind == Control.Kind.CELL ? Weight.SHARED : Weight.AS_YESTERDAY;
            }
        }
        return Weight.HARMFUL;
    }

    private static Optional<Double> slower(ToldControl told, Instant from, Instant to) {
        var before = told.before().map(Interval::latencies).orElse(Histogram.EMPTY);
        var during = told.during(from, to).map(Interval::latencies).orElse(Histogram.EMPTY);
        return before.total() < Case.MIN_REQUESTS || during.total() < Case.MIN_REQUESTS ? Optional.empty()
                : Optional.of(before.slowerIn(during).chance());
    }

    /// From the spread between minutes where there are enough of them, since requests of one minute are alike.
    private double zScore(Histogram after) {
        var z = Spread.zScore(chances(measured.pastWindows()), chances(measured.windows()));
        return z.orElseGet(() -> past.slowerIn(after).zScore());
    }

    private double[] chances(List<Interval> windows) {
        return windows.stream().mapToDouble(each -> past.slowerIn(each.latencies()).chance()).toArray();
    }

    private String text(Weight weight, Histogram recent) {
        var is = "slower: half of the requests within " + seconds(recent.quantile(0.5)) + ", was "
                + seconds(past.quantile(0.5)) + "; 95 % within " + seconds(recent.quantile(0.95)) + ", was "
                + seconds(past.quantile(0.95));
        return switch (weight) {
            case FINE -> "";
            case AS_YESTERDAY -> is + "; as a day earlier at this time";
            case SUSPECT -> is + "; it may pass, more minutes will tell";
            case SHARED -> is + "; but siblings that were not changed became slower too, so it is not told apart";
            case HARMFUL -> is;
        };
    }

    /// The last bucket has no upper bound; figures shown to people and stored as JSON stay finite.
    private static double bounded(double seconds) {
        return Double.isFinite(seconds) ? seconds : Double.MAX_VALUE;
    }

    private static String seconds(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g s", value) : "more than the last bucket";
    }
}
