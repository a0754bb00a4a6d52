package cambium.rollout.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was counted between two readings, or over several such intervals together.
///
/// @param saturations sum of the shares read in it, and `saturationReadings` how many they were
record Interval(Instant from, Instant to, double requests, double errors, Histogram latencies, double saturations,
        int saturationReadings, SortedMap<String, HealthSample.Ratio> own) {

    static Interval between(HealthSample from, HealthSample to) {
        boolean restarted = to.requests() < from.requests() || to.errors() < from.errors();
        double requests = restarted ? to.requests() : to.requests() - from.requests();
        double errors = restarted ? to.errors() : to.errors() - from.errors();
        var latencies = Histogram.between(restarted ? Buckets.NONE : from.buckets(), to.buckets());
        return new Interval(from.at(), to.at(), requests, Math.min(errors, requests), latencies,
                to.saturation().orElse(0), to.saturation().isPresent() ? 1 : 0, own(from, to));
    }

    private static SortedMap<String, HealthSample.Ratio> own(HealthSample from, HealthSample to) {
        if (to.own().isEmpty()) {
            return Collections.emptySortedMap();
        }
        var own = new TreeMap<String, HealthSample.Ratio>();
        to.own().forEach((name, later) -> {
            var earlier = from.own().get(name);
            if (earlier != null) {
                boolean restarted = later.bad() < earlier.bad() || later.all() < earlier.all();
                double bad = restarted ? later.bad() : later.bad() - earlier.bad();
                double all = restarted ? later.all() : later.all() - earlier.all();
                own.put(name, new HealthSample.Ratio(Math.min(bad, all), all));
            }
        });
        return own;
    }

    Interval plus(Interval later) {
        var sums = own;
        if (!own.isEmpty() || !later.own.isEmpty()) {
            sums = new TreeMap<>(own);
            for (var each : later.own.entrySet()) {
                sums.merge(each.getKey(), each.getValue(), (one, other) ->
                        new HealthSample.Ratio(one.bad() + other.bad(), one.all() + other.all()));
            }
        }
        return new Interval(from, later.to, requests + later.requests, errors + later.errors,
                latencies.plus(later.latencies), saturations + later.saturations,
                saturationReadings + later.saturationReadings, sums);
    }

    double seconds() {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    double saturation() {
        return saturationReadings == 0 ? Double.NaN : saturations / saturationReadings;
    }
}
