package cambium.server.fleet.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.rollout.Scope;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.FleetStoreContract;
import cambium.server.fleet.RecordedEvent;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresFleetStoreTest extends FleetStoreContract {
    private final Database database = TestDatabase.fresh();
    private final FleetStore first = new PostgresFleetStore(database);
    private final FleetStore second = new PostgresFleetStore(database);

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected FleetStore first() {
        return first;
    }

    @Override
    protected FleetStore second() {
        return second;
    }

    /// The database's clock cannot be moved, but a lease's end can.
    @Override
    protected void pass(Duration time) {
        sql("update fleet_head set lease_until = lease_until - interval '" + time.toMillis() + " milliseconds'");
    }

    private void sql(String statement) {
        database.transact(sql -> sql.execute(statement));
    }

    private static List<FleetEvent> pages(int from, int to) {
        return IntStream.range(from, to).<FleetEvent>mapToObj(number -> new FleetEvent.PageRaised(
                Instant.EPOCH.plusSeconds(number), "key " + number, new Scope.FleetWide(), "look")).toList();
    }

    /// A leader that is frozen in the middle of a commit keeps the row.
    @Test
    void whoStandsByLooksWithoutWaitingForTheLeadersCommits() {
        var epoch = first.lease("one", Duration.ofMinutes(1)).orElseThrow();
        var seen = database.transactBriefly(sql -> {
            sql.fetch("select 1 from fleet_head for update");
            return second.lease("two", Duration.ofMinutes(1));
        });
        assertEquals(Optional.empty(), seen);
        assertEquals(Optional.of(epoch), first.lease("one", Duration.ofMinutes(1)), "and it changed nothing");
    }

    @Test
    void aDatabaseThatWasPutBackGrantsNoEpochAgain() {
        var lost = first.lease("one", Duration.ofMinutes(1)).orElseThrow();
        sql("update fleet_head set epoch = 3, holder = '', lease_until = 'epoch'");
        var next = second.lease("two", Duration.ofMinutes(1)).orElseThrow();
        assertTrue(next.number() > lost.number(), next + " after " + lost);
        assertEquals(FleetStore.Commit.FENCED, first.commit(lost, 0, pages(0, 1), List.of()));
    }

    @Test
    void theLogCannotBeChangedInPassing() {
        first.commit(0, pages(0, 3));
        assertThrows(RuntimeException.class, () -> sql("update fleet_event set body = '{}' where number = 2"));
        assertThrows(RuntimeException.class, () -> sql("delete from fleet_event where number = 3"));
        assertThrows(RuntimeException.class, () -> sql("truncate fleet_event"));
        assertEquals(3, new PostgresFleetStore(database).load().revision());
    }

    @Test
    void largeEventsAreReadAFewAtATimeAndNoneIsLeftOut() {
        var large = IntStream.range(0, 5).<FleetEvent>mapToObj(number -> new FleetEvent.PageRaised(Instant.EPOCH,
                "key " + number, new Scope.FleetWide(), "x".repeat(FleetStore.MAX_BYTES_PER_READ / 2))).toList();
        for (var event : large) {
            first.commit(first.load().revision(), List.of(event));
        }
        assertEquals(List.of(1L, 2L), numbers(first.events(0, 1_000)));
        assertEquals(List.of(3L, 4L), numbers(first.events(2, 1_000)));
        assertEquals(List.of(5L), numbers(first.events(4, 1_000)));
        assertEquals(List.of(1L), numbers(first.events(0, 1)));
        assertEquals(List.of(), first.events(5, 1_000));
        assertEquals(5, new PostgresFleetStore(database).load().revision(), "the whole log is folded");
    }

    private static List<Long> numbers(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::number).toList();
    }

    @Test
    void aChangedEventStopsTheReaderInsteadOfBeingBelieved() {
        first.commit(0, pages(0, 3));
        first.load();
        sql("alter table fleet_event disable trigger all");
        sql("update fleet_event set body = replace(body, 'key 1', 'key 9') where number = 2");
        var flaw = new PostgresFleetStore(database).load().fleet().log().flaw().orElseThrow();
        assertEquals("2 was changed: its hash is not that of its text and the event before", flaw.number() + " "
                + flaw.what());
        assertEquals(Optional.empty(), first.load().fleet().log().flaw(), "which was folded as it was written");
        assertThrows(IllegalStateException.class, () -> first.events(0, 10));
    }

    @Test
    void aMissingEndOfTheLogStopsTheReader() {
        first.commit(0, pages(0, 3));
        sql("alter table fleet_event disable trigger all");
        sql("delete from fleet_event where number = 3");
        var lacking = assertThrows(IllegalStateException.class, () -> new PostgresFleetStore(database).load());
        assertEquals("the fleet's log lacks event 3", lacking.getMessage());
    }

    @Test
    void anEventOfAnUnknownKindStopsTheReader() {
        first.commit(0, pages(0, 1));
        sql("alter table fleet_event disable trigger all");
        sql("update fleet_event set body = replace(body, 'PageRaised', 'PageTurned')");
        sql("update fleet_event set hash = encode(sha256(convert_to(repeat('0', 64) || body, 'UTF8')), 'hex')");
        sql("update fleet_head set hash = (select hash from fleet_event)");
        var unknown = assertThrows(IllegalStateException.class, () -> new PostgresFleetStore(database).load());
        assertTrue(unknown.getMessage().contains("unknown kind of FleetEvent: 'PageTurned'"), unknown.getMessage());
    }

    @Test
    void aStartFoldsFromTheNewestSnapshotAndComesToTheSame() {
        for (var i = 0; i < 3; i++) {
            first.commit(i * 1500L, pages(i * 1500, (i + 1) * 1500));
            first.load();
        }
        assertEquals(1, (int) database.read(sql -> sql.fetch("select 1 from fleet_snapshot").size()));
        var expected = first.load();
        assertEquals(expected, new PostgresFleetStore(database).load());
        sql("update fleet_snapshot set body = 'not a fleet'");
        assertEquals(expected, new PostgresFleetStore(database).load(), "an unreadable snapshot is passed over");
        sql("update fleet_snapshot set program = 'another'");
        assertEquals(expected, new PostgresFleetStore(database).load());
    }

    @Test
    void aDatabaseThatWentBackInTimeIsNotWrittenTo() {
        first.commit(0, pages(0, 3));
        first.load();
        sql("update fleet_head set revision = 1");
        assertThrows(IllegalStateException.class, first::load);
    }
}
