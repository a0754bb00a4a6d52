package cambium.bench.judge;

import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// A time series with one point a minute, as a query of a metrics server gives it.
record Points(List<Point> points) {
    /// @param errors share of requests; `slow` the 95th percentile in seconds; NaN where there was no request
    record Point(double requests, double errors, double slow, double saturation) {}

    static Points of(List<HealthSample> samples) {
        var points = new ArrayList<Point>();
        HealthSample from = null;
        for (var sample : samples) {
            if (!Double.isFinite(sample.requests())) {
                continue;
            }
            if (from != null && sample.requests() < from.requests()) {
                from = sample;
            }
            if (from != null && Duration.between(from.at(), sample.at()).toSeconds() >= 60) {
                points.add(point(from, sample));
                from = sample;
            } else if (from == null) {
                from = sample;
            }
        }
        return new Points(points);
    }

    private static Point point(HealthSample from, HealthSample to) {
        double requests = to.requests() - from.requests();
        return new Point(requests, requests == 0 ? Double.NaN : (to.errors() - from.errors()) / requests,
                requests == 0 ? Double.NaN : quantile(from, to), to.saturation().orElse(Double.NaN));
    }

    /// Within a bucket as Prometheus' `histogram_quantile` does it.
    private static double quantile(HealthSample from, HealthSample to) {
        int last = to.latencies().size() - 1;
        double sought = 0.95 * added(from, to, last);
        double lower = 0;
        double below = 0;
        for (int i = 0; i < last; i++) {
            double count = added(from, to, i);
            double upper = to.latencies().get(i).upperSeconds();
            if (count >= sought) {
                return lower + (upper - lower) * (sought - below) / Math.max(1e-9, count - below);
            }
            lower = upper;
            below = count;
        }
        return lower;
    }

    private static double added(HealthSample from, HealthSample to, int bucket) {
        return to.latencies().get(bucket).count() - from.latencies().get(bucket).count();
    }

    double[] of(ToDoubleFunction<Point> figure) {
        return points.stream().mapToDouble(figure).filter(Double::isFinite).toArray();
    }
}
