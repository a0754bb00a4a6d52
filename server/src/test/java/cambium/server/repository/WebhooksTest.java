package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import cambium.server.testing.Eventually;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks against a real receiver on this machine, which the server of the test allows.
final class WebhooksTest {
    private static final String PATH = "/api/repositories/acme/shop/webhooks";

    @TempDir
    Path data;

    private record Received(byte[] body, String signature) {}

    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private RepositoryServer server;
    private HttpServer receiver;

    @BeforeEach
    void start() throws IOException {
        server = RepositoryServer.start(data);
        server.create("acme", "shop");
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (refusals.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(500, -1);
            } else {
                received.add(new Received(body, exchange.getRequestHeaders().getFirst("X-Cambium-Signature")));
                exchange.sendResponseHeaders(204, -1);
            }
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
        server.close();
    }

    private JsonNode created(String url, int status) {
        HttpResponse<String> answer = server.send(server.authorized(PATH).header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"url\":\"" + url + "\"}")));
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private String address() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
    }

    private List<String> kinds() {
        var kinds = new ArrayList<String>();
        received.forEach(one -> Json.read(one.body()).path("events").forEach(event ->
            kinds.add(event.path("kind").asText() + " " + event.path("subject").asText())));
        return kinds;
    }

    @Test
    void tellsOfAPackageInOrderUntilTheReceiverHasTakenItAndSignsWhatItSays() throws Exception {
        String secret = created(address(), 201).path("secret").asText();
        refusals.set(2);
        server.pushed("acme/shop", TestDeb.of("hello", "1.0-7", "amd64"));
        String subject = " debian/bookworm/hello_1.0-7_amd64.deb";
        Eventually.holds("both events have come", () -> kinds().containsAll(List.of("package_added" + subject,
            "package_indexed" + subject)));
        List<String> told = kinds().stream().filter(kind -> kind.endsWith(subject)).toList();
        assertEquals(List.of("package_added" + subject, "package_indexed" + subject), told);
        for (Received one : received) {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            assertEquals("sha256=" + HexFormat.of().formatHex(mac.doFinal(one.body())), one.signature());
            assertEquals("acme/shop", Json.read(one.body()).path("repository").asText());
        }
    }

    @Test
    void saysWhatBecameOfTheLastDeliveryAndNeverShowsTheSecretAgain() {
        JsonNode webhook = created(address(), 201);
        refusals.set(Integer.MAX_VALUE);
        server.pushed("acme/shop", TestDeb.of("hello", "1.0-7", "amd64"));
        Eventually.holds("a failed try is seen", () -> server.json(PATH).path("webhooks").path(0)
            .path("last_result").asText().equals("answered 500"));
        String list = server.get(PATH).body();
        assertTrue(webhook.path("secret").asText().matches("[0-9a-f]{48}"), "a new secret is shown");
        assertFalse(list.contains(webhook.path("secret").asText()));
    }

    @Test
    void aWebhookThatWasEndedIsToldNothing() {
        JsonNode webhook = created(address(), 201);
        assertEquals(200, server.send(server.authorized(PATH + "/" + webhook.path("id").asText()).DELETE())
            .statusCode());
        assertEquals(404, server.send(server.authorized(PATH + "/" + webhook.path("id").asText()).DELETE())
            .statusCode());
        JsonNode other = created(address() + "/other", 201);
        server.pushed("acme/shop", TestDeb.of("hello", "1.0-7", "amd64"));
        Eventually.holds("the other one is told", () -> !received.isEmpty());
        assertTrue(other.path("id").asLong() > webhook.path("id").asLong());
        assertEquals(1, server.json(PATH).path("webhooks").size());
    }

    @Test
    void aTestIsSentAtOnceSignedAndMovesNothing() throws Exception {
        JsonNode webhook = created(address(), 201);
        String test = PATH + "/" + webhook.path("id").asText() + "/test";
        refusals.set(1);
        String before = server.get(PATH).body();
        assertEquals("{\"result\":\"answered 500\",\"taken\":false}", sorted(tested(test, 200)));
        assertEquals("{\"result\":\"answered 204\",\"taken\":true}", sorted(tested(test, 200)));
        assertEquals(before, server.get(PATH).body(), "no failed try, no last delivery");
        assertEquals(List.of("webhook_test "), kinds());
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(webhook.path("secret").asText().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertEquals("sha256=" + HexFormat.of().formatHex(mac.doFinal(received.peek().body())),
            received.peek().signature());

        server.pushed("acme/shop", TestDeb.of("hello", "1.0-7", "amd64"));
        Eventually.holds("what happens is told as ever", () -> kinds().contains(
            "package_indexed debian/bookworm/hello_1.0-7_amd64.deb"));
        tested(PATH + "/999/test", 404);
        tested(PATH + "/x/test", 404);
    }

    private JsonNode tested(String path, int status) {
        var answer = server.send(server.authorized(path).POST(BodyPublishers.noBody()));
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String sorted(JsonNode json) {
        return "{\"result\":\"" + json.path("result").asText() + "\",\"taken\":" + json.path("taken") + "}";
    }

    @Test
    void refusesAddressesThatLeadInside() {
        for (String url : List.of("http://10.0.0.1/", "http://[::1]/", "file:///etc/passwd",
            "http://169.254.169.254/")) {
            assertEquals("url_not_allowed", created(url, 422).path("code").asText());
        }
        created("http://intranet.invalid/", 201);
    }
}
