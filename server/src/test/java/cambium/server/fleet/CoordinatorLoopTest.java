package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.Duty;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.rollout.Step;
import cambium.server.access.Actor;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoordinatorLoopTest {
    private static final Actor ANNA = Actor.allowedEverything("anna");
    static final FleetSpec SPEC = fleet("""
            fleet: example
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 1
            policy: {bake: {time: 5m, samples: 10}}
            rings:
              - ring: 0
                cells:
                  - {cell: canary, kind: canary, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
              - ring: 1
                cells:
                  - {cell: main, kind: main, driver: local, health: "http://h:2/", metrics: "http://h:2/m"}
              - ring: 2
                cells:
                  - {cell: c1, driver: local, health: "http://h:3/", metrics: "http://h:3/m"}
                  - {cell: c2, driver: local, health: "http://h:4/", metrics: "http://h:4/m"}
            """);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource time = () -> now;
    private final FakeCells cells = new FakeCells(time);
    private final FleetStore store = new InMemoryFleetStore(time);
    private final CommandDesk desk = new CommandDesk(store, time);
    private Optional<String> brakeFile = Optional.empty();
    private CoordinatorLoop loop = loop("one", store);

    static FleetSpec fleet(String yaml) {
        return ((FleetYaml.Reading.Read) FleetYaml.read(yaml.getBytes(StandardCharsets.UTF_8))).spec();
    }

    private CoordinatorLoop loop(String holder, FleetStore on) {
        return new CoordinatorLoop(holder, on, cells, cells, cells, cells, () -> brakeFile, RolloutPlanner::plan, time);
    }

    private void deploy(String version) {
        desk.run(new FleetCommand.Deploy(ProductVersion.of(version),
                List.of(FakeCells.found(new ProductCatalog.Wanted("storefront", version))), Optional.empty(),
                Optional.empty()), ANNA);
    }

    private void declare() {
        desk.run(new FleetCommand.Apply(SPEC), ANNA);
    }

    private void run(int minutes) {
        for (var i = 0; i < minutes; i++) {
            assertTrue(loop.tick().leading());
            now = now.plus(Duration.ofMinutes(1));
        }
    }

    /// The driver ran `r1.canary.deploy.1` with 1.0; after the restore that is the name of another version's attempt.
    @Test
    void takesNoResultOfATimeThatTheStoreHasLost() {
        declare();
        deploy("1.0");
        run(2);
        assertEquals(List.of("r1.canary.deploy.1"), cells.ran.stream().map(order -> order.attempt().toString())
                .toList());
        var restored = new InMemoryFleetStore(time);
        var people = new CommandDesk(restored, time);
        people.run(new FleetCommand.Apply(SPEC), ANNA);
        people.run(new FleetCommand.Deploy(ProductVersion.of("2.0"),
                List.of(FakeCells.found(new ProductCatalog.Wanted("storefront", "2.0"))), Optional.empty(),
                Optional.empty()), ANNA);
        now = now.plus(Duration.ofMinutes(1));
        loop = loop("two", restored);
        run(2);
        assertEquals(List.of("r1.canary.deploy.1 1.0", "r1.canary.deploy.2 2.0"), cells.ran.stream()
                .map(order -> order.attempt() + " " + order.version()).toList());
        var told = restored.events(0, 1_000).stream().map(RecordedEvent::event)
                .filter(event -> event.toString().contains("r1.canary.deploy.1,")).toList();
        assertEquals(List.of("AttemptRequested", "AttemptWithheld"), told.stream()
                .map(event -> event.getClass().getSimpleName()).toList());
        assertTrue(told.getLast().toString().contains("put back to an earlier time"), told.toString());
    }

    @Test
    void whatALeavingCellAbandonsIsEndedByItsDriverTooAlsoByTheNextCoordinator() {
        declare();
        cells.slow.add(ProductVersion.of("1.1.0"));
        run(2);
        deploy("1.1.0");
        run(3);
        var attempt = AttemptId.of("r1.canary.deploy.1");
        assertEquals(new StepProgress.Running(), cells.progress(attempt));
        desk.run(new FleetCommand.SetDuty(CellId.of("canary"), new Duty.Leaving(), "its host is gone", true), ANNA);
        assertEquals(1, store.pending(10).size());
        now = now.plus(Duration.ofMinutes(1));
        loop = loop("two", store);
        loop.tick();
        assertEquals(new StepProgress.Ended(new AttemptResult.Cancelled("abandoned by anna: its host is gone")),
                cells.progress(attempt));
        assertEquals(List.of(), store.pending(10));
        assertTrue(store.load().fleet().cell(CellId.of("canary")).orElseThrow().last(Step.DEPLOY).orElseThrow()
                .lost(), "how it ended is not taken back");
    }

    private List<String> steps() {
        return cells.ran.stream().map(order -> order.attempt().toString()).toList();
    }

    private Fleet state() {
        return store.load().fleet();
    }

    @Test
    void carriesAVersionThroughAllRingsInOrder() {
        declare();
        deploy("1.0");
        run(60);
        assertEquals(List.of("r1.canary.deploy.1", "r1.main.deploy.1", "r1.c1.deploy.1", "r1.c2.deploy.1"),
                steps().stream().filter(step -> step.contains("deploy")).toList());
        assertTrue(steps().indexOf("r1.main.pdm.1") < steps().indexOf("r1.c1.deploy.1"), "PDM graduates it first");
        assertEquals(List.of("0 1.0", "1 1.0", "2 1.0"), cells.admitted);
        assertEquals("{c1=1.0, c2=1.0, canary=1.0, main=1.0}", cells.running.toString());
        assertEquals(List.of(), store.pending(10));
    }

    @Test
    void doesNothingMoreOnceAllIsDone() {
        declare();
        deploy("1.0");
        run(60);
        var revision = store.load().revision();
        run(10);
        assertEquals(revision, store.load().revision());
    }

    @Test
    void stopsAHarmfulVersionInItsRingAndGoesBack() {
        declare();
        deploy("1.0");
        run(60);
        cells.harmful.add(ProductVersion.of("2.0"));
        deploy("2.0");
        run(60);
        assertEquals("{c1=1.0, c2=1.0, canary=1.0, main=1.0}", cells.running.toString());
        assertEquals(List.of("r2.canary.deploy.1", "r2.canary.rollback.1"),
                steps().stream().filter(step -> step.startsWith("r2.")).toList());
        assertTrue(state().version(ProductVersion.of("2.0")).orElseThrow().blocked().isPresent());
        assertFalse(cells.admitted.contains("1 2.0"));
    }

    @Test
    void startsNothingForwardWhileTheBrakeFileIsThereAndStillGoesBack() {
        declare();
        deploy("1.0");
        run(60);
        cells.harmful.add(ProductVersion.of("2.0"));
        deploy("2.0");
        run(1);
        assertTrue(steps().contains("r2.canary.deploy.1"));
        brakeFile = Optional.of("the database is ill");
        run(60);
        assertTrue(steps().contains("r2.canary.rollback.1"));
        deploy("3.0");
        run(60);
        assertEquals(List.of(), steps().stream().filter(step -> step.startsWith("r3.")).toList());
        brakeFile = Optional.empty();
        run(60);
        assertEquals("{c1=3.0, c2=3.0, canary=3.0, main=3.0}", cells.running.toString());
    }

    @Test
    void handsNothingOverThatABrakeOvertookWhileNoCoordinatorLived() {
        declare();
        deploy("1.0");
        cells.broken = true;
        run(2);
        var canary = state().cell(CellId.of("canary")).orElseThrow();
        assertTrue(canary.last(Step.DEPLOY).orElseThrow().startedAt().isPresent(), "recorded, and not handed over");
        desk.run(new FleetCommand.SetBrake(new Scope.FleetWide(), "smoke", Optional.empty()), ANNA);
        cells.broken = false;
        loop = loop("two", store);
        now = now.plus(CoordinatorLoop.LEASE);
        run(5);
        assertEquals(List.of(), steps());
        assertTrue(state().cell(CellId.of("canary")).orElseThrow().last(Step.DEPLOY).orElseThrow().cancelled());
        assertEquals(List.of(), store.pending(10));
        desk.run(new FleetCommand.ReleaseBrake(new Scope.FleetWide(), "clear"), ANNA);
        run(60);
        assertTrue(steps().contains("r1.canary.deploy.2"), steps().toString());
    }

    @Test
    void endsWhatRunsWhereTheBrakeSaysSoAndHoldsItAgainstNobody() {
        declare();
        deploy("1.0");
        run(60);
        cells.slow.add(ProductVersion.of("2.0"));
        deploy("2.0");
        run(2);
        desk.run(new FleetCommand.SetBrake(Scope.of("ring 0"), "smoke", Optional.empty()), ANNA);
        run(2);
        assertTrue(state().cell(CellId.of("canary")).orElseThrow().current().isPresent(), "it only starts nothing new");
        desk.run(new FleetCommand.SetBrake(Scope.of("ring 0"), "fire", Optional.empty(), true), ANNA);
        run(2);
        var canary = state().cell(CellId.of("canary")).orElseThrow();
        assertTrue(canary.last(Step.DEPLOY).orElseThrow().cancelled());
        assertEquals(Optional.empty(), canary.current());
        assertTrue(state().version(ProductVersion.of("2.0")).orElseThrow().blocked().isEmpty());
        cells.slow.clear();
        desk.run(new FleetCommand.ReleaseBrake(Scope.of("ring 0"), "out"), ANNA);
        run(60);
        assertEquals("{c1=2.0, c2=2.0, canary=2.0, main=2.0}", cells.running.toString());
    }

    @Test
    void aBrakeBetweenRequestAndStartWithholdsTheAttempt() {
        declare();
        deploy("1.0");
        var braking = new FleetStoreWrapper(store) {
            @Override
            public List<OutboxEntry> pending(int limit) {
                var pending = super.pending(limit);
                if (pending.stream().anyMatch(OutboxEntry.Start.class::isInstance)) {
                    desk.run(new FleetCommand.SetBrake(new Scope.FleetWide(), "smoke", Optional.empty()), ANNA);
                }
                return pending;
            }
        };
        loop = loop("one", braking);
        run(10);
        assertEquals(List.of(), steps());
        assertTrue(state().cell(CellId.of("canary")).orElseThrow().last(Step.DEPLOY).orElseThrow().terminal());
        desk.run(new FleetCommand.ReleaseBrake(new Scope.FleetWide(), "it was toast"), ANNA);
        loop.resign();
        loop = loop("two", store);
        run(5);
        assertEquals("r1.canary.deploy.2", steps().getFirst(), "it starts again as a new attempt");
    }

    @Test
    void anAttemptThatItsDriverForgotIsLostAndNotStartedAgain() {
        declare();
        deploy("1.0");
        run(1);
        assertEquals(1, cells.ran.size());
        cells.forgetful = true;
        run(3);
        assertEquals(1,
                cells.ran.stream().filter(order -> order.attempt().toString().equals("r1.canary.deploy.1")).count());
    }

    @Test
    void aBrokenDriverIsAskedAgainUnderTheSameId() {
        declare();
        deploy("1.0");
        cells.broken = true;
        assertFalse(loop.tick().troubles().isEmpty());
        assertEquals(List.of(), steps());
        cells.broken = false;
        run(1);
        assertEquals(List.of("r1.canary.deploy.1"), steps());
    }

    @Test
    void aWithdrawnPackageStopsTheVersionEverywhere() {
        declare();
        deploy("1.0");
        cells.withdrawn.add("1.0");
        run(5);
        assertEquals(List.of(), steps());
        assertTrue(state().version(ProductVersion.of("1.0")).orElseThrow().blocked().orElseThrow().why()
                .contains("withdrawn"));
    }

    @Test
    void ofTwoCoordinatorsOneActsAndTheOtherTakesOverAfterTheLease() {
        declare();
        deploy("1.0");
        var other = loop("two", store);
        assertTrue(loop.tick().leading());
        assertFalse(other.tick().leading());
        now = now.plus(CoordinatorLoop.LEASE).plusSeconds(1);
        assertTrue(other.tick().leading());
        assertFalse(loop.tick().leading(), "it finds its lease gone");
        assertEquals(List.of("r1.canary.deploy.1"), steps());
    }

    /// However long its plan took, no other process has led meanwhile, so the lease can be had again at once.
    @Test
    void whoStoodStillSinceItLookedAtTheTimeDecidesNothingByIt() {
        declare();
        deploy("1.0");
        long before = store.load().revision();
        var slow = new CoordinatorLoop("slow", store, cells, cells, cells, cells, () -> brakeFile, (fleet, at) -> {
            var plan = RolloutPlanner.plan(fleet, at);
            now = now.plus(Duration.ofMinutes(45));
            return plan;
        }, time);
        slow.tick();
        assertTrue(store.events(before, 100).stream().map(RecordedEvent::event)
                .noneMatch(FleetEvent.RingOpened.class::isInstance));
        assertTrue(loop.tick().leading());
        assertTrue(store.events(before, 100).stream().map(RecordedEvent::event)
                .filter(FleetEvent.RingOpened.class::isInstance).allMatch(event -> event.at().equals(now)));
    }

    @Test
    void whoStandsByKeepsTheNewestFleetAtHand() {
        declare();
        var loaded = new ArrayList<Long>();
        var other = loop("two", new FleetStoreWrapper(store) {
            @Override
            public Snapshot load() {
                var snapshot = super.load();
                loaded.add(snapshot.revision());
                return snapshot;
            }
        });
        assertTrue(loop.tick().leading());
        assertFalse(other.tick().leading());
        deploy("1.0");
        assertTrue(loop.tick().leading());
        var newest = store.load().revision();
        assertFalse(other.tick().leading());
        assertEquals(newest, loaded.getLast());
        assertEquals(newest, store.load().revision(), "and changes nothing");
    }

    @Test
    void theRingIsKnownToTheStep() {
        declare();
        deploy("1.0");
        run(30);
        var main = cells.ran.stream().filter(order -> order.cell().equals(CellId.of("main"))).findFirst().orElseThrow();
        assertEquals(RingNumber.of(1), main.ring());
        assertEquals("http://localhost:1/acme/storefront/rings/1/debian", main.channel().url());
        assertEquals("1.0", main.packages().getFirst().version());
    }

    @Test
    void foldingTheLogGivesTheState() {
        declare();
        deploy("1.0");
        run(30);
        var events = store.events(0, 1000).stream().map(RecordedEvent::event).toList();
        assertEquals(state(), Fleet.empty().after(events));
        assertTrue(events.stream().anyMatch(FleetEvent.RingBaked.class::isInstance));
    }
}
