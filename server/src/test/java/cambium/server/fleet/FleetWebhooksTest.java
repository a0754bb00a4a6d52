package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.BrakeDrill;
import cambium.rollout.FleetEvent;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.server.access.MasterKey;
import cambium.server.config.DataFolder;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.http.Json;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import cambium.server.testing.TestServer;
import cambium.server.webhook.Transports;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The fleet's webhooks over real HTTP and PostgreSQL, sent by two processes at once.
class FleetWebhooksTest {
    private static final String PATH = "/api/fleet/webhooks";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private record Received(byte[] body, String signature, String delivery) {
        JsonNode json() {
            return Json.read(body);
        }
    }

    @TempDir
    Path data;

    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger askedInVain = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Database database = TestDatabase.fresh();
    private final FleetStore store = new PostgresFleetStore(database);
    private DataFolder folder;
    private final SimpleMeterRegistry figures = new SimpleMeterRegistry();
    private FleetWebhooks first;
    private FleetWebhooks second;
    private TestServer server;
    private HttpServer receiver;

    @BeforeEach
    void start() throws IOException {
        folder = DataFolder.lock(data.resolve("data"));
        var key = MasterKey.of(folder, Optional.of("ab".repeat(32)), new SecureRandom());
        var clock = InstantSource.system();
        var settings = Transports.Settings.posts(Set.of("127.0.0.1"));
        first = new FleetWebhooks(store, database, key, settings, _ -> List.of(), figures, clock);
        second = new FleetWebhooks(new PostgresFleetStore(database), database, key, settings, _ -> List.of(), figures,
                clock);
        var cells = new FakeCells(() -> NOW);
        var ofFleet = new FleetRoutes(store, new FleetHistory(store), cells, cells, cells, BrakeFile.NONE,
                RolloutPlanner::plan, new Nudges(), (_, _) -> List.of(), () -> NOW).routes();
        server = TestServer.of(Stream.<List<Route>>of(ofFleet, first.routes()).flatMap(List::stream).toList());
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            var headers = exchange.getRequestHeaders();
            if (refusals.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                received.add(new Received(body, headers.getFirst("X-Cambium-Signature"),
                        headers.getFirst("X-Cambium-Delivery")));
                exchange.sendResponseHeaders(204, -1);
            }
            exchange.close();
        });
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/slow", exchange -> {
            askedInVain.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        receiver.start();
        first.start();
        second.start();
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
        end.countDown();
        receiver.stop(0);
        server.close();
        folder.close();
        database.close();
    }

    private void happens(FleetEvent... events) {
        assertEquals(FleetStore.Commit.DONE, store.commit(store.load().revision(), List.of(events)));
    }

    private static FleetEvent page(String key) {
        return new FleetEvent.PageRaised(NOW, key, new Scope.FleetWide(), "look at " + key);
    }

    private static FleetEvent released(String why) {
        return new FleetEvent.BrakeReleased(NOW, "anna", new Scope.FleetWide(), why);
    }

    private HttpResponse<String> asked(String body) {
        return server.send("POST", PATH, "application/json", body);
    }

    private JsonNode made(String kinds) {
        var answer = asked("{\"url\":\"http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook\",\"kinds\":"
                + kinds + "}");
        assertEquals(201, answer.statusCode(), answer.body());
        return json(answer);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private List<JsonNode> told() {
        var told = new ArrayList<JsonNode>();
        received.forEach(one -> one.json().path("events").forEach(told::add));
        return told;
    }

    private JsonNode listed() {
        return json(server.get(PATH)).path("webhooks");
    }

    @Test
    void tellsEventsAsTheAuditLogShowsThemOnceAndInOrderAlthoughTwoProcessesSend() throws Exception {
        happens(page("before"));
        var secret = made("[]").path("secret").asText();
        for (int i = 0; i < 120; i++) {
            happens(page("p" + i));
        }
        Eventually.holds("all are told", () -> told().size() >= 121);
        var log = json(server.get("/api/fleet/events?after=1&limit=500")).path("events");
        assertEquals(121, log.size(), "that it was made, and what happened since");
        assertEquals(log, Json.read(told().toString().getBytes(StandardCharsets.UTF_8)),
                "each once, in order, and none from before the webhook");
        for (var one : received) {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            assertEquals("sha256=" + HexFormat.of().formatHex(mac.doFinal(one.body())), one.signature());
            var events = one.json().path("events");
            assertTrue(events.size() <= 50, "no delivery is larger: " + events.size());
            assertTrue(one.delivery().endsWith("-" + events.get(events.size() - 1).path("number").asText()),
                    one.delivery());
        }
        assertEquals(received.size(), received.stream().map(Received::delivery).distinct().count());
    }

    @Test
    void aTestIsSentAtOnceAndStandsInNoLog() {
        var id = made("[\"PageRaised\"]").path("id").asText();
        long before = store.load().revision();
        var answer = server.send("POST", PATH + "/" + id + "/test", "application/json", "");
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(json(answer).path("taken").asBoolean(), answer.body());
        assertEquals(1, received.size());
        assertEquals(before, store.load().revision());
        assertEquals(404, server.send("POST", PATH + "/999/test", "application/json", "").statusCode());
    }

    @Test
    void aReceiverThatLetsUsWaitKeepsNeitherTheOthersNorTheFleetWaiting() {
        second.close();
        var slow = asked("{\"url\":\"http://127.0.0.1:" + receiver.getAddress().getPort() + "/slow\"}");
        assertEquals(201, slow.statusCode(), slow.body());
        made("[\"PageRaised\"]");
        happens(page("a"));
        Eventually.holds("the slow one is asked", () -> askedInVain.get() == 1);
        happens(page("b"));
        Eventually.holds("the other one is told both", () -> told().size() == 2);
        assertEquals(1, askedInVain.get(), "it was not asked twice at once");
        assertTrue(listed().path(0).path("last_result").isNull(), "and has not answered yet");
    }

    @Test
    void tellsOnlyTheKindsThatAreAskedForAndTriesAgainWhatWasNotTaken() {
        made("[\"BrakeReleased\"]");
        refusals.set(1);
        happens(page("a"), released("first"), page("b"));
        Eventually.holds("the failed try is shown", () -> listed().path(0).path("last_result").asText()
                .equals("answered 503"));
        assertEquals(1, listed().path(0).path("failed_tries").asInt());
        assertTrue(received.isEmpty(), "nothing was taken");
        happens(released("second"));
        Eventually.holds("both are told", () -> told().size() == 2);
        assertEquals(List.of("first", "second"), told().stream().map(event -> event.path("why").asText()).toList());
        Eventually.holds("the delivery is shown", () -> listed().path(0).path("last_result").asText()
                .equals("answered 204"));
        assertEquals(0, listed().path(0).path("failed_tries").asInt());
        happens(page("c"));
        Eventually.holds("what is of other kinds is passed over", () -> database.read(sql ->
                sql.fetchSingle("select next_number from webhook").get(0, Long.class)) == 7);
        assertEquals(2, told().size());
    }

    @Test
    void theLogTellsWhoHadWhomToldButNoSecretOfTheAddress() {
        var id = made("[\"PageRaised\"]").path("id").asText();
        assertEquals(200, server.send(server.request(PATH + "/" + id).DELETE().build()).statusCode());
        var log = json(server.get("/api/fleet/events?after=0&limit=9")).path("events");
        assertEquals("WebhookMade WebhookEnded", log.path(0).path("is").asText() + " "
                + log.path(1).path("is").asText());
        for (var event : log) {
            assertEquals("tester " + id + " at http://127.0.0.1", event.path("by").asText() + " "
                    + event.path("webhook").asText() + " " + event.path("target").asText());
        }
        assertEquals("[\"PageRaised\"]", log.path(0).path("kinds").toString());
        assertEquals(2, log.size(), "what was refused is not in it");
    }

    @Test
    void tellsNobodyThatSomebodyBrakedWhereItWasTheDrill() {
        made("[\"BrakeSet\",\"BrakeReleased\",\"BrakeDrilled\"]");
        happens(new FleetEvent.BrakeSet(NOW, "brake drill", BrakeDrill.SCOPE, "drill", Optional.empty(), false),
                new FleetEvent.BrakeReleased(NOW, "brake drill", BrakeDrill.SCOPE, "over"),
                new FleetEvent.BrakeDrilled(NOW, Duration.ZERO, Optional.empty()), released("a person"));
        Eventually.holds("the last is told", () -> told().stream().anyMatch(event -> event.path("why").asText()
                .equals("a person")));
        assertEquals(List.of("BrakeDrilled", "BrakeReleased"), told().stream().map(event -> event.path("is").asText())
                .toList());
    }

    @Test
    void countsDeliveriesByHowTheyEnded() {
        made("[\"PageRaised\"]");
        refusals.set(1);
        happens(page("a"));
        Eventually.holds("it is told", () -> told().size() == 1);
        Eventually.holds("both tries are counted", () -> counted("delivered") == 1 && counted("failed") == 1);
        assertEquals(0, counted("refused"));
        assertEquals(0, figures.get("cambium.webhooks.stopped").tag("of", "fleet").gauge().value());
    }

    private double counted(String result) {
        return figures.get("cambium.webhooks.deliveries").tags("of", "fleet", "result", result).counter().count();
    }

    @Test
    void refusesWhatCannotBeMeantAndShowsNoSecretTwice() {
        var wrong = asked("{\"url\":\"https://example.org/\",\"kinds\":[\"VersionBlockd\"]}");
        assertEquals("422 unknown_kind", wrong.statusCode() + " " + json(wrong).path("code").asText());
        assertTrue(wrong.body().contains("VersionBlocked, "), wrong.body());
        var inside = asked("{\"url\":\"http://169.254.169.254/\"}");
        assertEquals("422 url_not_allowed", inside.statusCode() + " " + json(inside).path("code").asText());
        assertEquals(0, listed().size(), "nothing was made");

        var made = made("\"PageRaised,VersionBlocked\"");
        assertEquals("[\"PageRaised\",\"VersionBlocked\"]", made.path("kinds").toString());
        assertTrue(made.path("secret").asText().matches("[0-9a-f]{48}"));
        assertFalse(server.get(PATH).body().contains(made.path("secret").asText()));
        assertFalse(database.read(sql -> sql.fetch("select * from webhook").toString())
                .contains(made.path("secret").asText()));
        for (int i = 1; i < 20; i++) {
            made("[]");
        }
        var many = asked("{\"url\":\"https://example.org/\"}");
        assertEquals("409 too_many_webhooks", many.statusCode() + " " + json(many).path("code").asText());
        var gone = server.request(PATH + "/" + made.path("id").asText()).DELETE().build();
        assertEquals(200, server.send(gone).statusCode());
        assertEquals(404, server.send(gone).statusCode());
        assertEquals(19, listed().size());
    }
}
