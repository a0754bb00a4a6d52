package cambium.server.fleet.observe;

import cambium.rollout.health.HealthSample;
import cambium.server.fleet.observe.CellFetch.Fetched;
import cambium.server.fleet.observe.PrometheusText.Reading;
import cambium.server.fleet.observe.PrometheusText.Series;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/// Makes one health sample of a cell's Prometheus text: `http_requests_total` by `code` or `status`, where 5xx are
/// errors, and the histogram `http_request_duration_seconds`; as saturation the share of file descriptors in use.
/// A text that is malformed, or in which a wanted figure cannot be counted with, gives none: half a sample is no data.
final class MetricsReader {
    private static final String REQUESTS = "http_requests_total";
    private static final String LATENCIES = "http_request_duration_seconds_bucket";
    private static final String OPEN_FILES = "process_open_fds";
    private static final String MAX_FILES = "process_max_fds";
    private static final Set<String> WANTED = Set.of(REQUESTS, LATENCIES, OPEN_FILES, MAX_FILES);

    private MetricsReader() {}

    static Optional<HealthSample> read(Instant at, Fetched fetched) {
        if (!(fetched instanceof Fetched.Body(var bytes))
                || !(PrometheusText.read(bytes, WANTED) instanceof Reading.Read(var series, var dropped))
                || dropped > 0) {
            return Optional.empty();
        }
        var requests = named(series, REQUESTS);
        if (requests.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HealthSample(at, sum(requests),
                sum(requests.stream().filter(MetricsReader::failed).toList()),
                latencies(named(series, LATENCIES)), saturation(series)));
    }

    private static List<Series> named(List<Series> series, String name) {
        return series.stream().filter(each -> each.name().equals(name)).toList();
    }

    private static double sum(List<Series> series) {
        return series.stream().mapToDouble(Series::value).sum();
    }

    private static boolean failed(Series series) {
        return series.labels().getOrDefault("code", series.labels().getOrDefault("status", "")).startsWith("5");
    }

    private static List<HealthSample.Bucket> latencies(List<Series> series) {
        return buckets(series.stream().map(each -> Map.entry((Map<String, String>) each.labels(), each.value()))
                .toList());
    }

    /// Buckets of several series (one a route, say) with the same bound are one bucket. Too many tell nothing.
    static List<HealthSample.Bucket> buckets(List<Map.Entry<Map<String, String>, Double>> series) {
        var byBound = new TreeMap<Double, Double>();
        for (var each : series) {
            bound(each.getKey().getOrDefault("le", ""))
                    .ifPresent(bound -> byBound.merge(bound, each.getValue(), Double::sum));
        }
        return byBound.size() > HealthSample.MAX_BUCKETS ? List.of() : byBound.entrySet().stream()
                .map(entry -> new HealthSample.Bucket(entry.getKey(), entry.getValue())).toList();
    }

    private static OptionalDouble bound(String text) {
        if (text.equals("+Inf")) {
            return OptionalDouble.of(Double.POSITIVE_INFINITY);
        }
        return text.matches("[0-9]{1,12}(\\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?")
                ? OptionalDouble.of(Double.parseDouble(text)) : OptionalDouble.empty();
    }

    private static OptionalDouble saturation(List<Series> series) {
        var most = sum(named(series, MAX_FILES));
        return most > 0 ? OptionalDouble.of(sum(named(series, OPEN_FILES)) / most) : OptionalDouble.empty();
    }
}
