package cambium.server.repository.webhook;

import cambium.server.access.HmacSha256;
import cambium.server.http.Json;
import cambium.server.http.OutgoingPosts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.Record;

/// Sends webhooks their events, in order, until each is taken: an answer of 200 to 299 takes them.
public final class WebhookSender {
    public static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Webhooks webhooks;
    private final OutgoingPosts posts;

    public WebhookSender(Webhooks webhooks, OutgoingPosts posts) {
        this.webhooks = webhooks;
        this.posts = posts;
    }

    /// Sends everything that is due.
    public void sendAll() throws InterruptedException {
        for (var due = webhooks.claim(); due.isPresent(); due = webhooks.claim()) {
            send(due.get());
        }
    }

    private void send(Webhooks.Due due) throws InterruptedException {
        byte[] body = body(due);
        var headers = new LinkedHashMap<String, String>();
        headers.put("User-Agent", "cambium-webhook");
        headers.put("X-Cambium-Signature", "sha256=" + signature(due.secret(), body));
        headers.put("X-Cambium-Last-Event", Long.toString(due.lastNumber()));
        switch (posts.post(URI.create(due.url()), headers, body)) {
            case OutgoingPosts.Outcome.Answered(int status) when status >= 200 && status < 300 ->
                webhooks.delivered(due, "answered " + status);
            case OutgoingPosts.Outcome.Answered(int status) -> webhooks.failed(due, "answered " + status);
            case OutgoingPosts.Outcome.Failed(String reason) -> webhooks.failed(due, reason);
        }
    }

    private static byte[] body(Webhooks.Due due) {
        var json = new LinkedHashMap<String, Object>();
        json.put("repository", due.repository());
        json.put("events", due.events().stream().map(WebhookSender::json).toList());
        return Json.write(json);
    }

    private static Map<String, Object> json(Record event) {
        var json = new LinkedHashMap<String, Object>();
        json.put("number", event.get("number", Long.class));
        json.put("at", event.get("at", Instant.class).toString());
        json.put("actor", event.get("actor", String.class));
        json.put("kind", event.get("kind", String.class));
        json.put("subject", event.get("subject", String.class));
        json.put("before", read(event.get("before", String.class)));
        json.put("after", read(event.get("after", String.class)));
        return json;
    }

    private static Object read(String json) {
        return json == null ? null : Json.read(json.getBytes(StandardCharsets.UTF_8));
    }

    /// HMAC-SHA256 of the body, in lower-case hexadecimal digits.
    static String signature(byte[] secret, byte[] body) {
        return HexFormat.of().formatHex(HmacSha256.of(secret, body));
    }
}
