package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetCommand;
import cambium.rollout.ProductVersion;
import cambium.rollout.RolloutPlanner;
import cambium.server.access.Actor;
import cambium.server.fleet.memory.InMemoryFleetStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The coordinator dies once, before or after its n-th durable write, for every n of a whole rollout with a rollback in
/// it; another one goes on. The end is always that of an undisturbed run.
class CrashPointsTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private record End(TreeMap<?, ProductVersion> running, List<String> steps, boolean blocked) {}

    private CoordinatorLoop loop(String holder, FleetStore store, FakeCells cells) {
        return new CoordinatorLoop(holder, store, cells, cells, cells, cells, BrakeFile.NONE,
                RolloutPlanner::plan, () -> now);
    }

    /// Empty when the run was over before the n-th write.
    private Optional<End> run(int nth, CrashingStore.When when) {
        var cells = new FakeCells(() -> now);
        var store = new InMemoryFleetStore(() -> now);
        var desk = new CommandDesk(store, () -> now);
        var crashing = new CrashingStore(store, nth, when);
        var loop = loop("first", crashing, cells);
        desk.run(new FleetCommand.Apply(CoordinatorLoopTest.SPEC), Actor.allowedEverything("anna"));
        for (var version : List.of("1.0", "2.0")) {
            desk.run(new FleetCommand.Deploy(ProductVersion.of(version),
                    List.of(FakeCells.found(new ProductCatalog.Wanted("storefront", version))), Optional.empty(),
                    Optional.empty()), Actor.allowedEverything("anna"));
            for (var minute = 0; minute < 45; minute++) {
                try {
                    loop.tick();
                } catch (CrashingStore.Crash crash) {
                    loop = loop("second", store, cells);
                    now = now.plus(CoordinatorLoop.LEASE).plusSeconds(1);
                }
                now = now.plus(Duration.ofMinutes(1));
            }
            cells.harmful.add(ProductVersion.of("2.0"));
        }
        var steps = cells.ran.stream().map(order -> order.attempt().toString()).toList();
        assertEquals(new HashSet<>(steps).size(), steps.size(), () -> when + " write " + nth + ": " + steps);
        assertEquals(List.of(), store.pending(10), () -> when + " write " + nth);
        var blocked = store.load().fleet().version(ProductVersion.of("2.0")).orElseThrow().blocked().isPresent();
        return crashing.crashed() ? Optional.of(new End(cells.running, steps, blocked)) : Optional.empty();
    }

    private void everyPoint(CrashingStore.When when) {
        var end = run(1, when);
        assertTrue(end.orElseThrow().blocked());
        assertEquals("{c1=1.0, c2=1.0, canary=1.0, main=1.0}", end.get().running().toString());
        assertEquals(10, end.get().steps().size(), end.get().steps().toString());
        var points = 1;
        for (var other = run(points + 1, when); other.isPresent(); other = run(points + 1, when)) {
            points++;
            var at = points;
            assertEquals(end, other, () -> "dying " + when + " write " + at);
        }
        assertTrue(points > 20, "only " + points + " points of a crash");
    }

    @Test
    void dyingBeforeAnyDurableWriteComesToTheSameEnd() {
        everyPoint(CrashingStore.When.BEFORE);
    }

    @Test
    void dyingAfterAnyDurableWriteComesToTheSameEnd() {
        everyPoint(CrashingStore.When.AFTER);
    }
}
