package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.sql.Database;
import java.time.Duration;
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
}
