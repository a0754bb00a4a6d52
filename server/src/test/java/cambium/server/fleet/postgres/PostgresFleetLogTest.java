package cambium.server.fleet.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.DeliveryFigures;
import cambium.rollout.DeliveryRecord;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RolloutPlanner;
import cambium.server.access.Actor;
import cambium.server.fleet.BrakeFile;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.CoordinatorLoop;
import cambium.server.fleet.FakeCells;
import cambium.server.fleet.FleetHistory;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.RecordedEvent;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresFleetLogTest {
    private static final int FILLER = 30_000;
    private static final String YAML = """
            fleet: example
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 0
            policy: {bake: {time: 1m, samples: 10}}
            rings:
              - ring: 0
                cells:
                  - {cell: main, kind: main, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
              - ring: 1
                cells:
                  - {cell: a.b, kind: secondary, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
                  - {cell: a, kind: secondary, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
            """.replace("a.b", "a-b");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final FakeCells cells = new FakeCells(() -> now);
    private final InMemoryFleetStore played = new InMemoryFleetStore(() -> now);
    private Database database;
    private PostgresFleetStore store;

    @BeforeEach
    void play() {
        var loop = new CoordinatorLoop("one", played, cells, cells, cells, cells, BrakeFile.NONE,
                RolloutPlanner::plan, () -> now);
        var desk = new CommandDesk(played, () -> now);
        var anna = Actor.allowedEverything("anna");
        desk.run(new FleetCommand.Apply(((FleetYaml.Reading.Read) FleetYaml.read(YAML.getBytes(
                StandardCharsets.UTF_8))).spec()), anna);
        cells.failing.add(ProductVersion.of("1.2.0"));
        for (var version : List.of("1.0.0", "1.1.0", "1.2.0", "1.3.0")) {
            desk.run(new FleetCommand.Deploy(ProductVersion.of(version), List.of(new PackageRef("storefront", version,
                    "amd64", "ab".repeat(32), "pool/s.deb")), Optional.empty(), Optional.empty()), anna);
            for (var minute = 0; minute < 15; minute++) {
                loop.tick();
                now = now.plus(Duration.ofMinutes(1));
            }
            now = now.plus(Duration.ofDays(10));
        }
        database = TestDatabase.fresh();
        store = new PostgresFleetStore(database);
        store.commit(0, played.events(0, FleetStore.MAX_EVENTS_PER_READ).stream().map(RecordedEvent::event).toList());
        assertEquals(played.load().revision(), store.load().revision());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void findsWhatLookingThroughTheWholeLogFinds() {
        var kinds = Stream.of(FleetEvent.class.getPermittedSubclasses()).map(Class::getSimpleName)
                .collect(Collectors.toSet());
        assertTrue(played.lookUp().ofCell(CellId.of("a"), 500).size() >= 6);
        for (var limit : List.of(1, 4, 500)) {
            for (var cell : List.of("main", "a", "a-b", "nobody")) {
                var asked = CellId.of(cell);
                assertEquals(played.lookUp().ofCell(asked, limit), store.lookUp().ofCell(asked, limit), cell);
            }
            for (var version : List.of("1.0.0", "1.2.0", "1.3.0", "9.9.9")) {
                var asked = ProductVersion.of(version);
                assertEquals(played.lookUp().ofVersion(asked, limit), store.lookUp().ofVersion(asked, limit), version);
            }
            for (var wanted : List.of(kinds, Set.of("RolloutStarted", "VersionBlocked"), Set.of("CellObserved"))) {
                assertEquals(played.lookUp().ofKinds(wanted, 3, limit), store.lookUp().ofKinds(wanted, 3, limit));
            }
        }
    }

    @Test
    void figuresAreThoseOfTheWholeLogThoughOnlyItsEndIsRead() {
        var whole = new DeliveryRecord();
        played.events(0, FleetStore.MAX_EVENTS_PER_READ).forEach(each -> whole.take(each.event()));
        var growing = new FleetHistory(store);
        for (var days : List.of(1, 15, 25, 35, 365, 2)) {
            var right = DeliveryFigures.of(whole.versions(now), days, now);
            assertEquals(right, new FleetHistory(store).figures(days, now), days + " days");
            assertEquals(right, growing.figures(days, now), days + " days, asked of what was read before");
        }
        assertEquals(1, DeliveryFigures.of(whole.versions(now), 25, now).failed());
    }

    @Test
    void aChangedEventIsNotBelieved() {
        assertEquals(List.of(true, false), requestedOf("main"));
        database.transact(sql -> sql.execute("alter table fleet_event disable trigger fleet_event_append_only; update "
                + "fleet_event set body = replace(body, 'main', 'mine') where kind = 'AttemptRequested'"));
        assertEquals(List.of(false, false), requestedOf("main"));
        assertEquals(List.of(true, false), requestedOf("a"));
    }

    /// Whether attempts of this cell are found to have been asked for, and of one that no event was written for.
    private List<Boolean> requestedOf(String cell) {
        return Stream.of(cell, "mine").map(name -> store.lookUp().ofVersion(ProductVersion.of("1.0.0"), 500).stream()
                .anyMatch(found -> found.event() instanceof FleetEvent.AttemptRequested asked
                        && asked.attempt().cell().value().equals(name))).toList();
    }

    /// However long the log is: what is not asked for is not touched.
    @Test
    void noQuestionReadsTheWholeLog() {
        database.transact(sql -> sql.execute("insert into fleet_event select ? + i, 'CellObserved', '{\"is\":"
                + "\"CellObserved\",\"at\":\"2026-01-01T00:00:00Z\",\"cell\":\"far\",\"reachable\":true}', "
                + "repeat('0', 64) from generate_series(1, ?) i", store.load().revision(), FILLER));
        database.transact(sql -> sql.execute("analyze fleet_event"));
        assertTouchesFew(PostgresFleetLog.OF_CELL, "a", 150);
        assertTouchesFew(PostgresFleetLog.OF_VERSION, "1.1.0", 500);
        assertTouchesFew(PostgresFleetLog.OF_ATTEMPTS, new String[] {"r2.a.deploy.1"}, 500);
        assertTouchesFew(PostgresFleetLog.OF_MILESTONES, new String[] {"RolloutStarted"}, 0L, 1_000);
        assertTouchesFew(PostgresFleetLog.OF_KINDS, new String[] {"CellObserved", "FleetApplied"}, FILLER - 10L, 1_000);
    }

    private void assertTouchesFew(String query, Object... values) {
        var plan = database.read(sql -> sql.fetch("explain (analyze, costs off, timing off) " + query, values)).stream()
                .map(row -> row.get(0, String.class)).collect(Collectors.joining("\n"));
        assertTrue(plan.contains("Index"), plan);
        assertFalse(plan.contains("Seq Scan"), plan);
        assertFalse(plan.matches("(?s).*rows=[0-9]{5,}.*|(?s).*Rows Removed by Filter: [0-9]{4,}.*"), plan);
    }
}
