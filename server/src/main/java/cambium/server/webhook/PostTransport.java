package cambium.server.webhook;

import cambium.server.access.HmacSha256;
import cambium.server.http.Json;
import cambium.server.http.OutgoingPosts;
import cambium.server.http.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;

/// Posts events as JSON, signed with the webhook's secret: an answer of 200 to 299 takes them.
final class PostTransport implements Transport, AutoCloseable {
    private static final int MOST_EVENTS = 50;

    private final OutgoingPosts posts;

    PostTransport(OutgoingPosts posts) {
        this.posts = posts;
    }

    @Override
    public String checked(String address) {
        posts.problem(address).ifPresent(problem -> {
            throw new Refused(422, "url_not_allowed", problem, "url");
        });
        return address;
    }

    @Override
    public int mostEvents() {
        return MOST_EVENTS;
    }

    @Override
    public Duration rest() {
        return Duration.ZERO;
    }

    @Override
    public Outcome carry(Delivery delivery) throws InterruptedException {
        byte[] body = body(delivery.told());
        var headers = new LinkedHashMap<String, String>();
        headers.put("User-Agent", "cambium-webhook");
        headers.put("X-Cambium-Signature", "sha256=" + signature(delivery.secret(), body));
        headers.put("X-Cambium-Delivery", delivery.name());
        headers.put("X-Cambium-Last-Event", Long.toString(delivery.told().last()));
        return switch (posts.post(URI.create(delivery.address()), headers, body)) {
            case OutgoingPosts.Outcome.Answered(int status) when status >= 200 && status < 300 ->
                new Outcome.Taken("answered " + status);
            case OutgoingPosts.Outcome.Answered(int status) -> new Outcome.NotTaken("answered " + status);
            case OutgoingPosts.Outcome.Failed(String reason) -> new Outcome.Unclear(reason);
        };
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

    @Override
    public void close() {
        posts.close();
    }
}
