package cambium.server.webhook;

import cambium.server.access.HmacSha256;
import cambium.server.http.Json;
import cambium.server.http.OutgoingPosts;
import cambium.server.sql.Recurring;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/// Sends webhooks their events, in order, until each is taken: an answer of 200 to 299 takes them.
public final class WebhookSender {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /// So that a receiver that lets us wait does not keep all others waiting.
    private static final int AT_ONCE = 2;

    private final Webhooks webhooks;
    private final OutgoingPosts posts;

    public WebhookSender(Webhooks webhooks, OutgoingPosts posts) {
        this.webhooks = webhooks;
        this.posts = posts;
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
                send(due.get());
            }
        }
    }

    private void send(Webhooks.Due due) throws InterruptedException {
        byte[] body = body(due.told());
        var headers = new LinkedHashMap<String, String>();
        headers.put("User-Agent", "cambium-webhook");
        headers.put("X-Cambium-Signature", "sha256=" + signature(due.secret(), body));
        headers.put("X-Cambium-Delivery", due.id() + "-" + due.first() + "-" + due.told().last());
        headers.put("X-Cambium-Last-Event", Long.toString(due.told().last()));
        switch (posts.post(URI.create(due.url()), headers, body)) {
            case OutgoingPosts.Outcome.Answered(int status) when status >= 200 && status < 300 ->
                webhooks.delivered(due, "answered " + status);
            case OutgoingPosts.Outcome.Answered(int status) -> webhooks.failed(due, "answered " + status);
            case OutgoingPosts.Outcome.Failed(String reason) -> webhooks.failed(due, reason);
        }
    }

    private static byte[] body(EventLog.Told told) {
        var json = new LinkedHashMap<String, Object>(told.about());
        json.put("events", told.events());
        return Json.write(json);
    }

    /// HMAC-SHA256 of the body, in lower-case hexadecimal digits.
    static String signature(byte[] secret, byte[] body) {
        return HexFormat.of().formatHex(HmacSha256.of(secret, body));
    }
}
