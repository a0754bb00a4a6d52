package cambium.rollout.health;

import cambium.rollout.Evidence;
import cambium.rollout.Evidence.Signal;
import cambium.rollout.health.Finding.Weight;
import cambium.rollout.health.WindowSignal.Minute;
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
    /// What the sentence tells is of so many minutes.
    private static final int RECENT = 5;
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
        var minutesBefore = measured.pastWindows().stream().map(this::minute).toList();
        var windows = measured.windows();
        var minutes = windows.stream().map(each -> excused(each, minute(each))).toList();
        var judged = new WindowSignal(minutesBefore, minutes, this::knownMinutes, rate);
        var signal = new Signal("latency", bounded(past.quantile(0.95)), bounded(after.quantile(0.95)), "s (95 %)",
                Spread.zScore(WindowSignal.figures(minutesBefore), WindowSignal.figures(minutes))
                .orElseGet(() -> past.slowerIn(after).zScore()), judged.p, Optional.of(new Evidence.Weighing(
                judged.level, Math.round(after.total()), reference)));
        var recent = windows.subList(Math.max(0, windows.size() - RECENT), windows.size()).stream()
                .reduce(Interval::plus).or(measured.after()::whole).orElseThrow();
        return new Finding(judged.weight, text(judged, recent), Optional.of(signal));
    }

    private Minute minute(Interval window) {
        return minute(past, window.latencies());
    }

    private static Minute minute(Histogram past, Histogram window) {
        var slower = past.slowerIn(window);
        boolean slow = slower.chance() >= MIN_SLOWER && slower.zScore() >= MIN_Z
                && (slowerBy(past, window, 0.5) || slowerBy(past, window, 0.95));
        return new Minute(slow ? Weight.HARMFUL : Weight.FINE, slower.chance());
    }

    private WindowSignal.Known knownMinutes() {
        return measured.minutesWithoutIt(interval -> interval.latencies().total() >= Case.MIN_REQUESTS,
                (before, minute) -> minute(before.latencies(), minute.latencies()).bad());
    }

    private static boolean slowerBy(Histogram past, Histogram window, double share) {
        double was = past.quantile(share);
        double is = window.quantile(share);
        return is > was && (Double.isInfinite(is) || is - was >= MIN_SECONDS);
    }

    /// Controls excuse a slow minute if they were slower themselves, by not much less.
    private Minute excused(Interval window, Minute minute) {
        if (!minute.bad()) {
            return minute;
        }
        double excess = minute.figure() - 0.5;
        for (var kind : Control.Kind.values()) {
            var slower = measured.controls().stream().filter(told -> told.kind() == kind)
                    .flatMap(told -> slower(told, window.from(), window.to()).stream())
                    .mapToDouble(Double::doubleValue).average();
            if (slower.isPresent() && slower.getAsDouble() >= CONTROL_SLOWER
                    && slower.getAsDouble() - 0.5 >= CONTROL_SHARE * excess) {
                return new Minute(kind == Control.Kind.CELL ? Weight.SHARED : Weight.AS_YESTERDAY, minute.figure());
            }
        }
        return minute;
    }

    private static Optional<Double> slower(ToldControl told, Instant from, Instant to) {
        var before = told.before().map(Interval::latencies).orElse(Histogram.EMPTY);
        var during = told.during(from, to).map(Interval::latencies).orElse(Histogram.EMPTY);
        return before.total() < Case.MIN_REQUESTS || during.total() < Case.MIN_REQUESTS ? Optional.empty()
                : Optional.of(before.slowerIn(during).chance());
    }

    private String text(WindowSignal judged, Interval recent) {
        var latencies = recent.latencies();
        var is = "slower: in the last " + Math.max(1, Math.round(recent.seconds() / 60)) + " min half of the requests"
                + " within " + seconds(latencies.quantile(0.5)) + ", was " + seconds(past.quantile(0.5))
                + "; 95 % within " + seconds(latencies.quantile(0.95)) + ", was " + seconds(past.quantile(0.95));
        return switch (judged.weight) {
            case FINE -> "";
            case AS_YESTERDAY -> is + "; as a day earlier at this time";
            case SUSPECT -> is + "; it may pass, more minutes will tell";
            case SHARED -> is + "; but siblings that were not changed became slower too, so it is not told apart";
            case HARMFUL -> is + "; " + judged.lasted;
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
