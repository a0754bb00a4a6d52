package cambium.rollout.health;

import cambium.rollout.Evidence;
import cambium.rollout.Evidence.Signal;
import cambium.rollout.health.Finding.Weight;
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
        var windows = measured.windows();
        var judged = new WindowSignal(measured.pastWindows().stream().map(this::full).toList(),
                windows.stream().map(this::weigh).toList(), rate);
        double z = Spread.zScore(values(measured.pastWindows()), values(windows)).orElse(0);
        var signal = new Signal("saturation", past * 100, after * 100, "%", z, judged.p,
                Optional.of(new Evidence.Weighing(judged.level, windows.size(), "its own past")));
        double newest = windows.isEmpty() ? after : windows.getLast().saturation();
        return new Finding(judged.weight, text(judged.weight, newest), Optional.of(signal));
    }

    private boolean full(Interval window) {
        return window.saturation() >= FULL && window.saturation() >= past + MIN_RISE;
    }

    private static double[] values(List<Interval> windows) {
        return windows.stream().mapToDouble(Interval::saturation).filter(Double::isFinite).toArray();
    }

    /// Controls excuse a full minute if they rose themselves, by not much less.
    private Weight weigh(Interval window) {
        if (!full(window)) {
            return Weight.FINE;
        }
        for (var kind : Control.Kind.values()) {
            var rise = measured.controls().stream().filter(told -> told.kind() == kind)
                    .mapToDouble(told -> told.during(window.from(), window.to()).map(Interval::saturation)
                            .orElse(Double.NaN) - told.before().map(Interval::saturation).orElse(Double.NaN))
                    .filter(Double::isFinite).average();
            if (rise.isPresent() && rise.getAsDouble() >= CONTROL_RISE
                    && window.saturation() - past < rise.getAsDouble() + MIN_RISE) {
                return kind == Control.Kind.CELL ? Weight.SHARED : Weight.AS_YESTERDAY;
            }
        }
        return Weight.HARMFUL;
    }

    private String text(Weight weight, double newest) {
        var is = "nearly full: " + CountSignal.percent(newest) + " of the tightest resource in use, was "
                + CountSignal.percent(past);
        return switch (weight) {
            case FINE -> "";
            case AS_YESTERDAY -> is + "; as a day earlier at this time";
            case SUSPECT -> is + "; it may pass, more minutes will tell";
            case SHARED -> is + "; but siblings that were not changed are fuller too, so it is not told apart";
            case HARMFUL -> is;
        };
    }
}
