package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VetoTest {
    private static final ProductVersion NEXT = ProductVersion.of("1.1.0");

    private static FleetCommand.Answer veto(FleetLab lab, String version) {
        return lab.command(new FleetCommand.Veto(ProductVersion.of(version), "its licence is wrong"));
    }

    private static long starts(FleetLab lab, String version) {
        return lab.log.stream().filter(event -> event instanceof FleetEvent.AttemptRequested asked
                && asked.attempt().step() == Step.DEPLOY && asked.version().value().equals(version)).count();
    }

    @Test
    void letsAVetoedVersionStartInNoRingAndSaysWhy() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(12));
        long before = starts(lab, "1.1.0");
        assertTrue(before > 0);
        assertInstanceOf(FleetCommand.Answer.Accepted.class, veto(lab, "1.1.0"));
        lab.live(Duration.ofHours(2));
        assertEquals(before, starts(lab, "1.1.0"), "none in any ring");
        var refused = assertInstanceOf(FleetCommand.Answer.Refused.class, lab.deploy("1.1.0"));
        assertEquals("blocked", refused.code());
        assertEquals("1.1.0 is vetoed by anna: its licence is wrong", refused.text());
        assertTrue(lab.fleet.rings().values().stream().noneMatch(ring -> ring.targets().stream().anyMatch(target ->
                target.version().equals(NEXT))));
    }

    @Test
    void ofAVersionThatNobodyDeployedSaysWhatKeepsItFromBeingDeployed() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        int before = lab.log.size();
        var refused = assertInstanceOf(FleetCommand.Answer.Refused.class, veto(lab, "7.7.7"));
        assertEquals("unknown_version", refused.code());
        assertTrue(refused.text().contains("cambium package quarantine") && refused.text().contains("7.7.7"),
                refused.text());
        assertEquals(before, lab.log.size(), "a name that may be mistyped is not kept");
    }

    @Test
    void leavesAVetoedVersionOnCellsThatBakedIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        veto(lab, "1.0.0");
        lab.live(Duration.ofHours(1));
        assertTrue(lab.running.values().stream().allMatch(version -> version.value().equals("1.0.0")));
        assertTrue(lab.log.stream().noneMatch(event -> event instanceof FleetEvent.AttemptRequested asked
                && asked.attempt().step() == Step.ROLLBACK), "a veto takes nothing back");
    }

    @Test
    void goesOnFromRingZeroOnceTheVetoIsLiftedByName() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.pass(Duration.ofSeconds(1));
        veto(lab, "1.1.0");
        lab.live(Duration.ofMinutes(10));
        assertEquals(new FleetCommand.Answer.Accepted(java.util.List.of()), veto(lab, "1.1.0"), "asked twice");
        lab.command(new FleetCommand.Unblock(NEXT, "the licence is right after all"));
        lab.live(Duration.ofHours(3));
        assertTrue(lab.running.values().stream().allMatch(NEXT::equals), lab.running.toString());
    }

    @Test
    void takesAVetoedVersionBackWhereAPersonAsksForThat() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.blueprint(policy -> Policies.pdm(policy, RingPolicy.Pdm.MANUAL)));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(20));
        veto(lab, "1.1.0");
        lab.live(Duration.ofMinutes(5));
        lab.command(new FleetCommand.RollBack(new Scope.OfVersion(NEXT), "it must go", false));
        lab.live(Duration.ofMinutes(20));
        assertTrue(lab.running.values().stream().noneMatch(NEXT::equals), lab.running.toString());
        var refused = assertInstanceOf(FleetCommand.Answer.Refused.class, veto(lab, "1.1.0"));
        assertEquals("blocked", refused.code(), "a veto would ask for less than was done");
    }

    @Test
    void wantsAReasonAndAKnownVersion() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals("unknown_version", assertInstanceOf(FleetCommand.Answer.Refused.class, veto(lab, "9.0")).code());
        var blank = lab.command(new FleetCommand.Veto(ProductVersion.of("1.0.0"), " "));
        assertEquals("why_missing", assertInstanceOf(FleetCommand.Answer.Refused.class, blank).code());
        assertEquals(Optional.empty(), lab.fleet.version(ProductVersion.of("1.0.0")).orElseThrow().blocked());
    }
}
