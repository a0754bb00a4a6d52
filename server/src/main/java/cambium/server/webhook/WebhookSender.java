package cambium.server.webhook;

import cambium.server.sql.Recurring;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Sends webhooks their events, in order, until each is taken.
public final class WebhookSender {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(15);
    /// So that a receiver that lets us wait does not keep all others waiting.
    private static final int AT_ONCE = 2;

    private final Webhooks webhooks;
    private final Transports transports;
    private final WebhookMeters meters;

    /// @param of `fleet` or `repositories`: whose events these are in `/metrics`
    public WebhookSender(Webhooks webhooks, Transports transports, MeterRegistry registry, String of) {
        this.webhooks = webhooks;
        this.transports = transports;
        this.meters = new WebhookMeters(registry, of);
    }

    /// Begins to send, until each of these is closed. Any number of processes may.
    public List<Recurring> start(String name) {
        var sending = Stream.generate(() -> Recurring.start(name, Duration.ZERO, BETWEEN_LOOKS, this::sendAll))
            .limit(AT_ONCE);
        return Stream.concat(sending, Stream.of(Recurring.start(name + " counted", Duration.ZERO, BETWEEN_COUNTS,
            () -> webhooks.stand(meters::stand)))).toList();
    }

    /// Sends everything that is due.
    private void sendAll() throws InterruptedException {
        for (var due = webhooks.claim(); due.isPresent(); due = webhooks.claim()) {
            if (due.get().told().events().isEmpty()) {
                webhooks.passed(due.get());
            } else {
                var delivery = due.get().delivery();
                var outcome = transports.of(delivery.address()).carry(delivery);
                meters.settled(outcome);
                webhooks.settle(due.get(), outcome);
            }
        }
    }
}
