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
            var check = ClockCheck.by(database, time);
            assertEquals(Optional.empty(), check.problem(false));
            ahead = Duration.ofDays(1);
            assertTrue(check.problem(false).orElseThrow().contains("s ahead of the database's"));
            isSmall(off());
            ahead = Duration.ofHours(-1);
            assertTrue(check.problem(false).orElseThrow().contains("s behind the database's"));
            isSmall(off());
            ahead = Duration.ZERO;
            assertEquals(Optional.empty(), check.problem(false));
        }
    }

    @Test
    void whoLeadsHeedsNoClockThatIsSetButFindsThatItSlept() {
        try (var database = TestDatabase.fresh()) {
            var check = ClockCheck.by(database, time);
            ahead = Duration.ofHours(1);
            assertEquals(Optional.empty(), check.problem(true));
            isSmall(off());
            asleep = Duration.ofHours(3);
            assertTrue(check.problem(true).orElseThrow().contains("s ahead of the database's"), "both are wrong");
            ahead = Duration.ZERO;
            assertEquals(Optional.empty(), check.problem(true));
            isSmall(off());
        }
    }

    @Test
    void aMachineThatSleptGoesOnFromTheTimeThatItIs() {
        try (var database = TestDatabase.fresh()) {
            asleep = Duration.ofHours(3);
            assertTrue(off().compareTo(Duration.ofHours(2)) > 0, "its count stood still");
            assertEquals(Optional.empty(), ClockCheck.by(database, time).problem(false));
            isSmall(off());
        }
    }

    @Test
    void aProcessThatDoesNotCoordinateSaysSoAndGoesOnFromARightClock() {
        try (var database = TestDatabase.fresh(); var watch = new ClockWatch(ClockCheck.by(database, time))) {
            ahead = Duration.ofHours(1);
            time.believe();
            watch.look();
            var told = watch.problem().orElseThrow();
            assertTrue(told.contains("s ahead of the database's") && told.contains("ages that it shows"), told);
            assertTrue(off().compareTo(Duration.ofMinutes(50)) > 0, "it has no better one");
            ahead = Duration.ZERO;
            assertTrue(off().compareTo(Duration.ofMinutes(50)) > 0, "it still counts from the wrong one");
            watch.look();
            isSmall(off());
            assertEquals(Optional.empty(), watch.problem());
        }
    }
}
