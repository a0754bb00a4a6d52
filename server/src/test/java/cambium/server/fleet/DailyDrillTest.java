package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.BrakeDrill;
import cambium.rollout.Decision;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetStatus;
import cambium.rollout.Plan;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.fleet.memory.InMemoryFleetStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The drill over a store in memory; over PostgreSQL it is in `FleetRunTest`.
class DailyDrillTest {
    private static final Actor ANNA = Actor.allowedEverything("anna");
    private static final Optional<LocalTime> NINE = Optional.of(LocalTime.of(9, 0));

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T08:00:00Z");
    private final InstantSource time = () -> now;
    private final InMemoryFleetStore store = new InMemoryFleetStore(time);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void declare() {
        new CommandDesk(store, time).run(new FleetCommand.Apply(CoordinatorLoopTest.SPEC), ANNA);
    }

    private DailyDrill drill(Planner planner, FleetStore on) {
        return new DailyDrill(NINE, folder.resolve("drill"), on, planner,
                Optional.of(new DrillMeters(registry, now)), time);
    }

    private DailyDrill drill() {
        return drill(RolloutPlanner::plan, store);
    }

    private void lookAfter(DailyDrill drill, Duration later) {
        now = now.plus(later);
        drill.look();
    }

    private Fleet fleet() {
        return store.load().fleet();
    }

    private List<String> recorded() {
        return store.events(1, 100).stream().map(each -> each.event().getClass().getSimpleName()).toList();
    }

    private String failure() {
        return fleet().drill().flatMap(BrakeDrill::failure).orElse("");
    }

    private static Fleet withBrakes(Fleet fleet, Optional<Scope> without) {
        var brakes = new TreeMap<>(fleet.brakes());
        without.ifPresentOrElse(brakes::remove, brakes::clear);
        return new Fleet(fleet.revision(), fleet.spec(), fleet.cells(), fleet.rings(), fleet.rollouts(),
                fleet.versions(), brakes, fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    private double figure(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void pullsHoldsAndReleasesOnceADayAndLeavesNothingBehind() throws Exception {
        var drill = drill();
        lookAfter(drill, Duration.ofMinutes(59));
        assertEquals(List.of(), recorded(), "not before its time");
        lookAfter(drill, Duration.ofMinutes(1));
        assertEquals(List.of("BrakeSet", "BrakeReleased", "BrakeDrilled"), recorded());
        assertTrue(fleet().drill().orElseThrow().passed(), failure());
        assertTrue(fleet().brakes().isEmpty());
        try (var files = Files.list(folder.resolve("drill"))) {
            assertEquals(0, files.count());
        }
        lookAfter(drill, Duration.ofHours(23));
        assertEquals(3, recorded().size(), "once a day");
        lookAfter(drill, Duration.ofHours(1));
        assertEquals(6, recorded().size());
        assertEquals(now, fleet().drill().orElseThrow().at());
    }

    @Test
    void anotherProcessThatTakesOverDoesNotDoItAgain() {
        now = now.plus(Duration.ofHours(2));
        lookAfter(drill(), Duration.ofHours(22));
        assertEquals(List.of(), recorded(), "a fleet that had none waits for the next time");
        lookAfter(drill(), Duration.ofHours(1));
        assertEquals(3, recorded().size());
        drill().look();
        assertEquals(3, recorded().size());
    }

    @Test
    void aPlannerThatHeedsNoBrakeIsToldAsFailedAndSomebodyIsCalledOnce() {
        var broken = new AtomicBoolean(true);
        var drill = drill((fleet, at) -> RolloutPlanner.plan(broken.get() ? withBrakes(fleet, Optional.empty())
                : fleet, at), store);
        lookAfter(drill, Duration.ofHours(1));
        assertEquals("the planner went forward in spite of the brake", failure());
        assertTrue(fleet().brakes().isEmpty(), "its own brake is let go all the same");
        assertEquals(1.0, figure("cambium.brake.drill.failed"));
        assertTrue(Double.isNaN(figure("cambium.brake.drill.took.seconds")));
        var page = pages().getFirst();
        assertEquals("the drill of the brake failed, so do not rely on brakes: the planner went forward in spite "
                + "of the brake", page.text());
        store.commit(store.load().revision(), List.of(page.event(now)));

        lookAfter(drill, Duration.ofMinutes(59));
        assertEquals(4, recorded().size());
        lookAfter(drill, Duration.ofMinutes(1));
        assertEquals(7, recorded().size(), "again each hour");
        assertEquals(List.of(), pages(), "not each hour");
        broken.set(false);
        lookAfter(drill, Duration.ofHours(1));
        assertEquals("", failure());
        assertEquals(now, fleet().drill().orElseThrow().passedAt().orElseThrow());
        assertEquals(0.0, figure("cambium.brake.drill.failed"));
        assertEquals(now.getEpochSecond(), (long) figure("cambium.brake.drill.passed.at.seconds"));
    }

    private List<Decision.Page> pages() {
        return RolloutPlanner.plan(fleet(), now).decisions().stream().filter(Decision.Page.class::isInstance)
                .map(Decision.Page.class::cast).toList();
    }

    @Test
    void aPlannerThatStartsNothingAnywayProvesNothing() {
        lookAfter(drill((_, _) -> new Plan(List.of(), List.of()), store), Duration.ofHours(1));
        assertTrue(failure().startsWith("with no brake on, 0 starts went out, not 1"), failure());
    }

    @Test
    void aStoreThatForgetsBrakesIsFound() {
        lookAfter(drill(RolloutPlanner::plan, new Forgetful(store)), Duration.ofHours(1));
        assertEquals("a brake that was pulled is not on for whoever looks", failure());
    }

    @Test
    void aDiskThatTakesNoBrakeFileIsFound() throws Exception {
        Files.writeString(folder.resolve("drill"), "not a folder");
        lookAfter(drill(), Duration.ofHours(1));
        assertTrue(failure().contains("FileAlreadyExists"), failure());
        assertTrue(fleet().brakes().isEmpty());
    }

    @Test
    void leavesTheBrakesOfPeopleAndTakesAwayWhatADrillLeftThatDied() {
        var desk = new CommandDesk(store, time);
        desk.run(new FleetCommand.SetBrake(new Scope.FleetWide(), "smoke", Optional.empty()), ANNA);
        desk.run(new FleetCommand.SetBrake(BrakeDrill.SCOPE, "x", Optional.empty()), ANNA);
        assertEquals(List.of("fleet"), FleetStatus.of(fleet(), RolloutPlanner.plan(fleet(), now), now).brakes().stream()
                .map(FleetStatus.BrakeStatus::scope).toList(), "a drill's brake holds nothing and is not shown");

        lookAfter(drill(), Duration.ofHours(1));
        assertEquals("", failure());
        assertEquals(Collections.singleton(new Scope.FleetWide()), fleet().brakes().keySet());
        assertEquals("anna", fleet().brakes().get(new Scope.FleetWide()).by());
    }

    @Test
    void isNotDoneWhereItIsOffOrNoFleetIsDeclared() {
        var off = new DailyDrill(Optional.empty(), folder, store, RolloutPlanner::plan, Optional.empty(), time);
        lookAfter(off, Duration.ofDays(2));
        assertEquals(List.of(), recorded());
        var empty = new InMemoryFleetStore(time);
        lookAfter(drill(RolloutPlanner::plan, empty), Duration.ofDays(2));
        assertEquals(0, empty.load().revision());
        assertFalse(Files.exists(folder.resolve("drill")));
    }

    /// Tells whoever looks that no brake is on.
    private static final class Forgetful extends FleetStoreWrapper {
        Forgetful(FleetStore store) {
            super(store);
        }

        @Override
        public Snapshot load() {
            var known = super.load();
            return new Snapshot(withBrakes(known.fleet(), Optional.of(BrakeDrill.SCOPE)), known.revision());
        }
    }
}
