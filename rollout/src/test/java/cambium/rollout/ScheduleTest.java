package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Instant MONDAY_MORNING = Instant.parse("2026-11-23T08:00:00Z");

    private static Window window(String zone, String from, Duration length, String repeat) {
        return new Window(ZoneId.of(zone), LocalDateTime.parse(from), length, Optional.ofNullable(repeat),
                Optional.empty());
    }

    private static Window hours(String zone, String from, long hours, String repeat) {
        return window(zone, from, Duration.ofHours(hours), repeat);
    }

    private static Optional<Schedule.Closed> closed(String at, Schedule... schedules) {
        return Schedule.closed(List.of(schedules), Instant.parse(at));
    }

    private static String opens(String at, Schedule... schedules) {
        return closed(at, schedules).map(closed -> closed.opensAt().map(Instant::toString).orElse("never"))
                .orElse("open");
    }

    @Test
    void isAlwaysOpenWithoutWindows() {
        assertTrue(Schedule.closed(List.of(Schedule.DEFAULT, Schedule.DEFAULT), MONDAY_MORNING).isEmpty());
    }

    @Test
    void opensAtTheNextWindowOfItsRule() {
        var office = new Schedule(List.of(hours("Europe/Berlin", "2026-01-05T09:00", 8,
                "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH")), List.of());
        assertEquals("open", opens("2026-11-23T08:00:00Z", office));
        assertEquals("open", opens("2026-11-23T15:59:59Z", office));
        assertEquals("2026-11-24T08:00:00Z", opens("2026-11-23T16:00:00Z", office));
        assertEquals("2026-11-30T08:00:00Z", opens("2026-11-26T16:00:00Z", office), "Friday is no day for it");
        assertEquals("2026-01-05T08:00:00Z", opens("2025-06-01T00:00:00Z", office), "not before the first");
    }

    @Test
    void letsAFreezeWinOverAWindow() {
        var daily = hours("UTC", "2026-01-01T09:00", 8, "FREQ=DAILY");
        var schedule = new Schedule(List.of(daily), List.of(window("UTC", "2026-12-23T12:00", Duration.ofDays(10),
                null)));
        assertEquals("open", opens("2026-12-23T11:59:59Z", schedule));
        assertEquals("2027-01-02T12:00:00Z", opens("2026-12-23T12:00:00Z", schedule));
        assertTrue(closed("2026-12-24T10:00:00Z", schedule).orElseThrow().why().startsWith("frozen until"));
        var fleet = new Schedule(List.of(), List.of(hours("UTC", "2027-01-02T12:00", 3, null)));
        assertEquals("2027-01-02T15:00:00Z", opens("2026-12-23T12:00:00Z", fleet, schedule),
                "the fleet's freeze counts, too");
    }

    @Test
    void keepsTheTimeOfDayWhenClocksChange() {
        var night = new Schedule(List.of(hours("Europe/Berlin", "2026-10-01T02:30", 2, "FREQ=DAILY")), List.of());
        assertEquals("2026-10-24T00:30:00Z", opens("2026-10-23T12:00:00Z", night));
        assertEquals("2026-10-25T00:30:00Z", opens("2026-10-24T12:00:00Z", night), "02:30 comes twice: the first");
        assertEquals("2026-10-26T01:30:00Z", opens("2026-10-25T12:00:00Z", night));
        assertEquals("2027-03-28T01:30:00Z", opens("2027-03-27T12:00:00Z", night), "02:30 is skipped: 03:30 instead");
        assertEquals("open", opens("2026-10-25T02:29:59Z", night), "two hours are two hours");
        assertEquals("2026-10-26T01:30:00Z", opens("2026-10-25T02:30:00Z", night));
    }

    @Test
    void countsWholeDaysByTheCalendar() {
        var weekend = new Schedule(List.of(), List.of(window("Europe/Berlin", "2026-10-24T00:00", Duration.ofDays(2),
                "FREQ=WEEKLY;BYDAY=SA")));
        assertEquals("2026-10-25T23:00:00Z", opens("2026-10-24T12:00:00Z", weekend), "49 hours, to midnight there");
        assertEquals("2026-11-01T23:00:00Z", opens("2026-10-31T12:00:00Z", weekend));
    }

    @Test
    void tellsWhenItIsClosedForEver() {
        var over = new Schedule(List.of(hours("UTC", "2026-01-01T09:00", 8, "FREQ=DAILY;COUNT=3")), List.of());
        assertEquals("2026-01-03T09:00:00Z", opens("2026-01-02T17:00:00Z", over));
        assertEquals("never", opens("2026-01-03T17:00:00Z", over));
        var once = new Schedule(List.of(hours("UTC", "2026-01-01T09:00", 8, null)), List.of());
        assertEquals("never", opens("2026-01-01T17:00:00Z", once));
    }

    @Test
    void refusesAFleetWhoseWindowsNeverOpen() {
        var shut = new Schedule(List.of(hours("UTC", "2026-01-01T09:00", 2, "FREQ=WEEKLY;BYDAY=MO")),
                List.of(hours("UTC", "2026-01-01T08:00", 4, "FREQ=DAILY")));
        assertFalse(Schedule.everOpen(List.of(shut)));
        var policy = RingPolicy.DEFAULT.with(parts -> parts.windows = shut);
        var wrong = assertThrows(IllegalArgumentException.class, () -> FleetLab.spec(0,
                FleetSpec.Graduation.AUTOMATIC, FleetLab.ring(0, policy, FleetLab.cell("a", CellSpec.Kind.MAIN))));
        assertTrue(wrong.getMessage().contains("the windows of ring 0 never open"), wrong.getMessage());
    }

    @Test
    void refusesRulesThatItCannotFollow() {
        for (var rule : List.of("", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;BYHOUR=3", "every monday",
                "FREQ=DAILY;UNTIL=20270101T000000Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")) {
            var wrong = assertThrows(IllegalArgumentException.class, () -> hours("UTC", "2026-01-01T09:00", 1, rule),
                    rule);
            assertTrue(wrong.getMessage().startsWith("repeat "), wrong.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> window("UTC", "2026-01-01T09:00", Duration.ZERO, null));
        assertThrows(IllegalArgumentException.class, () -> window("UTC", "2026-01-01T09:00", Duration.ofDays(32),
                "FREQ=YEARLY"));
    }

    @Test
    void holdsBackStartsOutsideItsWindowsAndSaysWhenTheyOpen() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        close(lab, "2026-11-21T13:00", 2);
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        assertFalse(lab.started("r2.main"), "ring 1 is frozen");
        assertTrue(lab.started("r2.canary"), "ring 0 is not");
        var wait = lab.waitOf("ring 1").orElseThrow();
        assertEquals(Wait.Code.WINDOW, wait.code());
        assertEquals(Instant.parse("2026-11-21T15:00:00Z"), wait.until().orElseThrow());
        lab.live(Duration.ofHours(3));
        assertEquals("1.1.0", lab.runs("main"));
    }

    @Test
    void neverHoldsBackARollbackAndLetsARunningStepGoOn() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("main.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(7));
        assertTrue(lab.started("r2.main.deploy.1"));
        close(lab, "2026-11-21T12:00", 9);
        lab.results.put("main.deploy.1.1.0", new AttemptResult.Succeeded());
        lab.running.put(CellId.of("main"), ProductVersion.of("1.1.0"));
        lab.live(Duration.ofMinutes(2));
        assertEquals("1.1.0", lab.runs("main"), "the step that ran came to its end");
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.live(Duration.ofMinutes(5));
        assertEquals("1.0.0", lab.runs("main"), "back, though ring 1 is frozen");
    }

    @Test
    void holdsBackPdmToo() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        for (int i = 0; i < 100 && !lab.runs("main").equals("1.1.0"); i++) {
            lab.pass(Duration.ofSeconds(10));
        }
        close(lab, "2026-11-21T12:00", 9);
        lab.live(Duration.ofHours(1));
        assertTrue(lab.cell("main").provedGood(ProductVersion.of("1.1.0")));
        assertFalse(lab.started("r2.main.pdm"));
        assertTrue(lab.version("1.1.0").graduatedAt().isEmpty());
        assertEquals(Wait.Code.WINDOW, lab.code("ring 2"));
    }

    private static void close(FleetLab lab, String from, int hours) {
        var spec = lab.fleet.spec().orElseThrow();
        var frozen = new Schedule(List.of(), List.of(hours("UTC", from, hours, null)));
        lab.apply(spec.with(spec.rings().stream().map(ring -> ring.ring().value() != 1 ? ring
                : new RingSpec(ring.ring(),
                ring.policy().with(parts -> parts.windows = frozen), ring.cells())).toList()));
    }
}
