package cambium.rollout.health;

import java.util.Arrays;
import java.util.OptionalDouble;

/// How far figures of windows moved, in standard deviations of their mean, by how much windows of the past differed.
final class Spread {
    private static final int MIN_PAST = 5;

    private Spread() {}

    static OptionalDouble zScore(double[] past, double[] after) {
        if (past.length < MIN_PAST || after.length == 0) {
            return OptionalDouble.empty();
        }
        double was = mean(past);
        double is = mean(after);
        double variance = variance(past);
        double deviation = Math.sqrt(variance * (1.0 / past.length + 1.0 / after.length));
        return OptionalDouble.of(deviation == 0 ? 0 : (is - was) / deviation);
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum() / (values.length - 1);
    }
}
