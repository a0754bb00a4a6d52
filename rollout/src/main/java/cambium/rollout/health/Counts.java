package cambium.rollout.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What happened between the first and the last sound reading. A counter that went down was started anew: what it shows
/// then was counted since.
///
/// @param latencies requests by upper bound in seconds, each counted once
record Counts(double requests, double errors, SortedMap<Double, Double> latencies, List<Double> saturation,
        Duration time, Optional<Instant> last) {

    static Counts of(List<HealthSample> readings) {
        var sound = readings.stream().filter(HealthSample::sound).toList();
        double requests = 0;
        double errors = 0;
        var latencies = new TreeMap<Double, Double>();
        for (int i = 1; i < sound.size(); i++) {
            var from = sound.get(i - 1);
            var to = sound.get(i);
            boolean restarted = to.requests() < from.requests() || to.errors() < from.errors();
            requests += restarted ? to.requests() : to.requests() - from.requests();
            errors += restarted ? to.errors() : to.errors() - from.errors();
            addLatencies(restarted || !comparable(from, to) ? List.of() : from.latencies(), to.latencies(), latencies);
        }
        var time = sound.size() < 2 ? Duration.ZERO : Duration.between(sound.getFirst().at(), sound.getLast().at());
        var saturation = sound.stream().flatMapToDouble(reading -> reading.saturation().stream()).boxed().toList();
        return new Counts(requests, Math.min(errors, requests), latencies, saturation, time,
                sound.isEmpty() ? Optional.empty() : Optional.of(sound.getLast().at()));
    }

    static Counts together(List<Counts> parts) {
        double requests = 0;
        double errors = 0;
        var latencies = new TreeMap<Double, Double>();
        var saturation = new ArrayList<Double>();
        var time = Duration.ZERO;
        for (var part : parts) {
            requests += part.requests();
            errors += part.errors();
            part.latencies().forEach((bound, count) -> latencies.merge(bound, count, Double::sum));
            saturation.addAll(part.saturation());
            time = time.plus(part.time());
        }
        return new Counts(requests, errors, latencies, saturation, time, Optional.empty());
    }

    private static boolean comparable(HealthSample from, HealthSample to) {
        if (from.latencies().size() != to.latencies().size()) {
            return false;
        }
        for (int i = 0; i < from.latencies().size(); i++) {
            var earlier = from.latencies().get(i);
            var later = to.latencies().get(i);
            if (earlier.upperSeconds() != later.upperSeconds() || later.count() < earlier.count()) {
                return false;
            }
        }
        return true;
    }

    private static void addLatencies(List<HealthSample.Bucket> from, List<HealthSample.Bucket> to,
            SortedMap<Double, Double> latencies) {
        double below = 0;
        for (int i = 0; i < to.size(); i++) {
            double count = to.get(i).count() - (from.isEmpty() ? 0 : from.get(i).count());
            latencies.merge(to.get(i).upperSeconds(), Math.max(0, count - below), Double::sum);
            below = count;
        }
    }

    double errorRate() {
        return requests == 0 ? 0 : errors / requests;
    }

    double requestsPerSecond() {
        return time.isZero() ? 0 : requests / (time.toMillis() / 1000.0);
    }

    double measuredLatencies() {
        return latencies.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /// The bound under which this share of the requests stayed, in seconds.
    double quantile(double share) {
        double sought = measuredLatencies() * share;
        double seen = 0;
        for (var bucket : latencies.entrySet()) {
            seen += bucket.getValue();
            if (seen >= sought) {
                return bucket.getKey();
            }
        }
        return Double.NaN;
    }
}
