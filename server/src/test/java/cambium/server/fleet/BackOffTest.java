package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackOffTest {
    @Test
    void isAtMostTwoSecondsHoweverLongTheDatabaseIsAway() {
        var backOff = new BackOff(new Random(1));
        var waits = new HashSet<Duration>();
        for (var i = 0; i < 100; i++) {
            var due = Math.min(2_000, 100L << Math.min(i, 10));
            var wait = backOff.afterFailure();
            assertTrue(wait.toMillis() >= due / 2 && wait.toMillis() <= due, i + ": " + wait);
            waits.add(wait);
        }
        assertEquals(100, backOff.failures());
        assertTrue(waits.size() > 50, "they are spread: " + waits.size());
    }

    @Test
    void twoProcessesThatLostTheSameDatabaseComeBackAtDifferentTimes() {
        var one = new BackOff(new Random(1));
        var other = new BackOff(new Random(2));
        var together = 0;
        for (var i = 0; i < 100; i++) {
            together += one.afterFailure().equals(other.afterFailure()) ? 1 : 0;
        }
        assertTrue(together < 10, together + " of 100");
    }

    @Test
    void beginsAnewAfterARoundThatSucceeded() {
        var backOff = new BackOff(new Random(1));
        for (var i = 0; i < 10; i++) {
            backOff.afterFailure();
        }
        backOff.afterSuccess();
        assertEquals(0, backOff.failures());
        assertTrue(backOff.afterFailure().toMillis() <= 100);
    }
}
