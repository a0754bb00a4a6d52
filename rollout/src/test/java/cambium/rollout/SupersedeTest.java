package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SupersedeTest {
    private static FleetLab lab(Supersede rule) {
        return FleetLab.onFirstVersion(policy -> policy.with(parts -> parts.supersede = rule));
    }

    private static List<String> opened(FleetLab lab, int ring) {
        return lab.log.stream().filter(event -> event instanceof FleetEvent.RingOpened opened
                && opened.ring().value() == ring).map(event -> ((FleetEvent.RingOpened) event).version().value())
                .toList();
    }

    private static List<String> baked(FleetLab lab, int ring) {
        return lab.log.stream().filter(event -> event instanceof FleetEvent.RingBaked baked
                && baked.ring().value() == ring).map(event -> ((FleetEvent.RingBaked) event).version().value())
                .distinct().toList();
    }

    @Test
    void finishesWhatItBeganUnlessToldOtherwise() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.pass(Duration.ofMinutes(1));
        lab.deploy("1.2.0");
        lab.deploy("1.3.0");
        lab.pass(Duration.ofMinutes(1));
        assertEquals(List.of("1.0.0", "1.1.0"), opened(lab, 0));
        lab.live(Duration.ofHours(2));
        assertEquals(List.of("1.0.0", "1.1.0", "1.3.0"), opened(lab, 0), "1.2.0 was skipped");
    }

    @Test
    void letsTheNewestReplaceWhatIsNotProvedButNotTwiceInARow() {
        var lab = lab(Supersede.NEWEST_WINS);
        lab.deploy("1.1.0");
        lab.pass(Duration.ofMinutes(1));
        lab.deploy("1.2.0");
        lab.pass(Duration.ofMinutes(1));
        assertEquals(List.of("1.0.0", "1.1.0", "1.2.0"), opened(lab, 0));
        lab.deploy("1.3.0");
        lab.pass(Duration.ofMinutes(1));
        assertEquals(List.of("1.0.0", "1.1.0", "1.2.0"), opened(lab, 0), "1.2.0 has replaced one already");
        assertTrue(lab.plan.waitOf(new Scope.OfRing(RingNumber.INNERMOST)).isPresent(), lab.plan.waits().toString());
        lab.live(Duration.ofMinutes(20));
        assertTrue(baked(lab, 0).contains("1.2.0"));
        assertTrue(opened(lab, 0).contains("1.3.0"), "its turn came");
        assertTrue(!baked(lab, 0).contains("1.1.0"), "what was replaced proved nothing");
    }

    @Test
    void takesEveryVersionInItsTurnWhereTheyQueue() {
        var lab = lab(Supersede.QUEUE);
        for (String version : List.of("1.1.0", "1.2.0", "1.3.0")) {
            lab.deploy(version);
        }
        lab.pass(Duration.ofMinutes(1));
        assertEquals("comes in its turn, after 1.2.0", lab.plan.waitOf(new Scope.OfVersion(ProductVersion.of("1.3.0")))
                .map(Wait::text).orElse("no wait"));
        lab.live(Duration.ofHours(4));
        for (int ring = 0; ring <= 3; ring++) {
            assertEquals(List.of("1.0.0", "1.1.0", "1.2.0", "1.3.0"), baked(lab, ring), "ring " + ring);
        }
        assertEquals(List.of(), lab.log.stream().filter(FleetEvent.RolloutSuperseded.class::isInstance).toList());
    }

    @Test
    void keepsAVersionInsideUntilAnOuterQueueCouldTakeIt() {
        var lab = lab(Supersede.QUEUE);
        lab.command(new FleetCommand.SetBrake(new Scope.OfRing(RingNumber.of(2)), "not today", Optional.empty()));
        lab.deploy("1.1.0");
        lab.deploy("1.2.0");
        lab.live(Duration.ofHours(2));
        assertEquals("1.1.0", opened(lab, 1).getLast(), "1.2.0 would take 1.1.0 away from ring 2");
        lab.command(new FleetCommand.ReleaseBrake(new Scope.OfRing(RingNumber.of(2)), "today"));
        lab.live(Duration.ofHours(4));
        assertEquals(List.of("1.0.0", "1.1.0", "1.2.0"), baked(lab, 3));
    }

    @ParameterizedTest
    @EnumSource
    void letsNoRingStarveWhenVersionsComeFasterThanItConverges(Supersede rule) {
        var lab = lab(rule);
        for (int minute = 1; minute <= 90; minute++) {
            lab.deploy("1." + minute + ".0");
            lab.pass(Duration.ofSeconds(20));
            lab.pass(Duration.ofSeconds(40));
        }
        for (int ring = 0; ring <= 3; ring++) {
            assertTrue(baked(lab, ring).size() >= 4, "ring " + ring + " proved only " + baked(lab, ring));
        }
        for (int ring = 2; ring <= 3; ring++) {
            var last = ProductVersion.of(baked(lab, ring).getLast());
            assertTrue(lab.fleet.version(last).orElseThrow().graduatedAt().isPresent(), "ring " + ring + ": " + last);
        }
    }
}
