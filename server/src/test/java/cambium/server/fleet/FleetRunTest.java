package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.config.CellHosts;
import cambium.server.fleet.alert.LocalAlertmanager;
import cambium.server.fleet.observe.HttpCellObserver;
import cambium.server.fleet.observe.PostgresSamples;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.fleet.process.ProcessCellDriver;
import cambium.server.fleet.process.StepEnvironment;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real PostgreSQL, real processes, real HTTP: versions travel over a small fleet.
class FleetRunTest {
    private static final StepEnvironment ENVIRONMENT = new StepEnvironment(System.getenv("PATH"), "/nowhere");

    @TempDir
    private Path temporary;
    private TinyCells cells;
    private Database database;
    private Notices notices;
    private FakeCells repository;
    private final InstantSource time = new SteadyTime(InstantSource.system(), System::nanoTime);
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void begin() throws Exception {
        cells = new TinyCells(temporary);
        database = TestDatabase.fresh();
        notices = new Notices(database.address());
        repository = new FakeCells(time);
    }

    @AfterEach
    void end() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
        notices.close();
        database.close();
        cells.close();
    }

    private String yaml() {
        return """
                fleet: tiny
                product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
                perimeter: 0
                policy: {bake: {time: 1s, samples: 50}, timeout: 1m}
                rings:
                  - ring: 0
                    cells:
                """ + cells.line("main", "main").indent(2) + "  - ring: 1\n    cells:\n"
                + cells.line("c1", "secondary") + cells.line("c2", "secondary");
    }

    private FleetFeature feature(String holder) {
        return feature(holder, Optional.empty());
    }

    private FleetFeature feature(String holder, Optional<LocalTime> drill) {
        var feature =
                new FleetFeature(new FleetFeature.Settings(holder, holder, cells.drivers(), cells.attempts(),
                        ENVIRONMENT,
                        new SecureRandom(), BrakeFile.NONE, cells.drivers().resolveSibling("prometheus.yaml"),
                        CellHosts.ANY, drill, cells.attempts().resolveSibling("drill"), Optional.empty(),
                        temporary.resolve("fetched"), cells.drivers().resolveSibling("alertmanager.yaml"),
                        () -> "http://cambium"),
                database, notices, repository, repository, new SimpleMeterRegistry(), InstantSource.system());
        open.add(feature);
        return feature;
    }

    private FleetStore store() {
        return new PostgresFleetStore(database);
    }

    private void ask(FleetCommand command) {
        new CommandDesk(store(), time).run(command, Actor.allowedEverything("anna"));
    }

    private void deploy(String version) {
        ask(new FleetCommand.Deploy(ProductVersion.of(version),
                List.of(FakeCells.found(new ProductCatalog.Wanted("storefront", version))), Optional.empty(),
                Optional.empty()));
    }

    private boolean complete(String version) {
        return events().stream().anyMatch(event -> event instanceof FleetEvent.RolloutCompleted done
                && done.version().equals(ProductVersion.of(version)));
    }

    private List<FleetEvent> events() {
        return store().events(0, 1000).stream().map(RecordedEvent::event).toList();
    }

    private Fleet fleet() {
        return store().load().fleet();
    }

    private void nothingRanTwice() {
        assertEquals(new HashSet<>(cells.steps()).size(), cells.steps().size(), cells.steps().toString());
    }

    @Test
    void carriesVersionsThroughTheRingsStopsAHarmfulOneAndTellsAlertmanager() throws Exception {
        var alertmanager = LocalAlertmanager.start(cells.drivers().resolveSibling("alertmanager"));
        open.add(alertmanager);
        Files.writeString(cells.drivers().resolveSibling("alertmanager.yaml"), "alertmanagers: [{address: '"
                + alertmanager.address() + "'}]");
        feature("one").startCoordinating();
        ask(new FleetCommand.Apply(CoordinatorLoopTest.fleet(yaml())));
        deploy("1.0");
        Eventually.holds("1.0 is everywhere", () -> complete("1.0"));
        assertEquals(List.of("1.0", "1.0", "1.0"),
                List.of(cells.version("main"), cells.version("c1"), cells.version("c2")));
        deploy("2.0-bad");
        Eventually.holds("main is back on 1.0", () -> cells.steps().contains("r2.main.rollback.1")
                && cells.version("main").equals("1.0"));
        assertTrue(fleet().version(ProductVersion.of("2.0-bad")).orElseThrow().blocked().isPresent());
        assertFalse(cells.steps().stream().anyMatch(step -> step.startsWith("r2.c")), "no outer cell ever saw it");
        Eventually.holds("Alertmanager knows", () -> alertmanager.firing().contains(
                "CambiumVersionBlocked[version=2.0-bad]"));
        nothingRanTwice();
        var state = store().load();
        var log = store().events(0, (int) state.revision()).stream().map(RecordedEvent::event).toList();
        assertEquals(state.fleet(), Fleet.empty().after(log), "the log is the state");
    }

    @Test
    void ofTwoCoordinatorsOnOneDatabaseOneActsAndTheOtherTakesOver() throws Exception {
        var first = feature("one");
        first.startCoordinating();
        ask(new FleetCommand.Apply(CoordinatorLoopTest.fleet(yaml())));
        deploy("1.0");
        Eventually.holds("the first acts", () -> cells.steps().contains("r1.main.deploy.1"));
        long before = epoch();
        feature("two").startCoordinating();
        first.close();
        Eventually.holds("the second brings it to its end", () -> complete("1.0"));
        assertTrue(epoch() > before, "under an epoch of its own");
        nothingRanTwice();
    }

    private long epoch() {
        return database.read(sql -> sql.fetchSingle("select epoch from fleet_head").get("epoch", Long.class));
    }

    @Test
    void aBrakeHoldsFromTheMomentItIsCommitted() {
        feature("one").startCoordinating();
        ask(new FleetCommand.Apply(CoordinatorLoopTest.fleet(yaml())));
        ask(new FleetCommand.SetBrake(Scope.of("ring 1"), "smoke", Optional.empty()));
        deploy("1.0");
        Eventually.holds("ring 0 bakes", () ->
            events().stream().anyMatch(FleetEvent.VersionGraduated.class::isInstance));
        Eventually.holds("ring 1 waits", () -> RolloutPlanner.plan(fleet(), time.instant()).waits().stream()
                .anyMatch(wait -> wait.code().word().equals("braked")));
        assertFalse(cells.steps().stream().anyMatch(step -> step.startsWith("r1.c")));
        ask(new FleetCommand.ReleaseBrake(Scope.of("ring 1"), "it was toast"));
        Eventually.holds("1.0 is everywhere", () -> complete("1.0"));
        nothingRanTwice();
    }

    @Test
    void theBrakeIsDrilledAtItsTimeWhileTheFleetGoesOn() {
        // Far enough ahead that it has not passed before the coordinator is made: then it would be tomorrow's.
        feature("one", Optional.of(LocalTime.now(ZoneOffset.UTC).plusSeconds(8))).startCoordinating();
        ask(new FleetCommand.Apply(CoordinatorLoopTest.fleet(yaml())));
        deploy("1.0");
        Eventually.holds("a drill is recorded", () -> fleet().drill().isPresent());
        assertEquals(Optional.empty(), fleet().drill().orElseThrow().failure());
        assertTrue(fleet().drill().orElseThrow().took().isPositive(), fleet().drill().toString());
        Eventually.holds("1.0 is everywhere", () -> complete("1.0"));
        assertEquals(1, events().stream().filter(FleetEvent.BrakeSet.class::isInstance).count());
        assertTrue(fleet().brakes().isEmpty());
        assertTrue(cells.steps().stream().allMatch(step -> step.matches("r1[.](main|c1|c2)[.].*")),
                "no real cell saw the drill: " + cells.steps());
        nothingRanTwice();
    }

    /// The coordinator dies around every single durable write, and a new one goes on.
    private void survives(Function<FleetStore, CrashingStore> crashing) {
        ask(new FleetCommand.Apply(CoordinatorLoopTest.fleet(yaml())));
        deploy("1.0");
        var crashes = new AtomicInteger();
        var observer = new HttpCellObserver(new PostgresSamples(database),
                cells.drivers().resolveSibling("prometheus.yaml"), () -> { }, time, CellHosts.ANY);
        open.add(observer);
        Eventually.holds("1.0 is everywhere", () -> {
            var driver = new ProcessCellDriver(cells.drivers(), cells.attempts(), ENVIRONMENT, () -> { });
            var loop = new CoordinatorLoop("life", crashing.apply(store()), driver, observer, repository, repository,
                    BrakeFile.NONE, RolloutPlanner::plan, time);
            database.transact(sql -> sql.execute("update fleet_head set lease_until = 'epoch'"));
            try {
                loop.tick();
            } catch (CrashingStore.Crash crash) {
                crashes.incrementAndGet();
            }
            return complete("1.0");
        });
        assertTrue(crashes.get() > 20, "it crashed " + crashes + " times only");
        assertEquals(List.of("1.0", "1.0", "1.0"),
                List.of(cells.version("main"), cells.version("c1"), cells.version("c2")));
        nothingRanTwice();
        assertEquals(fleet(), Fleet.empty().after(events()));
    }

    @Test
    void dyingAfterEveryDurableWriteChangesNothing() {
        survives(store -> new CrashingStore(store, 1, CrashingStore.When.AFTER));
    }

    @Test
    void dyingBeforeEverySecondDurableWriteChangesNothing() {
        survives(store -> new CrashingStore(store, 2, CrashingStore.When.BEFORE));
    }
}
