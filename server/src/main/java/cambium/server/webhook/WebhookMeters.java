package cambium.server.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicInteger;

/// What `/metrics` tells of the webhooks of the fleet or of all repositories: deliveries by how they ended, and
/// receivers that have not taken what they were sent last (`waiting`) or are told nothing more (`stopped`).
final class WebhookMeters {
    private static final String DELIVERIES = "cambium.webhooks.deliveries";

    private final Counter delivered;
    private final Counter failed;
    private final Counter refused;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger stopped = new AtomicInteger();

    /// @param of `fleet` or `repositories`
    WebhookMeters(MeterRegistry registry, String of) {
        this.delivered = registry.counter(DELIVERIES, "of", of, "result", "delivered");
        this.failed = registry.counter(DELIVERIES, "of", of, "result", "failed");
        this.refused = registry.counter(DELIVERIES, "of", of, "result", "refused");
        registry.gauge("cambium.webhooks.waiting", Tags.of("of", of), waiting);
        registry.gauge("cambium.webhooks.stopped", Tags.of("of", of), stopped);
    }

    void settled(Transport.Outcome outcome) {
        switch (outcome) {
            case Transport.Outcome.Taken _ -> delivered.increment();
            case Transport.Outcome.NotTaken _, Transport.Outcome.Unclear _ -> failed.increment();
            case Transport.Outcome.Refusal _ -> refused.increment();
        }
    }

    void stand(int waitingNow, int stoppedNow) {
        waiting.set(waitingNow);
        stopped.set(stoppedNow);
    }
}
