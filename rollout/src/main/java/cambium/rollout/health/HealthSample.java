package cambium.rollout.health;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/// One reading of a cell's cumulative counters. Anything may be wrong with it: the judge drops what makes no sense.
///
/// @param requests all requests since the process started
/// @param errors those that failed
/// @param latencies requests by upper bound in seconds, cumulative and in rising order as Prometheus tells them; may be
///     empty
/// @param saturation share of the tightest resource in use, 0 to 1, where the cell tells it
public record HealthSample(Instant at, double requests, double errors, List<Bucket> latencies,
        OptionalDouble saturation) {
    public static final int MAX_BUCKETS = 200;

    public record Bucket(double upperSeconds, double count) {}

    public HealthSample {
        latencies = List.copyOf(latencies);
    }

    public static HealthSample counting(Instant at, double requests, double errors) {
        return new HealthSample(at, requests, errors, List.of(), OptionalDouble.empty());
    }

    /// No missing, negative or contradictory figure.
    boolean sound() {
        if (!count(requests) || !count(errors) || errors > requests || latencies.size() > MAX_BUCKETS) {
            return false;
        }
        double bound = Double.NEGATIVE_INFINITY;
        double count = 0;
        for (var bucket : latencies) {
            if (!(bucket.upperSeconds() > bound) || !count(bucket.count()) || bucket.count() < count) {
                return false;
            }
            bound = bucket.upperSeconds();
            count = bucket.count();
        }
        return saturation.isEmpty() || Double.isFinite(saturation.getAsDouble());
    }

    private static boolean count(double value) {
        return Double.isFinite(value) && value >= 0;
    }
}
