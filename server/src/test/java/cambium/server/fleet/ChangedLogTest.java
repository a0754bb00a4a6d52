package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.rollout.Wait;
import cambium.rollout.Why;
import cambium.server.access.Actor;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.http.Refused;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rows of the log are changed by SQL in a real PostgreSQL, under a coordinator that runs and before one that starts.
class ChangedLogTest {
    private static final Actor ANNA = Actor.allowedEverything("anna");
    private static final CellId CANARY = CellId.of("canary");
    private static final CellId MAIN = CellId.of("main");
    private static final ProductVersion FIRST = ProductVersion.of("1.0");
    private static final ProductVersion SECOND = ProductVersion.of("1.1");

    private final Database database = TestDatabase.fresh();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final FakeCells cells = new FakeCells(() -> now);
    private PostgresFleetStore store;
    private CoordinatorLoop loop;
    private LogWatch watch;

    /// 1.0 runs everywhere; 1.1 is being put on the canary.
    @BeforeEach
    void begin() {
        restart();
        sql("alter table fleet_event disable trigger all");
        asked(new FleetCommand.Apply(CoordinatorLoopTest.SPEC));
        deploy(FIRST);
        minutes(30);
        assertEquals(4, cells.running.size());
        cells.slow.add(SECOND);
        deploy(SECOND);
        minutes(1);
        assertEquals(SECOND, cells.ran.getLast().version());
    }

    @AfterEach
    void close() {
        database.close();
    }

    /// Another process, that knows nothing but what is stored.
    private void restart() {
        store = new PostgresFleetStore(database);
        loop = new CoordinatorLoop("one", store, cells, cells, cells, cells, BrakeFile.NONE, RolloutPlanner::plan,
                () -> now);
        watch = new LogWatch(store.chain(), store, () -> true, () -> now);
    }

    private void sql(String statement, Object... values) {
        assertTrue(database.transact(sql -> sql.execute(statement, values)) >= 0);
    }

    private void asked(FleetCommand command) {
        new CommandDesk(store, () -> now).run(command, ANNA);
    }

    private void deploy(ProductVersion version) {
        asked(new FleetCommand.Deploy(version, List.of(FakeCells.found(new ProductCatalog.Wanted("storefront",
                version.toString()))), Optional.empty(), Optional.empty()));
    }

    private void minutes(int count) {
        for (var i = 0; i < count; i++) {
            now = now.plus(Duration.ofMinutes(1));
            assertTrue(loop.tick().leading());
        }
    }

    private Fleet fleet() {
        return store.load().fleet();
    }

    private long of(String kind) {
        return database.read(sql -> sql.fetchOne("select min(number) as number from fleet_event where kind = ?", kind)
                .get("number", Long.class));
    }

    private long count(String kind) {
        return database.read(sql -> sql.fetchOne("select count(*) as many from fleet_event where kind = ?", kind)
                .get("many", Long.class));
    }

    private void change(long number, String text, String other) {
        sql("update fleet_event set body = replace(body, ?, ?) where number = ?", text, other, number);
    }

    private String reason(String subject) {
        return Why.of(fleet(), RolloutPlanner.plan(fleet(), now), Scope.of(subject)).text();
    }

    private void nothingIsBegun() {
        var ran = cells.ran.size();
        var admitted = List.copyOf(cells.admitted);
        minutes(20);
        assertEquals(ran, cells.ran.size(), "no step was handed to a driver");
        assertEquals(admitted, cells.admitted, "no ring was offered anything");
    }

    private void goesOnToTheEnd() {
        cells.slow.clear();
        cells.finish(CANARY, SECOND);
        minutes(40);
        assertEquals(List.of(SECOND, SECOND, SECOND, SECOND), List.copyOf(cells.running.values()));
    }

    @Test
    void nothingGoesForwardOnceTheWalkMeetsAChangedRowUntilItIsPutBack() {
        change(2, "1.0", "0.9");
        minutes(3);
        assertFalse(fleet().log().flaw().isPresent(), "what is folded already is not read again by a round");
        watch.look();
        assertEquals(2, fleet().log().flaw().orElseThrow().number());

        cells.finish(CANARY, SECOND);
        nothingIsBegun();
        assertEquals(SECOND, cells.running.get(CANARY));
        assertEquals(Optional.of(SECOND), fleet().cell(CANARY).orElseThrow().sight().orElseThrow().version(),
                "what ran is observed to its end");
        assertEquals(FIRST, cells.running.get(MAIN));
        assertTrue(reason("ring 1").contains("event 2 of the fleet's log was changed"), reason("ring 1"));
        assertTrue(reason("ring 1").contains("docs/OPERATIONS.md"), reason("ring 1"));
        assertEquals(1, fleet().pages().values().stream().filter(page -> page.text().contains("event 2 of")).count(),
                "somebody is called, once");
        asked(new FleetCommand.SetBrake(new Scope.FleetWide(), "look first", Optional.empty()));
        assertEquals(1, fleet().brakes().size(), "a brake can be pulled");
        watch.look();
        assertEquals(1, count("LogDoubted"), "and it is told once");

        change(2, "0.9", "1.0");
        watch.look();
        assertEquals(Optional.empty(), fleet().log().flaw());
        nothingIsBegun();
        asked(new FleetCommand.ReleaseBrake(new Scope.FleetWide(), "it is as it was"));
        goesOnToTheEnd();
    }

    @Test
    void whoStartsOnAChangedRowActsOnNothingThatRestsOnIt() {
        minutes(1);
        cells.slow.clear();
        cells.finish(CANARY, SECOND);
        minutes(2);
        var verdict = of("VerdictReached");
        change(verdict, "HEALTHY", "HARMFUL");
        restart();
        nothingIsBegun();
        assertEquals(verdict, fleet().log().flaw().orElseThrow().number());
        assertEquals(Optional.empty(), fleet().version(FIRST).orElseThrow().blocked(), "no verdict of nobody's blocks");
        assertEquals(0, count("VersionBlocked"));
        assertEquals(Wait.Code.BRAKED, RolloutPlanner.plan(fleet(), now).waitOf(new Scope.FleetWide()).orElseThrow()
                .code());
        watch.look();
        asked(new FleetCommand.SetBrake(Scope.of("ring 2"), "as well", Optional.empty()));

        change(verdict, "HARMFUL", "HEALTHY");
        watch.look();
        asked(new FleetCommand.ReleaseBrake(Scope.of("ring 2"), "it is as it was"));
        assertEquals(Optional.empty(), fleet().log().flaw());
        minutes(40);
        assertEquals(SECOND, cells.running.get(MAIN));
        assertEquals(new PostgresFleetStore(database).load(), store.load());
    }

    @Test
    void aMissingRowAndOneThatNobodyCanReadAreTheSame() {
        sql("create table kept as select * from fleet_event where number in (3, 5)");
        sql("delete from fleet_event where number = 3");
        change(5, "{\"is\"", "{");
        restart();
        nothingIsBegun();
        assertEquals("is missing", fleet().log().flaw().orElseThrow().what());
        sql("insert into fleet_event select * from kept where number = 3");
        nothingIsBegun();
        assertEquals(5, fleet().log().flaw().orElseThrow().number());
        sql("delete from fleet_event where number = 5");
        sql("insert into fleet_event select * from kept where number = 5");
        watch.look();
        goesOnToTheEnd();
    }

    @Test
    void theEndThatIsCutOffStopsEverythingAndIsNamed() {
        var head = store.load().revision();
        sql("delete from fleet_event where number = ?", head);
        restart();
        assertEquals("the fleet's log lacks event " + head, assertThrows(RuntimeException.class, () -> loop.tick())
                .getMessage());
    }

    @Test
    void whatSomebodyAcceptsCountsAsItStandsInEveryProcess() {
        var verdict = of("VerdictReached");
        change(verdict, "HEALTHY", "HARMFUL");
        change(2, "anna", "hanna");
        var other = new PostgresFleetStore(database);
        other.load();
        watch.look();
        assertEquals("log_sound", assertThrows(Refused.class, () -> asked(new FleetCommand.AcceptLog(verdict,
                "wrong one"))).problem().code());
        asked(new FleetCommand.AcceptLog(2, "renamed after the wedding"));
        watch.look();
        assertEquals(verdict, fleet().log().flaw().orElseThrow().number(),
                "the next one is found before anything goes");
        asked(new FleetCommand.AcceptLog(verdict, "there is no backup"));
        nothingIsBegun();
        watch.look();
        assertEquals(Optional.empty(), fleet().log().flaw());
        assertEquals("hanna", database.read(sql -> sql.fetchOne("select body from fleet_event where number = 2")
                .get("body", String.class)).replaceAll(".*\"by\":\"([^\"]+)\".*", "$1"));
        var fresh = new PostgresFleetStore(database).load();
        assertEquals(fresh, store.load(), "and not as it once was folded");
        assertEquals(fresh, other.load());
        assertEquals(2, count("LogAccepted"));
        goesOnToTheEnd();
        change(2, "hanna", "johanna");
        now = now.plus(LogWatch.BETWEEN_WALKS);
        watch.look();
        assertEquals(2, fleet().log().flaw().orElseThrow().number(), "a further change is not what was accepted");
    }

    @Test
    void aWalkThroughALongLogIsAPieceAtATime() {
        var more = IntStream.range(0, 4_000).<FleetEvent>mapToObj(number -> new FleetEvent.TryDenied(now, "mallory",
                "deploy", Optional.empty(), List.of("deploy"), number + 1)).toList();
        assertTrue(store.record(more));
        var read = new ArrayList<Long>();
        var counted = new LogWatch(after -> {
            var look = store.chain().after(after);
            read.add(look.upTo() - after);
            return look;
        }, store, () -> true, () -> now);
        counted.look();
        counted.look();
        assertEquals(List.of((long) FleetStore.MAX_EVENTS_PER_READ, (long) FleetStore.MAX_EVENTS_PER_READ), read,
                "one piece in each second");
        IntStream.range(0, 9).forEach(_ -> counted.look());
        assertEquals(store.load().revision(), read.stream().mapToLong(Long::longValue).sum());
        assertEquals(0L, read.getLast(), "it rests at the end");
        now = now.plus(LogWatch.BETWEEN_WALKS);
        counted.look();
        assertEquals(FleetStore.MAX_EVENTS_PER_READ, read.getLast(), "and begins anew");
        assertEquals(RingNumber.of("0"), fleet().cell(CANARY).orElseThrow().ring());
    }
}
