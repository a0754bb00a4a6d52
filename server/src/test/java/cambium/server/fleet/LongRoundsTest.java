package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.fleet.memory.InMemoryFleetStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rounds with more to do than fits into a lease: they keep it, and look around in between.
class LongRoundsTest {
    private static final Actor ANNA = Actor.allowedEverything("anna");
    private static final ProductVersion VERSION = ProductVersion.of("1.1.0");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource time = () -> now;
    private final FakeCells cells = new FakeCells(time);
    /// What the loop did, in order: commits of ends with their number, and looks at the cells.
    private final List<String> done = new ArrayList<>();
    private final HashSet<Epoch> epochs = new HashSet<>();
    private final FleetStore store = new FleetStoreWrapper(new InMemoryFleetStore(time)) {
        @Override
        public Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox) {
            epochs.add(epoch);
            var commit = super.commit(epoch, expectedRevision, events, outbox);
            var ends = events.stream().filter(FleetEvent.AttemptFinished.class::isInstance).count();
            if (ends > 0) {
                done.add(ends + (commit == Commit.DONE ? " ended" : " not recorded"));
            }
            return commit;
        }
    };
    private final CommandDesk desk = new CommandDesk(store, time);
    private final CoordinatorLoop loop = new CoordinatorLoop("one", store, cells, this::observe, cells, cells,
            Optional::empty, RolloutPlanner::plan, time);

    private List<FleetEvent> observe(Fleet fleet, Instant at) {
        done.add("look");
        return cells.observe(fleet, at);
    }

    /// The main cell and so many others, all at once.
    private void declareInOneRing(int others) {
        var many = new StringBuilder("""
                fleet: example
                product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
                perimeter: 0
                policy: {health: none, bake: {time: 5m, samples: 0}}
                rings:
                  - ring: 0
                    cells:
                      - {cell: main, kind: main, driver: local, health: "http://h:2/"}
                """);
        for (var i = 0; i < others; i++) {
            many.append("      - {cell: c").append(i).append(", driver: local, health: \"http://h:3/\"}\n");
        }
        desk.run(new FleetCommand.Apply(CoordinatorLoopTest.fleet(many.toString())), ANNA);
        assertTrue(loop.tick().leading());
    }

    private void deploy() {
        desk.run(new FleetCommand.Deploy(VERSION,
                List.of(FakeCells.found(new ProductCatalog.Wanted("storefront", VERSION.toString()))),
                Optional.empty(), Optional.empty()), ANNA);
    }

    @Test
    void keepsItsLeaseThroughMoreStartsThanALeaseIsLong() {
        declareInOneRing(12);
        deploy();
        cells.whileStarting = () -> now = now.plusSeconds(3);
        assertTrue(loop.tick().leading(), "39 seconds of starts");
        assertEquals(13, cells.ran.size());
        assertEquals(1, cells.ran.stream().map(StepOrder::epoch).distinct().count(), "all under one lease");
    }

    @Test
    void looksAtWhatCameInAfterAHundredStartsAndThenGoesOn() {
        declareInOneRing(149);
        deploy();
        loop.tick();
        assertEquals(150, cells.ran.size());
        var kinds = store.events(0, 10_000).stream().map(each -> each.event().getClass().getSimpleName()).toList();
        assertTrue(kinds.indexOf("AttemptFinished") < kinds.lastIndexOf("AttemptStarted"), kinds.toString());
        assertEquals(OutboxActs.MAX_RECORDED, kinds.subList(0, kinds.indexOf("AttemptFinished")).stream()
                .filter("AttemptStarted"::equals).count());
    }

    @Test
    void keepsItsLeaseThroughMoreEndsThanALeaseIsLongAndLooksAtTheCellsInBetween() {
        declareInOneRing(249);
        cells.slow.add(VERSION);
        deploy();
        loop.tick();
        assertEquals(250, cells.ran.size());
        cells.finish(CellId.of("main"), VERSION);
        done.clear();
        epochs.clear();
        cells.whileLooking = () -> now = now.plus(Duration.ofMillis(50));
        assertTrue(loop.tick().leading(), "12 seconds of looks");
        assertEquals(List.of("look", "100 ended", "look", "100 ended", "look", "50 ended", "look"), done);
        assertEquals(1, epochs.size(), "all under one lease");
    }

    @Test
    void aBrakeThatIsPulledWhileEndsAreRecordedHoldsWhatWouldStartNext() {
        declareInOneRing(149);
        cells.slow.add(VERSION);
        deploy();
        loop.tick();
        cells.finish(CellId.of("main"), VERSION);
        cells.slow.clear();
        done.clear();
        var looks = new int[1];
        cells.whileLooking = () -> {
            if (++looks[0] == 120) {
                desk.run(new FleetCommand.SetBrake(new Scope.FleetWide(), "smoke", Optional.empty()), ANNA);
            }
        };
        assertTrue(loop.tick().leading());
        assertEquals(List.of("look", "100 ended", "look", "50 not recorded", "look", "50 ended", "look"), done,
                "what was found on an older state is looked at again");
        assertEquals(150, cells.ran.size(), "no cell begins its migrations");
    }
}
