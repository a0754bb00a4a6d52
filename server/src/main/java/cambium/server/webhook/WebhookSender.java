package cambium.server.webhook;

import cambium.server.sql.Recurring;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Sends webhooks their events, in order, until each is taken.
public final class WebhookSender {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /// So that a receiver that lets us wait does not keep all others waiting.
    private static final int AT_ONCE = 2;

    private final Webhooks webhooks;
    private final Transports transports;

    public WebhookSender(Webhooks webhooks, Transports transports) {
        this.webhooks = webhooks;
        this.transports = transports;
    }

    /// Begins to send, until each of these is closed. Any number of processes may.
    public List<Recurring> start(String name) {
        return Stream.generate(() -> Recurring.start(name, Duration.ZERO, BETWEEN_LOOKS, this::sendAll)).limit(AT_ONCE)
            .toList();
    }

    /// Sends everything that is due.
    private void sendAll() throws InterruptedException {
        for (var due = webhooks.claim(); due.isPresent(); due = webhooks.claim()) {
            if (due.get().told().events().isEmpty()) {
                webhooks.passed(due.get());
            } else {
                var delivery = due.get().delivery();
                webhooks.settle(due.get(), transports.of(delivery.address()).carry(delivery));
            }
        }
    }
}
