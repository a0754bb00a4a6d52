package cambium.bench.judge;

import cambium.rollout.Verdict;
import cambium.rollout.health.Control;
import cambium.rollout.health.HealthInput;
import cambium.rollout.health.HealthJudge;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The judge of this product, and what others do with the same readings.
final class Rivals {
    private static final List<ToDoubleFunction<Points.Point>> FIGURES =
            List.of(Points.Point::errors, Points.Point::slow, Points.Point::saturation);
    private static final int LAST_MINUTES = 5;
    private static final double MAX_ERRORS = 0.05;
    private static final double MAX_SECONDS = 1;
    private static final double MAX_SATURATION = 0.9;
    private static final double MAX_Z = 3;

    private Rivals() {}

    static List<Rival> all() {
        return List.of(ours(),
                new Rival("fixed threshold: mean of five minutes above 5 % errors, 1 s (95 %) or 90 % full",
                        Duration.ofMinutes(1), Rivals::threshold),
                new Rival("plain z-score of the last minute above 3, own past", Duration.ofMinutes(1), Rivals::zScore),
                new Rival("Kayenta-style Mann–Whitney against unchanged cells, every 5 minutes",
                        Duration.ofMinutes(5), input -> kayenta(input, input.controls().stream()
                                .filter(each -> each.kind() == Control.Kind.CELL).map(Control::after).toList())),
                new Rival("Kayenta-style Mann–Whitney against its own past, every 5 minutes",
                        Duration.ofMinutes(5), input -> kayenta(input, List.of(input.before()))));
    }

    static Rival ours() {
        return new Rival("Cambium", Duration.ofSeconds(10), input -> HealthJudge.judge(input).verdict());
    }

    private static Verdict threshold(HealthInput input) {
        var after = Points.of(input.after());
        return exceeds(after, Points.Point::errors, MAX_ERRORS) || exceeds(after, Points.Point::slow, MAX_SECONDS)
                || exceeds(after, Points.Point::saturation, MAX_SATURATION) ? Verdict.HARMFUL : Verdict.HEALTHY;
    }

    private static boolean exceeds(Points after, ToDoubleFunction<Points.Point> figure, double limit) {
        double[] all = after.of(figure);
        double[] last = Arrays.copyOfRange(all, Math.max(0, all.length - LAST_MINUTES), all.length);
        return Arrays.stream(last).average().orElse(0) > limit;
    }

    private static Verdict zScore(HealthInput input) {
        var before = Points.of(input.before());
        var after = Points.of(input.after());
        boolean harmful = FIGURES.stream().anyMatch(figure -> {
            double[] was = before.of(figure);
            double[] is = after.of(figure);
            if (was.length < 2 || is.length == 0) {
                return false;
            }
            double mean = Arrays.stream(was).average().orElseThrow();
            double deviation = Math.sqrt(Arrays.stream(was).map(value -> (value - mean) * (value - mean)).sum()
                    / (was.length - 1));
            return (is[is.length - 1] - mean) > MAX_Z * deviation && is[is.length - 1] > mean;
        });
        return harmful ? Verdict.HARMFUL : Verdict.HEALTHY;
    }

    private static Verdict kayenta(HealthInput input, List<List<HealthSample>> controls) {
        var experiment = Points.of(input.after());
        var control = new Points(controls.stream().flatMap(each -> Points.of(each).points().stream()).toList());
        return KayentaStyle.judge(FIGURES.stream().map(control::of).toList(),
                FIGURES.stream().map(experiment::of).toList());
    }
}
