package cambium.bench.judge;

import cambium.rollout.Verdict;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// The published method of Kayenta's judge, written anew: per metric a Mann–Whitney test of the experiment's points
/// against the control's, as a confidence interval of the shift (Hodges and Lehmann) at 0.98. A metric is *high* if the
/// interval lies wholly above a quarter of the estimate and the mean rose. The score is the share of metrics that pass,
/// 95 % of them are needed. Half of the metrics without data are no data. Ties get no noise here, so it is
/// deterministic.
final class KayentaStyle {
    private static final double CONFIDENCE = 0.98;
    private static final double TOLERANCE = 0.25;
    private static final int MIN_POINTS = 5;

    private KayentaStyle() {}

    static Verdict judge(List<double[]> controls, List<double[]> experiments) {
        int missing = 0;
        boolean high = false;
        for (int i = 0; i < controls.size(); i++) {
            if (controls.get(i).length < MIN_POINTS || experiments.get(i).length < MIN_POINTS) {
                missing++;
            } else {
                high |= high(controls.get(i), experiments.get(i));
            }
        }
        if (2 * missing >= controls.size()) {
            return Verdict.NO_DATA;
        }
        return high ? Verdict.HARMFUL : Verdict.HEALTHY;
    }

    private static boolean high(double[] control, double[] experiment) {
        double mean = mean(control);
        if (mean(experiment) <= mean) {
            return false;
        }
        var differences = new double[control.length * experiment.length];
        int at = 0;
        for (double c : control) {
            for (double e : experiment) {
                differences[at++] = e - c;
            }
        }
        Arrays.sort(differences);
        double estimate = differences[differences.length / 2];
        double n1 = control.length;
        double n2 = experiment.length;
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        int rank = (int) Math.floor(n1 * n2 / 2 - z * Math.sqrt(n1 * n2 * (n1 + n2 + 1) / 12));
        double lower = rank < 0 ? Double.NEGATIVE_INFINITY : differences[rank];
        return lower > TOLERANCE * Math.abs(estimate) && lower > 0;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
