package cambium.server.repository;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// What the repository half measures of itself.
final class RepositoryMeters {
    private static final Duration[] BUCKETS = {Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5),
        Duration.ofSeconds(15), Duration.ofMinutes(1)};

    private final Timer push;
    private final Timer publish;
    private final Timer visible;
    private final Counter pushedBytes;
    private final Counter generations;
    private final Counter standby;
    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong overdue = new AtomicLong();

    RepositoryMeters(MeterRegistry registry) {
        push = timer(registry, "cambium.push", "From the first byte of a push to its acknowledgement");
        publish = timer(registry, "cambium.publish", "Making one generation of a channel");
        visible = timer(registry, "cambium.push.to.visible", "From a request of admission to the signed index");
        pushedBytes = Counter.builder("cambium.pushed.bytes").description("Bytes of accepted packages")
            .register(registry);
        generations = Counter.builder("cambium.generations").description("Generations published").register(registry);
        standby = Counter.builder("cambium.standby.looks")
            .description("Looks that renewed what is served while the database is away").register(registry);
        Gauge.builder("cambium.index.pending", pending, AtomicLong::doubleValue)
            .description("Admissions and removals waiting for the index").register(registry);
        Gauge.builder("cambium.roots.overdue", overdue, AtomicLong::doubleValue)
            .description("Signed roots with less than 60 % of their stated life left").register(registry);
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS).register(registry);
    }

    void pushed(Duration took, long bytes) {
        push.record(took);
        pushedBytes.increment(bytes);
    }

    void published(Duration took) {
        publish.record(took);
        generations.increment();
    }

    void visible(Duration sinceRequest) {
        visible.record(sinceRequest);
    }

    void standbyRenewed() {
        standby.increment();
    }

    void overdue(long count) {
        overdue.set(count);
    }

    void pending(long count) {
        pending.set(count);
    }
}
