package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ProductVersion NEXT = ProductVersion.of("1.1.0");

    @Test
    void runsAfterTheBakeOfTheRing() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(4));
        assertFalse(lab.started("r2.canary.pdm"));
        lab.live(Duration.ofMinutes(2));
        assertTrue(lab.started("r2.canary.pdm.1"));
    }

    @Test
    void waitsForAPersonWhereItIsManual() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.blueprint(policy -> Policies.pdm(policy, RingPolicy.Pdm.MANUAL)));
        lab.deploy("1.1.0");
        assertTrue(lab.command(new FleetCommand.RunPdm(NEXT, Optional.empty())) instanceof FleetCommand.Answer.Refused);
        lab.live(HOUR);
        assertEquals(Wait.Code.PDM_MANUAL, lab.code("ring 2"));
        assertTrue(lab.waitOf("version 1.1.0").orElseThrow().text().contains("cambium pdm 1.1.0"));
        lab.command(new FleetCommand.RunPdm(NEXT, Optional.of(CellId.of("main"))));
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").graduatedAt().isPresent());
        assertEquals("1.1.0", lab.runs("c4"));
        assertFalse(lab.started("r2.canary.pdm"));
    }

    @Test
    void isPartOfConvergingWhereItComesWithTheDeployment() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.pdm(policy, RingPolicy.Pdm.WITH_DEPLOYMENT));
        lab.results.put("canary.pdm.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(8));
        assertTrue(lab.started("r2.canary.pdm.1"));
        assertEquals(Wait.Code.PDM, lab.code("ring 0"));
        assertFalse(lab.started("r2.main"));
    }

    @Test
    void graduatesNothingWhosePdmFailedAndTriesAgainOnAPersonsWord() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("main.pdm.1.1.0", new AttemptResult.Failed("deadlock"));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertFalse(lab.version("1.1.0").graduatedAt().isPresent());
        assertFalse(lab.started("r2.main.pdm.2"));
        assertTrue(lab.waitOf("ring 2").orElseThrow().text().contains("deadlock"));
        assertTrue(lab.fleet.pages().containsKey("pdm:r2.main.pdm.1"));
        lab.results.clear();
        lab.command(new FleetCommand.RunPdm(NEXT, Optional.of(CellId.of("main"))));
        lab.live(HOUR);
        assertTrue(lab.started("r2.main.pdm.2"));
        assertEquals("1.1.0", lab.runs("c4"));
    }

    @Test
    void namesWhoGraduatedAVersion() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertTrue(lab.log.stream().anyMatch(event -> event instanceof FleetEvent.VersionGraduated(var _, var by,
                var version)
                && by.equals(FleetEvent.AUTOMATION) && version.equals(ProductVersion.of("1.0.0"))));
    }

    @Test
    void neverRunsThatOfAnOlderVersionAfterANewerOnes() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.pdm(policy, RingPolicy.Pdm.WITH_DEPLOYMENT));
        lab.verdicts.put("canary.1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(5));
        assertTrue(lab.started("r2.canary.pdm.1"));
        lab.running.put(CellId.of("canary"), ProductVersion.of("1.0.0"));   // by hand, over the migration
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        lab.command(new FleetCommand.Unblock(NEXT, "it was somebody's hand"));
        lab.brake("fleet", "look first");
        lab.live(HOUR);
        assertFalse(lab.started("r1.canary.pdm.2"), lab.log.toString());
        assertFalse(lab.started("r2.canary.rollback"));
    }

    @Test
    void saysWhetherACellCanGoBackAndAtWhatPrice() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertInstanceOf(CanGoBack.No.class, CanGoBack.of(lab.fleet, lab.cell("c1"), Optional.empty()));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(8));
        var before = assertInstanceOf(CanGoBack.Yes.class, CanGoBack.of(lab.fleet, lab.cell("main"),
                Optional.empty()));
        assertEquals(ProductVersion.of("1.0.0"), before.target());
        assertInstanceOf(CanGoBack.No.class, CanGoBack.of(lab.fleet, lab.cell("main"),
                Optional.of(ProductVersion.of("0.9.0"))));
        lab.live(Duration.ofHours(1));
        assertInstanceOf(CanGoBack.WithDowntime.class, CanGoBack.of(lab.fleet, lab.cell("main"), Optional.empty()));
    }
}
