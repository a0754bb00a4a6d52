package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.RolloutPlanner;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.testing.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a coordinator does whose rounds fail.
class FailingRoundsTest {
    private final InstantSource time = InstantSource.system();
    private final FakeCells cells = new FakeCells(time);
    private final FleetStore store = new InMemoryFleetStore(time);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Coordinator> running = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (var each : running) {
            each.stop();
        }
    }

    private Coordinator coordinator(String holder, Planner planner) {
        var loop = new CoordinatorLoop(holder, store, cells, cells, cells, cells, BrakeFile.NONE, planner, time);
        var coordinator = new Coordinator(loop, () -> { }, () -> { }, new Nudges(), new FleetMeters(meters),
                new Random(1), time);
        running.add(coordinator);
        coordinator.start();
        return coordinator;
    }

    @Test
    void beginsARoundAnewThatFoundNoMemory() {
        var rounds = new AtomicInteger();
        var good = new AtomicInteger();
        var coordinator = coordinator("one", (fleet, now) -> {
            if (rounds.incrementAndGet() <= 3) {
                throw new OutOfMemoryError("of a test");
            }
            good.incrementAndGet();
            return RolloutPlanner.plan(fleet, now);
        });
        Eventually.holds("it plans", () -> good.get() > 0 && coordinator.isLeading());
        assertTrue(meters.counter("cambium.coordinator.failures").count() >= 3);
    }

    @Test
    void oneWhoseRoundsGoOnFailingLetsAnotherLeadThatCanWork() {
        var hasMemory = new AtomicBoolean(true);
        var first = coordinator("one", (fleet, now) -> {
            if (!hasMemory.get()) {
                throw new OutOfMemoryError("of a test");
            }
            return RolloutPlanner.plan(fleet, now);
        });
        Eventually.holds("the first leads", first::isLeading);
        var second = coordinator("two", RolloutPlanner::plan);
        Eventually.holds("the second has looked", () -> meters.find("cambium.coordinator.round").timer().count() > 2);
        assertFalse(second.isLeading());
        hasMemory.set(false);
        Eventually.holds("the second leads", second::isLeading);
        hasMemory.set(true);
        Eventually.holds("the first stands by", () -> !first.isLeading());
        assertTrue(second.isLeading());
    }
}
