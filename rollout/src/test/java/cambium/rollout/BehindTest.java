package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BehindTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static FleetLab lab(Integer versions, Duration time) {
        return FleetLab.onFirstVersion(policy -> policy.with(parts -> parts.cells = parts.cells.with(cells ->
                cells.mostBehind = Optional.of(new BehindLimit(Optional.ofNullable(versions),
                        Optional.ofNullable(time))))));
    }

    private static List<String> pages(FleetLab lab) {
        return lab.fleet.pages().keySet().stream().filter(key -> key.startsWith("behind:")).toList();
    }

    private static Optional<String> tooFar(FleetLab lab) {
        return lab.status().rings().getLast().drift().tooFar();
    }

    @Test
    void callsOnceWhenMoreVersionsHavePassedAndTellsItUntilTheRingHasCaughtUp() {
        var lab = lab(1, null);
        int outermost = lab.fleet.spec().orElseThrow().outermost().value();
        lab.brake("ring " + outermost, "a holiday");
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(2));
        assertTrue(lab.version("1.1.0").graduatedAt().isPresent());
        assertEquals(List.of(), pages(lab), "one version behind is allowed");
        assertEquals(Optional.empty(), tooFar(lab));

        lab.deploy("1.2.0");
        lab.live(Duration.ofHours(2));
        assertTrue(lab.version("1.2.0").graduatedAt().isPresent());
        assertEquals(1, pages(lab).size(), () -> pages(lab).toString());
        assertEquals(Optional.of("2 graduated versions behind, more than the 1 that it may be"), tooFar(lab));
        assertEquals(List.of(RingNumber.of(outermost)), TooFarBehind.in(lab.fleet, lab.now).stream()
                .map(TooFarBehind::ring).toList());

        lab.releaseBrake("ring " + outermost);
        lab.live(Duration.ofHours(3));
        assertEquals(Behind.NONE, lab.status().rings().getLast().drift().behind());
        assertEquals(Optional.empty(), tooFar(lab));
        assertEquals(1, pages(lab).size(), () -> pages(lab).toString());
    }

    @Test
    void callsWhenAVersionHasWaitedTooLongWhateverTheirNumber() {
        var lab = lab(null, Duration.ofHours(5));
        int outermost = lab.fleet.spec().orElseThrow().outermost().value();
        lab.brake("ring " + outermost, "a holiday");
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(4));
        assertEquals(List.of(), pages(lab));
        lab.live(Duration.ofHours(4));
        assertEquals(1, pages(lab).size(), () -> pages(lab).toString());
        assertTrue(tooFar(lab).orElseThrow().endsWith(", longer than the 5h that it may be"), () -> "" + tooFar(lab));
    }

    @Test
    void countsNoVersionThatWasFoundBad() {
        var lab = lab(0, null);
        int outermost = lab.fleet.spec().orElseThrow().outermost().value();
        lab.brake("ring " + outermost, "a holiday");
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(2));
        assertTrue(tooFar(lab).isPresent());
        lab.record(new FleetEvent.VersionBlocked(lab.now, "anna", ProductVersion.of("1.1.0"), "it leaks", false));
        lab.settle();
        assertEquals(Optional.empty(), tooFar(lab));
    }

    @Test
    void aLimitNamesVersionsOrATimeWithinBounds() {
        var behind = new Behind(3, Optional.of(NOON));
        assertEquals(Optional.empty(), new BehindLimit(Optional.of(3), Optional.empty()).passed(behind, NOON));
        assertEquals(Optional.of("3 graduated versions behind, more than the 2 that it may be"),
                new BehindLimit(Optional.of(2), Optional.of(Duration.ofHours(1))).passed(behind, NOON));
        assertEquals(Optional.empty(), new BehindLimit(Optional.empty(), Optional.of(Duration.ofHours(1)))
                .passed(behind, NOON.plus(Duration.ofHours(1))));
        assertThrows(IllegalArgumentException.class, () -> new BehindLimit(Optional.empty(), Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> new BehindLimit(Optional.of(-1), Optional.empty()));
        assertThrows(IllegalArgumentException.class, () ->
                new BehindLimit(Optional.empty(), Optional.of(Duration.ofDays(366))));
    }
}
