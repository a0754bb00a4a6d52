package cambium.server.fleet;

import cambium.rollout.BrakeDrill;
import cambium.rollout.Fleet;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// The figures of the brake's daily drill, for Prometheus. True only of the process that leads. Until one passes, the
/// time since then is counted from the start of the process, so that one which never passes is noticed, too.
final class DrillMeters {
    private final AtomicReference<Double> passedAt = new AtomicReference<>();
    private final AtomicReference<Double> took = new AtomicReference<>(Double.NaN);
    private final AtomicLong failed = new AtomicLong();
    private final double began;

    DrillMeters(MeterRegistry registry, Instant began) {
        this.began = seconds(began);
        passedAt.set(this.began);
        registry.gauge("cambium.brake.drill.passed.at.seconds", passedAt, AtomicReference::get);
        registry.gauge("cambium.brake.drill.took.seconds", took, AtomicReference::get);
        registry.gauge("cambium.brake.drill.failed", failed);
    }

    void tell(Fleet fleet) {
        var drill = fleet.drill();
        passedAt.set(drill.flatMap(BrakeDrill::passedAt).map(DrillMeters::seconds).orElse(began));
        took.set(drill.filter(BrakeDrill::passed).map(last -> last.took().toMillis() / 1000.0).orElse(Double.NaN));
        failed.set(drill.filter(last -> !last.passed()).isPresent() ? 1 : 0);
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }
}
