package cambium.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.rollout.Scope;
import cambium.server.access.MasterKey;
import cambium.server.config.DataFolder;
import cambium.server.fleet.FleetWebhooks;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import cambium.server.webhook.EventLog.Owner;
import cambium.server.webhook.Transport.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes that send, on one PostgreSQL, one of them held up.
final class ClaimedWebhooksTest {
    private static final Transports.Settings SETTINGS = Transports.Settings.posts();

    private Instant now = Instant.parse("2026-11-29T00:00:00Z");
    private DataFolder folder;
    private Database database;
    private PostgresFleetStore store;
    private FleetWebhooks log;
    private Transports transports;
    private Webhooks webhooks;

    @BeforeEach
    void start(@TempDir Path data) {
        folder = DataFolder.lock(data);
        database = TestDatabase.fresh();
        store = new PostgresFleetStore(database);
        var key = MasterKey.of(folder, Optional.of("aa".repeat(32)), new SecureRandom());
        log = new FleetWebhooks(store, database, key, SETTINGS, _ -> List.of(), new SimpleMeterRegistry(), () -> now);
        transports = new Transports(SETTINGS, () -> now);
        webhooks = new Webhooks(database, key, log, transports, () -> now);
    }

    @AfterEach
    void stop() {
        transports.close();
        log.close();
        database.close();
        folder.close();
    }

    @Test
    void whoeverWakesAfterAnotherHasTakenOverMovesNothing() {
        webhooks.create(Owner.FLEET, "https://example.org/", Set.of(), "vera");
        record("c1");
        var frozen = webhooks.claim().orElseThrow();
        assertTrue(webhooks.claim().isEmpty(), "nobody else sends it meanwhile");

        now = now.plus(Duration.ofMinutes(2));
        var other = webhooks.claim().orElseThrow();
        assertEquals(frozen.first(), other.first(), "the one that takes over begins at the same place");
        webhooks.settle(other, new Outcome.Taken("answered 200"));
        record("c2");
        var next = webhooks.claim().orElseThrow();
        assertEquals(2, next.first());
        webhooks.settle(next, new Outcome.Taken("answered 200"));

        webhooks.settle(frozen, new Outcome.Taken("answered 204"));
        webhooks.passed(frozen);
        webhooks.settle(frozen, new Outcome.NotTaken("answered 500"));
        now = now.plus(Duration.ofMinutes(2));
        assertTrue(webhooks.claim().isEmpty(), "nothing is sent again");
        var shown = webhooks.list(Owner.FLEET).getFirst();
        assertEquals(Optional.of("answered 200"), shown.lastResult());
        assertEquals(0, shown.tries(), "what the late one met does not count");
    }

    @Test
    void whoeverRefusesForGoodIsAskedAFewTimesMoreThenTellsNobodyUntilMadeAnew() {
        webhooks.create(Owner.FLEET, "mailto:gone@example.org", Set.of(), "vera");
        record("c1");
        for (int i = 0; i < Webhooks.MAX_REFUSALS; i++) {
            assertFalse(webhooks.list(Owner.FLEET).getFirst().stopped(), "after " + i);
            webhooks.settle(webhooks.claim().orElseThrow(), new Outcome.Refusal("550 no such person"));
            now = now.plus(Webhooks.AFTER_REFUSAL.minusMillis(1));
            assertTrue(webhooks.claim().isEmpty(), "nobody is asked twice within an hour");
            now = now.plusMillis(1);
        }
        now = now.plus(Duration.ofDays(365));
        record("c2");
        assertTrue(webhooks.claim().isEmpty());
        var shown = webhooks.list(Owner.FLEET).getFirst();
        assertTrue(shown.stopped());
        assertEquals(Optional.of("550 no such person"), shown.lastResult());
    }

    @Test
    void aDeliveryThatSomebodyDiedWithIsTheSameForWhoeverTakesOver() {
        webhooks.create(Owner.FLEET, "https://example.org/", Set.of(), "vera");
        record("c1");
        var dead = webhooks.claim().orElseThrow();
        record("c2");
        now = now.plus(Duration.ofMinutes(2));
        var other = webhooks.claim().orElseThrow();
        assertEquals(dead.delivery().name(), other.delivery().name());
        assertEquals(dead.told().events(), other.told().events());
        webhooks.settle(other, new Outcome.NotTaken("answered 503"));
        now = now.plus(Duration.ofMinutes(2));
        var more = webhooks.claim().orElseThrow();
        assertEquals(2, more.told().events().size(), "what was surely not taken may grow");
        assertFalse(more.toString().contains("secret"), more.toString());
    }

    private void record(String cell) {
        store.commit(store.load().revision(), List.of(new FleetEvent.BrakeSet(Instant.EPOCH, "vera",
                Scope.of("cell " + cell), "why", Optional.empty(), false)));
    }
}
