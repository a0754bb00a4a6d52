package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockCheckTest {
    private Duration ahead = Duration.ZERO;
    private Duration asleep = Duration.ZERO;
    private final SteadyTime time = new SteadyTime(() -> Instant.now().plus(ahead), () ->
            System.nanoTime() - asleep.toNanos());

    private Duration off() {
        return Duration.between(Instant.now(), time.instant()).abs();
    }

    private static void isSmall(Duration off) {
        assertTrue(off.compareTo(Duration.ofMinutes(1)) < 0, off.toString());
    }

    @Test
    void aClockThatIsSetWhileItCountsShortensNothingAndMakesNothingOlder() {
        for (var jump : List.of(Duration.ofDays(1), Duration.ofDays(-1), Duration.ofHours(1), Duration.ofSeconds(27))) {
            ahead = jump;
            isSmall(off());
        }
    }

    @Test
    void nobodyBeginsToCoordinateByAClockThatIsWrong() {
        try (var database = TestDatabase.fresh()) {
            var check = new ClockCheck(database, time);
            assertEquals(Optional.empty(), check.problem());
            ahead = Duration.ofDays(1);
            assertTrue(check.problem().orElseThrow().contains("s ahead of the database's"), check.problem().toString());
            isSmall(off());
            ahead = Duration.ofHours(-1);
            assertTrue(check.problem().orElseThrow().contains("s behind the database's"), check.problem().toString());
            isSmall(off());
            ahead = Duration.ZERO;
            assertEquals(Optional.empty(), check.problem());
        }
    }

    @Test
    void aMachineThatSleptGoesOnFromTheTimeThatItIs() {
        try (var database = TestDatabase.fresh()) {
            asleep = Duration.ofHours(3);
            assertTrue(off().compareTo(Duration.ofHours(2)) > 0, "its count stood still");
            assertEquals(Optional.empty(), new ClockCheck(database, time).problem());
            isSmall(off());
        }
    }
}
