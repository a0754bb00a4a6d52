package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockCheckTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
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

    private ClockWatch watch(Database database) {
        return new ClockWatch(ClockCheck.by(database, time), "process 7 at host", registry);
    }

    private double figure() {
        return registry.get("cambium.clock.skew.seconds").gauge().value();
    }

    @Test
    void theFigureAndTheAlertTellOfAClockThatIsOffEitherWayAndOfNoOther() {
        try (var database = TestDatabase.fresh(); var watch = watch(database)) {
            assertTrue(Double.isNaN(figure()) && watch.alerts().isEmpty(), "nobody has looked");
            watch.look();
            assertTrue(Math.abs(figure()) < 2, "" + figure());
            assertEquals(List.of(), watch.alerts());

            ahead = Duration.ofHours(1);
            watch.look();
            assertEquals(3600, figure(), 60, "only the machine's clock was set: it counts from a right one");
            assertEquals(Optional.empty(), watch.problem());
            var alert = watch.alerts().getFirst();
            assertEquals("CLOCK_WRONG fleet process 7 at host", alert.kind() + " " + alert.subject() + " "
                    + alert.detail());
            assertTrue(alert.text().contains("s ahead of the database's"), alert.text());
            isSmall(Duration.between(Instant.now(), watch.corrected(time).instant()).abs());

            time.believe();
            ahead = Duration.ofHours(-1);
            watch.look();
            assertEquals(3600, Math.abs(figure()), 60);
            assertEquals(1, watch.alerts().size());
            isSmall(Duration.between(Instant.now(), watch.corrected(time).instant()).abs());

            ahead = Duration.ZERO;
            watch.look();
            assertTrue(Math.abs(figure()) < 2, "" + figure());
            assertEquals(List.of(), watch.alerts());
        }
    }

    @Test
    void aProcessThatDoesNotCoordinateSaysSoAndGoesOnFromARightClock() {
        try (var database = TestDatabase.fresh(); var watch = watch(database)) {
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
