package cambium.server.health;

import cambium.server.http.TrafficObserver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The figures of this process, in Prometheus's form. Other parts add theirs to the [#registry].
public final class Meters implements TrafficObserver {
    private static final Duration[] BUCKETS = {Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(25),
        Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(10)};
    private static final int MAX_SERIES = 4096;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Series, Timer> requests = new ConcurrentHashMap<>();

    private record Series(String route, String method, int status) {}

    public Meters() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /// Where counters, gauges and timers are registered; names in Micrometer's form (`cambium.push`).
    public MeterRegistry registry() {
        return registry;
    }

    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /// Of what only ever grows and is counted elsewhere. Somebody else must hold on to `counted`.
    public <T> void count(String name, String description, T counted, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, counted, value).description(description).register(registry);
    }

    @Override
    public void answered(String template, String method, int status, Duration took) {
        var series = new Series(template, method, status);
        var timer = requests.get(series);
        if (timer == null && requests.size() < MAX_SERIES) {
            timer = requests.computeIfAbsent(series, this::timer);
        }
        if (timer != null) {
            timer.record(took);
        }
    }

    byte[] scrape() {
        return registry.scrape().getBytes(StandardCharsets.UTF_8);
    }

    private Timer timer(Series series) {
        return Timer.builder("http.server.requests").description("Requests by route, method and status")
                .tag("route", series.route).tag("method", series.method).tag("status", Integer.toString(series.status))
                .serviceLevelObjectives(BUCKETS).register(registry);
    }
}
