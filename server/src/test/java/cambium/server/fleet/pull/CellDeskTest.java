package cambium.server.fleet.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.server.fleet.handover.Handovers;
import cambium.server.http.Refused;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CellDeskTest {
    private static final int CROWD = 60;

    private final Database database = TestDatabase.fresh();
    private final CountDownLatch crowded = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();
    private final CellDesk desk = new CellDesk(new CellReports(database), new Handovers(database,
            InstantSource.system()), this::declared);

    @AfterEach
    void close() {
        database.close();
    }

    private Predicate<CellId> declared() {
        looks.incrementAndGet();
        try {
            crowded.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return cell -> !cell.toString().equals("nowhere");
    }

    private void report(String cell) {
        desk.take(CellId.of(cell), CellReport.of(Instant.now(), "storefront 1.0"), Optional.empty());
    }

    @Test
    void aCrowdThatReportsMeanwhileIsOneLookAtTheFleetAndOneCommit() throws Exception {
        var first = Thread.ofVirtual().start(() -> report("first"));
        Eventually.holds("the first is being written", () -> looks.get() == 1);
        var crowd = IntStream.range(0, CROWD).mapToObj(i -> Thread.ofVirtual().start(() -> report("c" + i))).toList();
        Eventually.holds("all others wait", () -> crowd.stream().allMatch(each ->
                each.getState() == Thread.State.WAITING));
        crowded.countDown();
        first.join();
        for (var each : crowd) {
            each.join();
        }
        assertEquals(List.of(1L, (long) CROWD), database.read(sql -> sql.fetch("select count(*) as reports from "
                + "fleet_cell_report group by xmin order by 1").getValues("reports", Long.class)));
        assertEquals(2, looks.get());
    }

    @Test
    void aCellThatIsNotDeclaredIsRefusedAndLeavesNothing() {
        crowded.countDown();
        assertEquals("unknown_cell", assertThrows(Refused.class, () -> report("nowhere")).problem().code());
        assertTrue(new CellReports(database).of(CellId.of("nowhere")).isEmpty());
    }
}
