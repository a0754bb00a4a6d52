package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HotfixTest {
    private static final ProductVersion FIX = ProductVersion.of("1.0.1");

    /// Rings bake for an hour, a hotfix for ten minutes.
    private static FleetLab lab() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        return lab.apply(FleetLab.blueprint(HotfixTest::withLane));
    }

    private static RingPolicy withLane(RingPolicy policy) {
        return policy.with(parts -> parts.bake = new Bake(Duration.ofHours(1), 500,
                Optional.of(new Bake.Hotfix(Duration.ofMinutes(10), 50))));
    }

    private static FleetCommand.Answer start(FleetLab lab, Optional<RingNumber> ring, String why) {
        return lab.command(new FleetCommand.Deploy(FIX, List.of(FleetLab.shop("1.0.1")), ring, Optional.empty(), false,
                Optional.empty(), Optional.of(why)));
    }

    private static String refusal(FleetCommand.Answer answer) {
        return assertInstanceOf(FleetCommand.Answer.Refused.class, answer).code();
    }

    @Test
    void bakesShorterInEveryRingAndLeavesNoneOut() {
        var lab = lab();
        assertInstanceOf(FleetCommand.Answer.Accepted.class, start(lab, Optional.empty(), "customers cannot pay"));
        lab.live(Duration.ofMinutes(9));
        assertEquals(Wait.Code.BAKING, lab.code("ring 0"));
        assertTrue(lab.waitOf("ring 0").orElseThrow().text().startsWith(
                "bakes 1.0.1 as a hotfix (customers cannot pay) until "), lab.plan.waits().toString());
        assertFalse(lab.started("r2.main"), "ring 0 has not baked it");
        lab.live(Duration.ofMinutes(2));
        assertEquals("1.0.1", lab.runs("main"));
        assertEquals("1.0.0", lab.runs("c1"));
        lab.live(Duration.ofMinutes(45));
        assertTrue(lab.running.values().stream().allMatch(FIX::equals), lab.running.toString());
        var rings = lab.log.stream().filter(event -> event instanceof FleetEvent.RingBaked baked
                && baked.rollout() == 2).map(event -> ((FleetEvent.RingBaked) event).ring().value()).toList();
        assertEquals(List.of(0, 1, 2, 3), rings);
        assertEquals(Optional.of("customers cannot pay"), lab.status().versions().getLast().hotfix());
    }

    @Test
    void needsItsOwnNumberOfRequests() {
        var lab = lab();
        lab.samples = 49;
        start(lab, Optional.empty(), "customers cannot pay");
        lab.live(Duration.ofHours(3));
        assertEquals("1.0.0", lab.runs("main"));
        assertTrue(lab.waitOf("ring 0").orElseThrow().text().contains("49 of 50 requests"));
        lab.samples = 60;
        lab.live(Duration.ofMinutes(1));
        assertEquals("1.0.1", lab.runs("main"));
    }

    @Test
    void shortensNothingForOtherVersions() {
        var lab = lab();
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(55));
        assertEquals("1.0.0", lab.runs("main"));
    }

    @Test
    void staysUnderBrakesAndStopsAtHarm() {
        var braked = lab();
        braked.brake("ring 1", "looks odd");
        start(braked, Optional.empty(), "customers cannot pay");
        braked.live(Duration.ofHours(1));
        assertEquals("1.0.0", braked.runs("main"));
        assertEquals(Wait.Code.BRAKED, braked.code("ring 1"));

        var harmful = lab();
        harmful.verdicts.put("1.0.1", Verdict.HARMFUL);
        start(harmful, Optional.empty(), "customers cannot pay");
        harmful.live(Duration.ofHours(1));
        assertEquals("1.0.0", harmful.runs("canary"));
        assertTrue(harmful.version("1.0.1").blocked().isPresent());
        harmful.command(new FleetCommand.Unblock(FIX, "it was the load"));
        assertEquals(Optional.empty(), harmful.fleet.rollouts().get(3).hotfix(), "who releases it says it anew");
    }

    @Test
    void isRefusedWhereItWouldMeanNothing() {
        var lab = lab();
        assertEquals("why_missing", refusal(start(lab, Optional.empty(), " ")));
        assertEquals("ring_order", refusal(start(lab, Optional.of(RingNumber.of(1)), "customers cannot pay")));
        lab.deploy("1.0.1");
        assertEquals("under_way", refusal(start(lab, Optional.empty(), "customers cannot pay")));
        assertEquals("no_hotfix_lane", refusal(start(FleetLab.blueprint(), Optional.empty(), "customers cannot pay")));
    }

    @Test
    void isNeverNothing() {
        assertThrows(IllegalArgumentException.class, () -> new Bake.Hotfix(Duration.ZERO, 1));
        assertThrows(IllegalArgumentException.class, () -> new Bake(Duration.ofHours(1), 20,
                Optional.of(new Bake.Hotfix(Duration.ofMinutes(1), 0))));
        assertThrows(IllegalArgumentException.class, () -> new Bake(Duration.ofMinutes(1), 20,
                Optional.of(new Bake.Hotfix(Duration.ofMinutes(2), 20))));
    }
}
