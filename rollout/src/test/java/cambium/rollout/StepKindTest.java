package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Full converge and application-only deployments, and what is done about drift.
class StepKindTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ProductVersion FIRST = ProductVersion.of("1.0.0");

    private static StepKind kind(FleetLab lab, String cell) {
        return lab.cell(cell).last(Step.DEPLOY).orElseThrow().kind();
    }

    private static void converge(FleetLab lab, String cell) {
        lab.command(new FleetCommand.Deploy(FIRST, List.of(), Optional.empty(), Optional.of(CellId.of(cell)), true));
    }

    @Test
    void setsUpTheWholeOfANewCellAndThenOnlyTheApplication() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals(StepKind.FULL, kind(lab, "c1"));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals(StepKind.APPLICATION, kind(lab, "c1"));
    }

    @Test
    void convergesTheWholeInstallationWhereThePolicyOrTheRolloutSaysSo() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts ->
                parts.cells = parts.cells.with(cells -> cells.kind = StepKind.FULL)));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals(StepKind.FULL, kind(lab, "c1"));
        var other = FleetLab.onFirstVersion(policy -> policy);
        other.command(new FleetCommand.Deploy(ProductVersion.of("1.1.0"), List.of(FleetLab.shop("1.1.0")),
                Optional.empty(), Optional.empty(), true));
        other.live(HOUR);
        assertEquals(StepKind.FULL, kind(other, "c4"));
    }

    @Test
    void convergesACellAnewOnItsPresentVersionOnAPersonsWord() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        converge(lab, "c1");
        lab.live(HOUR);
        assertTrue(lab.started("r1.c1.deploy.2"));
        assertEquals(StepKind.FULL, kind(lab, "c1"));
        assertFalse(lab.started("r1.c1.deploy.3"), "once");
        assertFalse(lab.started("r1.c2.deploy.2"), "and nowhere else");
        assertTrue(lab.cell("c1").provedGood(FIRST));
    }

    @Test
    void blamesNoVersionForAConvergeThatFailsWhereItHadBaked() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("c1.deploy", new AttemptResult.Failed("no quota"));
        lab.running.remove(CellId.of("c1"));
        converge(lab, "c1");
        lab.live(HOUR);
        assertTrue(lab.version("1.0.0").blocked().isEmpty());
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("failed:r1.c1")));
    }

    @Test
    void callsSomebodyAtTheFirstLookThatShowsDriftAndPutsItRight() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.running.put(CellId.of("c1"), ProductVersion.of("0.9.0"));
        lab.settle();
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("drift:c1")));
        assertEquals("1.0.0", lab.runs("c1"));
    }

    @Test
    void takesNoCellForDriftedThatShowsWhatItIsJustBroughtBackFrom() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.results.put("canary.rollback", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(2));
        assertTrue(lab.started("r2.canary.rollback.1"));
        lab.running.put(CellId.of("canary"), ProductVersion.of("1.1.0"));
        lab.settle();
        lab.results.remove("canary.rollback");
        lab.settle();
        assertTrue(lab.cell("canary").last(Step.ROLLBACK).orElseThrow().succeeded());
        lab.running.put(CellId.of("canary"), ProductVersion.of("1.0.0"));
        lab.settle();
        assertEquals(List.of(), driftsOfCanary(lab));
        lab.running.put(CellId.of("canary"), ProductVersion.of("0.9.0"));
        lab.settle();
        assertEquals(1, driftsOfCanary(lab).size());
    }

    private static List<String> driftsOfCanary(FleetLab lab) {
        return lab.fleet.pages().keySet().stream().filter(key -> key.startsWith("drift:canary")).toList();
    }

    @Test
    void onlyTellsOfDriftWhereThePolicySaysSoAndGoesOnWithoutTheCell() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts ->
                parts.cells = parts.cells.with(cells -> cells.onDrift = CellPolicy.OnDrift.REPORT)));
        lab.running.put(CellId.of("c1"), ProductVersion.of("0.9.0"));
        lab.live(HOUR);
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("drift:c1")));
        assertEquals("0.9.0", lab.runs("c1"));
        assertEquals(Wait.Code.DRIFTED, lab.code("cell c1"));
        assertFalse(lab.started("r1.c1.deploy.2"));
        converge(lab, "c1");
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("c1"));
    }

    @Test
    void runsPdmOnlyAfterTheGraceInWhichTheCellGoesBackWithoutDowntime() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts ->
                parts.cells = parts.cells.with(cells -> cells.pdmGrace = Duration.ofMinutes(30))));
        lab.live(HOUR.multipliedBy(2));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(20));
        assertEquals("1.1.0", lab.runs("main"));
        assertEquals(Wait.Code.PDM_GRACE, lab.code("cell main"));
        assertFalse(lab.started("r2.main.pdm"));
        assertFalse(lab.version("1.1.0").graduatedAt().isPresent());
        lab.deploy("1.2.0");
        lab.live(Duration.ofMinutes(15));
        assertEquals("1.1.0", lab.runs("main"), "nothing newer takes its graduation away");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").graduatedAt().isPresent());
        assertTrue(lab.cell("c1").provedGood(ProductVersion.of("1.1.0")) || lab.started("r2.c1"));
    }

    @Test
    void runsPdmWithinTheGraceOnAPersonsWord() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts ->
                parts.cells = parts.cells.with(cells -> cells.pdmGrace = Duration.ofMinutes(10))));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(13));
        assertEquals(Wait.Code.PDM_GRACE, lab.code("cell main"));
        lab.command(new FleetCommand.RunPdm(ProductVersion.of("1.1.0"), Optional.of(CellId.of("main"))));
        lab.live(Duration.ofMinutes(1));
        assertTrue(lab.started("r2.main.pdm"));
    }

    private static FleetLab migratedTakenBackAndGivenAgain(RingPolicy.Pdm pdm) {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.blueprint(policy -> policy.with(parts -> {
            parts.pdm = pdm;
            parts.cells = parts.cells.with(cells -> cells.pdmGrace = Duration.ofMinutes(30));
        })));
        var version = ProductVersion.of("1.1.0");
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(20));
        lab.command(new FleetCommand.RunPdm(version, Optional.of(CellId.of("main"))));
        lab.live(Duration.ofMinutes(1));
        assertTrue(lab.started("r2.main.pdm.1"));
        lab.command(new FleetCommand.RollBack(Scope.of("cell main"), "it leaks", true));
        lab.live(Duration.ofMinutes(1));
        assertEquals("1.0.0", lab.runs("main"));
        lab.command(new FleetCommand.Deploy(version, List.of(), Optional.empty(), Optional.of(CellId.of("main"))));
        lab.live(Duration.ofMinutes(20));
        assertTrue(lab.cell("main").provedGood(version));
        assertFalse(lab.started("r2.main.pdm.2"));
        return lab;
    }

    @Test
    void aCellThatWentBackOverAPdmHasItsGraceAgain() {
        var lab = migratedTakenBackAndGivenAgain(RingPolicy.Pdm.AFTER_BAKE);
        assertEquals(Wait.Code.PDM_GRACE, lab.code("cell main"));
        lab.live(Duration.ofMinutes(30));
        assertTrue(lab.started("r2.main.pdm.2"));
    }

    @Test
    void aCellThatWentBackOverAManualPdmWaitsForAPersonAgain() {
        var lab = migratedTakenBackAndGivenAgain(RingPolicy.Pdm.MANUAL);
        lab.live(HOUR);
        assertEquals(Wait.Code.PDM_MANUAL, lab.code("cell main"));
        assertFalse(lab.started("r2.main.pdm.2"));
    }
}
