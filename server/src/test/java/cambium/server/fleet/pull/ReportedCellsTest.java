package cambium.server.fleet.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.server.access.Actor;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportedCellsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final Database database = TestDatabase.fresh();
    private final CellReports reports = new CellReports(database);
    private final ReportedCells seen = new ReportedCells(database);

    @AfterEach
    void stop() {
        database.close();
    }

    private static Fleet of(String... cells) {
        var store = new InMemoryFleetStore(InstantSource.fixed(NOON));
        var yaml = new StringBuilder("""
                fleet: example
                product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
                perimeter: 0
                policy: {health: none, bake: {time: 5m, samples: 0}}
                rings:
                  - ring: 0
                    cells:
                      - {cell: main, kind: main, driver: pull}
                """);
        for (var cell : cells) {
            yaml.append("      - {cell: ").append(cell).append(", driver: pull}\n");
        }
        var read = assertInstanceOf(FleetYaml.Reading.Read.class,
                FleetYaml.read(yaml.toString().getBytes(StandardCharsets.UTF_8)));
        new CommandDesk(store, InstantSource.fixed(NOON)).run(new FleetCommand.Apply(read.spec()),
                Actor.allowedEverything("ops"));
        return store.load().fleet();
    }

    private void report(String cell, int second) {
        reports.put(List.of(new CellReports.OfCell(CellId.of(cell),
                CellReport.of(NOON.plusSeconds(second), "storefront 1." + second))));
    }

    /// The second after noon at which each cell was heard last.
    private TreeMap<String, Long> heard(Fleet fleet) {
        return heard(seen, fleet);
    }

    private static TreeMap<String, Long> heard(ReportedCells cells, Fleet fleet) {
        var heard = new TreeMap<String, Long>();
        for (var event : cells.observe(fleet, NOON.plusSeconds(60))) {
            var observed = assertInstanceOf(FleetEvent.CellObserved.class, event);
            heard.put(observed.cell().toString(), observed.at().getEpochSecond() - NOON.getEpochSecond());
        }
        return heard;
    }

    @Test
    void tellsOfEachCellTheNewestReport() {
        var fleet = of("c1", "c2");
        assertEquals("{}", heard(fleet).toString(), "who never reported is not told");
        report("c1", 1);
        report("c2", 1);
        assertEquals("{c1=1, c2=1}", heard(fleet).toString());
        report("c1", 2);
        assertEquals("{c1=2, c2=1}", heard(fleet).toString());
        assertEquals("{c1=2, c2=1}", heard(new ReportedCells(database), fleet).toString(),
                "so does who starts now");
    }

    /// What is known is not carried from the database again and again, however often a round looks.
    @Test
    void readsAReportOnce() {
        report("c1", 1);
        report("c2", 1);
        var first = reports.from(0);
        assertEquals(2, first.reports().size());
        assertEquals(List.of(), reports.from(first.upTo()).reports());
        report("c2", 2);
        assertEquals(List.of(CellId.of("c2")), reports.from(first.upTo()).reports().stream()
                .map(CellReports.OfCell::cell).toList());
    }

    @Test
    void missesNoReportThatBecomesVisibleBehindALaterOne() throws Exception {
        var fleet = of("c1", "c2");
        var written = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow = threads.submit(() -> database.transact(sql -> {
                sql.execute("insert into fleet_cell_report (cell, at, packages) values ('c1', ?::timestamptz, '')",
                        NOON.plusSeconds(1).toString());
                written.countDown();
                try {
                    return goOn.await(5, TimeUnit.MINUTES);
                } catch (InterruptedException stopping) {
                    throw new IllegalStateException(stopping);
                }
            }));
            written.await();
            report("c2", 2);
            assertEquals("{c2=2}", heard(fleet).toString());
            report("c2", 3);
            assertEquals("{c2=3}", heard(fleet).toString());
            goOn.countDown();
            slow.get();
        }
        assertEquals("{c1=1, c2=3}", heard(fleet).toString());
    }

    /// A round may have loaded the fleet before a cell was declared, and read the reports after it has reported.
    @Test
    void keepsTheReportOfACellThatTheRoundDoesNotKnowYet() {
        report("c2", 1);
        assertEquals("{}", heard(of("c1")).toString());
        assertEquals("{c2=1}", heard(of("c1", "c2")).toString());
    }
}
