package cambium.rollout.health;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/// One reading of a cell's cumulative counters. Anything may be wrong with it: the judge drops what makes no sense.
///
/// @param requests all requests since the process started
/// @param errors those that failed
/// @param latencies requests by upper bound in seconds, cumulative and in rising order as Prometheus tells them; may be
///     empty
/// @param saturation share of the tightest resource in use, 0 to 1, where the cell tells it
/// @param own counters of the fleet's own signals, by name
public record HealthSample(Instant at, double requests, double errors, List<Bucket> latencies,
        OptionalDouble saturation, SortedMap<String, Ratio> own) {
    public static final int MAX_BUCKETS = 200;
    public static final int MAX_OWN = 16;

    public record Bucket(double upperSeconds, double count) {}

    /// Two counters: what went wrong, of how many.
    public record Ratio(double bad, double all) {}

    public HealthSample {
        latencies = Buckets.of(latencies);
        own = own.isEmpty() ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(new TreeMap<>(own));
    }

    public HealthSample(Instant at, double requests, double errors, List<Bucket> latencies,
            OptionalDouble saturation) {
        this(at, requests, errors, latencies, saturation, Collections.emptySortedMap());
    }

    public static HealthSample counting(Instant at, double requests, double errors) {
        return new HealthSample(at, requests, errors, List.of(), OptionalDouble.empty());
    }

    /// The same, in less memory beside the reading before.
    public HealthSample after(HealthSample before) {
        return new HealthSample(at, requests, errors, buckets().sharing(before.buckets()), saturation, own);
    }

    Buckets buckets() {
        return Buckets.of(latencies);
    }

    /// No missing, negative or contradictory figure.
    boolean sound() {
        if (!count(requests) || !count(errors) || errors > requests || latencies.size() > MAX_BUCKETS
                || own.size() > MAX_OWN) {
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
        return (saturation.isEmpty() || Double.isFinite(saturation.getAsDouble()))
                && own.values().stream().allMatch(ratio -> count(ratio.bad()) && count(ratio.all())
                && ratio.bad() <= ratio.all());
    }

    private static boolean count(double value) {
        return Double.isFinite(value) && value >= 0;
    }
}
