package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.RolloutPlanner;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CoordinatorTest {
    /// Reckoned, since a busy machine would make any clock of a test a liar.
    @Test
    void anotherLeadsWellWithinTenSecondsAndALeaderIsHeldUpForLongBeforeItLosesTheLease() {
        var takenOver = CoordinatorLoop.LEASE.plus(Coordinator.STAND_BY);
        assertTrue(takenOver.compareTo(Duration.ofSeconds(7)) <= 0, "another leads after " + takenOver);
        var heldUp = CoordinatorLoop.LEASE.minus(CoordinatorLoop.RENEWED_AFTER).minus(Coordinator.MAX_PAUSE);
        assertTrue(heldUp.compareTo(Duration.ofSeconds(4)) >= 0, "the lease is lost after " + heldUp);
        assertTrue(Database.MAX_STANDSTILL.compareTo(CoordinatorLoop.LEASE) < 0,
                "what a frozen leader has locked is free when its lease ends");
    }

    /// Requests run on virtual threads, which get a processor one after another.
    @Test
    void roundsGoOnWhileRequestsHoldAllThatVirtualThreadsRunOn() throws Exception {
        var time = InstantSource.system();
        var cells = new FakeCells(time);
        var rounds = new AtomicInteger();
        var coordinator = new Coordinator(new CoordinatorLoop("one", new InMemoryFleetStore(time), cells, cells, cells,
                cells, BrakeFile.NONE, RolloutPlanner::plan, time), rounds::incrementAndGet, () -> { }, new Nudges(),
                new FleetMeters(new SimpleMeterRegistry()), new Random(1), time);
        var crowded = new AtomicBoolean(true);
        try {
            for (var i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                Thread.ofVirtual().start(() -> {
                    while (crowded.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            coordinator.start();
            Eventually.holds("it makes rounds", () -> rounds.get() > 0);
            assertTrue(coordinator.isLeading());
        } finally {
            crowded.set(false);
            coordinator.stop();
        }
    }
}
