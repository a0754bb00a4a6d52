package cambium.rollout.health;

import cambium.rollout.Evidence;
import cambium.rollout.Evidence.Signal;
import cambium.rollout.health.Finding.Weight;
import cambium.rollout.health.WindowSignal.Minute;
import java.util.List;
import java.util.Optional;

/// Judges how full the tightest resource is: a minute is bad if it is nearly full and clearly fuller than in the past.
final class SaturationSignal {
    static final double FULL = 0.85;
    static final double MIN_RISE = 0.10;
    private static final double CONTROL_RISE = 0.05;

    private final Case measured;
    private final double past;

    SaturationSignal(Case measured) {
        this.measured = measured;
        past = measured.before().whole().map(Interval::saturation).orElse(Double.NaN);
    }

    Finding finding(double rate) {
        double after = measured.after().whole().map(Interval::saturation).orElse(Double.NaN);
        if (Double.isNaN(past) || Double.isNaN(after)) {
            return new Finding(Weight.FINE, "", Optional.empty());
        }
        var minutesBefore = measured.pastWindows().stream().map(each -> minute(past, each)).toList();
        var windows = measured.windows();
        var minutes = windows.stream().map(each -> excused(each, minute(past, each))).toList();
        var judged = new WindowSignal(minutesBefore, minutes, this::knownMinutes, rate);
        double z = Spread.zScore(WindowSignal.figures(minutesBefore), WindowSignal.figures(minutes)).orElse(0);
        var signal = new Signal("saturation", past * 100, after * 100, "%", z, judged.p,
                Optional.of(new Evidence.Weighing(judged.level, windows.size(), "its own past")));
        double newest = windows.isEmpty() ? after : windows.getLast().saturation();
        return new Finding(judged.weight, text(judged, newest), Optional.of(signal));
    }

    private static Minute minute(double past, Interval window) {
        boolean full = window.saturation() >= FULL && window.saturation() >= past + MIN_RISE;
        return new Minute(full ? Weight.HARMFUL : Weight.FINE, window.saturation());
    }

    /// Noise is what lifts it, also where it does not become full by that.
    private WindowSignal.Known knownMinutes() {
        return measured.minutesWithoutIt(interval -> interval.saturationReadings() > 0,
                (before, minute) -> minute.saturation() >= before.saturation() + MIN_RISE);
    }

    /// Controls excuse a full minute if they rose themselves, by not much less.
    private Minute excused(Interval window, Minute minute) {
        if (!minute.bad()) {
            return minute;
        }
        for (var kind : Control.Kind.values()) {
            var rise = measured.controls().stream().filter(told -> told.kind() == kind)
                    .mapToDouble(told -> told.during(window.from(), window.to()).map(Interval::saturation)
                            .orElse(Double.NaN) - told.before().map(Interval::saturation).orElse(Double.NaN))
                    .filter(Double::isFinite).average();
            if (rise.isPresent() && rise.getAsDouble() >= CONTROL_RISE
                    && window.saturation() - past < rise.getAsDouble() + MIN_RISE) {
                return new Minute(kind == Control.Kind.CELL ? Weight.SHARED : Weight.AS_YESTERDAY, minute.figure());
            }
        }
        return minute;
    }

    private String text(WindowSignal judged, double newest) {
        var is = "nearly full: in the newest minute " + CountSignal.percent(newest) + " of the tightest resource in"
                + " use, was " + CountSignal.percent(past);
        return switch (judged.weight) {
            case FINE -> "";
            case AS_YESTERDAY -> is + "; as a day earlier at this time";
            case SUSPECT -> is + "; it may pass, more minutes will tell";
            case SHARED -> is + "; but siblings that were not changed are fuller too, so it is not told apart";
            case HARMFUL -> is + "; " + judged.lasted;
        };
    }
}
