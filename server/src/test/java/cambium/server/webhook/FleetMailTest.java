package cambium.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.server.access.MasterKey;
import cambium.server.config.DataFolder;
import cambium.server.config.MailSettings;
import cambium.server.config.MailSettings.Security;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.FleetWebhooks;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.http.Json;
import cambium.server.joint.FleetLines;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events of the fleet by mail, over PostgreSQL and Debian's exim, sent by two processes at once. Time passes when the
/// test says so.
class FleetMailTest {
    private static final String PATH = "/api/fleet/webhooks";

    @TempDir
    Path data;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T02:00:00Z"));
    private final Database database = TestDatabase.fresh();
    private final FleetStore store = new PostgresFleetStore(database);
    private MailServer mail;
    private DataFolder folder;
    private MasterKey key;
    private Optional<TestServer> server = Optional.empty();
    private List<FleetWebhooks> senders = List.of();

    @BeforeEach
    void start() throws IOException, InterruptedException {
        mail = new MailServer(data.resolve("mail"), MailServer.Tls.NEVER);
        folder = DataFolder.lock(data.resolve("data"));
        key = MasterKey.of(folder, Optional.of("ab".repeat(32)), new SecureRandom());
    }

    @AfterEach
    void stop() {
        senders.forEach(FleetWebhooks::close);
        server.ifPresent(TestServer::close);
        mail.close();
        folder.close();
        database.close();
    }

    private void sendTo(int port) {
        var settings = new MailSettings("127.0.0.1", port, Security.OPEN, Optional.empty(), Optional.empty(),
            Optional.empty(), mail.settings(Security.OPEN).from(), Set.of());
        senders = IntStream.range(0, 2).mapToObj(_ -> new FleetWebhooks(store, database, key,
            new Transports.Settings(Set.of(), Optional.of(settings), () -> "https://cambium.example.org"),
            new FleetLines(store, RolloutPlanner::plan, now::get), new SimpleMeterRegistry(), now::get)).toList();
        server = Optional.of(TestServer.of(senders.getFirst().routes()));
        senders.forEach(FleetWebhooks::start);
    }

    private void happens(FleetEvent... events) {
        assertEquals(FleetStore.Commit.DONE, store.commit(store.load().revision(), List.of(events)));
    }

    private FleetEvent page(String key) {
        return new FleetEvent.PageRaised(now.get(), key, Scope.of("ring 2"), "look at " + key);
    }

    private JsonNode asked(int status, String body) {
        var answer = server.orElseThrow().send("POST", PATH, "application/json", body);
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode told(String name) {
        return asked(201, "{\"url\":\"mailto:" + name + "@example.org\"}");
    }

    private JsonNode shown() {
        return Json.read(server.orElseThrow().get(PATH).body().getBytes(StandardCharsets.UTF_8)).path("webhooks")
            .path(0);
    }

    private void passes(Duration time) {
        now.updateAndGet(at -> at.plus(time));
    }

    private String body(int number) throws Exception {
        return mail.mail().get(number).getContent().toString().replace("\r", "");
    }

    private void isShownAsTaken() {
        Eventually.holds("the delivery is shown", () -> shown().path("last_result").asText()
            .equals("taken by the mail server"));
    }

    /// Everything that is in the log has been looked at.
    private void everythingIsTold() {
        Eventually.holds("all is told", () -> database.read(sql -> sql.fetchSingle("select next_number from webhook")
            .get(0, Long.class)) == store.load().revision() + 1);
    }

    @Test
    void mailsWhatSomebodyShouldKnowOnceAndMakesOneLetterOfABurst() throws Exception {
        sendTo(mail.port());
        var made = told("anna");
        assertEquals("[\"BrakeReleased\",\"BrakeSet\",\"CellFailed\",\"PageRaised\",\"RollbackAsked\","
            + "\"VersionBlocked\"]", made.path("kinds").toString());
        assertFalse(made.has("secret"), "nothing is signed");
        happens(new FleetEvent.BrakeSet(now.get(), "vera", Scope.of("ring 2"), "errors in the shop", Optional.empty(),
            false), new FleetEvent.BrakeDrilled(now.get(), Duration.ZERO, Optional.empty()));
        Eventually.holds("it has arrived", () -> mail.mail().size() == 1);
        isShownAsTaken();
        assertEquals("[cambium] Brake set on ring 2", mail.mail().getFirst().getSubject());
        assertTrue(body(0).startsWith("""
            Brake set on ring 2
            Why: errors in the shop
            29 Nov 2026 02:00:00 UTC by vera
            https://cambium.example.org/brakes
            """), body(0));
        assertFalse(body(0).contains("Drill"), "what nobody asked for is not told");
        assertTrue(body(0).contains("cambium webhook remove fleet " + made.path("id").asText()), body(0));

        for (int i = 0; i < 60; i++) {
            happens(page("p" + i));
        }
        passes(Duration.ofSeconds(59));
        happens(page("p60"));
        Eventually.holds("the senders have looked again", this::aRoundHasPassed);
        assertEquals(1, mail.mail().size(), "nobody is written to more than once a minute");
        passes(Duration.ofSeconds(1));
        everythingIsTold();
        Eventually.holds("the burst has arrived", () -> mail.mail().size() == 2);
        assertTrue(body(1).startsWith("61 events, the oldest first:\n\nPaged about ring 2\nWhy: look at p0\n"),
            body(1));
        assertTrue(body(1).contains("https://cambium.example.org/#ring-2\n"), body(1));
        assertNotEquals(mail.mail().get(0).getMessageID(), mail.mail().get(1).getMessageID());
    }

    /// Shown by a post's receiver that is due: both look at all that is due in one round.
    private boolean aRoundHasPassed() {
        long id = database.transact(sql -> sql.fetchSingle("""
            insert into webhook (url, kinds, sealed_secret, created_at, created_by, next_number, not_before)
            select 'mailto:bert@example.org', '{RolloutCompleted}', sealed_secret, created_at, 'x', 1, created_at
            from webhook limit 1 returning id""").get(0, Long.class));
        Eventually.holds("somebody else's is looked at", () -> database.read(sql -> sql.fetchSingle(
            "select next_number from webhook where id = ?", id).get(0, Long.class)) > 1);
        return database.transact(sql -> sql.execute("delete from webhook where id = ?", id)) == 1;
    }

    @Test
    void whatHappensWhileTheMailServerIsDownComesAfterwardsInOneLetter() throws Exception {
        sendTo(mail.port());
        told("anna");
        mail.stop();
        happens(page("a"));
        Eventually.holds("the failed try is shown", () -> shown().path("last_result").asText()
            .equals("the mail server refuses the connection"));
        happens(page("b"));
        mail.start();
        passes(Duration.ofHours(1));
        everythingIsTold();
        Eventually.holds("it has arrived", () -> mail.mail().size() == 1);
        assertTrue(body(0).contains("look at a\n") && body(0).contains("look at b\n"), body(0));
        assertEquals(0, shown().path("failed_tries").asInt());
    }

    @Test
    void sendsTheSameLetterUnderTheSameNameWhereTheAnswerWasLost() throws Exception {
        try (var between = new LostAnswers(mail.port(), 1)) {
            sendTo(between.port());
            told("anna");
            happens(page("a"));
            Eventually.holds("the lost answer is shown", () -> shown().path("last_result").asText()
                .equals("the mail server's answer was lost"));
            happens(page("b"));
            passes(Duration.ofMinutes(1));
            Eventually.holds("it has arrived twice", () -> mail.mail().size() == 2);
            isShownAsTaken();
            assertEquals(mail.mail().get(0).getMessageID(), mail.mail().get(1).getMessageID());
            assertEquals(body(0), body(1));
            assertFalse(body(1).contains("look at b"), "what happened since is another letter");
            passes(Duration.ofMinutes(1));
            everythingIsTold();
            Eventually.holds("the rest has arrived", () -> mail.mail().size() == 3);
            assertEquals(2, mail.mail().stream().map(MailServer::id).distinct().count());
        }
    }

    @Test
    void somebodyWhomTheMailServerRefusesIsShownSoAndAskedAgainInAnHourAtTheEarliest() {
        sendTo(mail.port());
        told("gone");
        happens(page("a"));
        Eventually.holds("the refusal is shown", () -> shown().path("last_result").asText()
            .equals("the mail server says of the address: 550 5.1.1 no such person here"));
        assertFalse(shown().path("stopped").asBoolean());
        passes(Duration.ofMinutes(59));
        assertTrue(aRoundHasPassed());
        assertEquals(1, mail.log().stream().filter(line -> line.contains("rejected RCPT")).count());
        assertEquals(List.of(), mail.mail());
    }

    @Test
    void refusesWhoCannotBeWrittenTo() {
        sendTo(mail.port());
        assertEquals("bad_address", asked(422, "{\"url\":\"mailto:anna@example.org?bcc=b@example.org\"}").path("code")
            .asText());
        assertEquals("unknown_kind", asked(422, "{\"url\":\"mailto:anna@example.org\",\"kinds\":\"Nothing\"}")
            .path("code").asText());
        assertTrue(shown().isMissingNode(), "nothing was made");
    }
}
