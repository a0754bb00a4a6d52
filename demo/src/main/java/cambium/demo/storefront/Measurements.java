package cambium.demo.storefront;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Counts what customers were answered and how long it took, and writes it down as Prometheus reads it
/// (text exposition format 0.0.4).
final class Measurements {
    /// From what a customer notices upwards. Finer ones would tell a cold start or a busy neighbour from a quiet
    /// minute, and a version would be called slow for a millisecond.
    private static final double[] BOUNDS_SECONDS = {0.1, 0.25, 0.5, 1, 2.5, 5};

    private final Map<Integer, LongAdder> byCode = new ConcurrentSkipListMap<>();
    private final LongAdder[] buckets = new LongAdder[BOUNDS_SECONDS.length + 1];
    private final LongAdder nanos = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();

    Measurements() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
        byCode.put(200, new LongAdder());
    }

    void begun() {
        inFlight.incrementAndGet();
    }

    void ended(int code, Duration took) {
        inFlight.decrementAndGet();
        byCode.computeIfAbsent(code, _ -> new LongAdder()).increment();
        nanos.add(took.toNanos());
        double seconds = took.toNanos() / 1e9;
        int bucket = 0;
        while (bucket < BOUNDS_SECONDS.length && seconds > BOUNDS_SECONDS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
    }

    int inFlight() {
        return inFlight.get();
    }

    String exposition(String version) {
        var text = new StringBuilder();
        text.append("# HELP storefront_version The running version.\n# TYPE storefront_version gauge\n")
                .append("storefront_version{version=\"").append(version).append("\"} 1\n");
        text.append("# HELP http_requests_total Requests answered.\n# TYPE http_requests_total counter\n");
        new TreeMap<>(byCode).forEach((code, count) -> text.append("http_requests_total{code=\"").append(code)
                .append("\"} ").append(count.sum()).append('\n'));
        histogram(text);
        text.append("# HELP http_requests_in_flight Requests being answered now.\n")
                .append("# TYPE http_requests_in_flight gauge\n")
                .append("http_requests_in_flight ").append(inFlight.get()).append('\n');
        return text.toString();
    }

    private void histogram(StringBuilder text) {
        text.append("# HELP http_request_duration_seconds Time to answer.\n")
                .append("# TYPE http_request_duration_seconds histogram\n");
        long sum = 0;
        for (int i = 0; i < buckets.length; i++) {
            sum += buckets[i].sum();
            String bound = i == BOUNDS_SECONDS.length ? "+Inf" : String.valueOf(BOUNDS_SECONDS[i]);
            text.append("http_request_duration_seconds_bucket{le=\"").append(bound).append("\"} ")
                    .append(sum).append('\n');
        }
        text.append("http_request_duration_seconds_sum ").append(nanos.sum() / 1e9).append('\n')
                .append("http_request_duration_seconds_count ").append(sum).append('\n');
    }
}
