package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FailureTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final AttemptResult FAILS = new AttemptResult.Failed("exit 1");

    private static void everyCellRuns(FleetLab lab, String version) {
        for (var cell : lab.fleet.cells().values()) {
            assertEquals(version, lab.runs(cell.id().toString()), cell.id() + " of " + lab.plan);
        }
    }

    @Test
    void sendsAHarmfulVersionBackBeforeAnOuterRingSeesIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.0");
        assertTrue(lab.version("1.1.0").blocked().orElseThrow().why().contains("harmful"));
        assertFalse(lab.started("r2.main"));
        assertEquals("blocked", lab.status().versions().getLast().state());
        assertEquals("blocked by cambium: failed in ring 0, cell canary: harmful: judged harmful; cambium release "
                + "1.1.0 lets it start again", lab.status().versions().getLast().waiting().orElseThrow().text());
        var why = Why.of(lab.fleet, lab.plan, Scope.of("cell canary")).text();
        assertTrue(why.startsWith("cell canary has 1.0.0 and waits for nothing; it was brought back from 1.1.0 at "),
                why);
        assertTrue(why.endsWith(", blocked: failed in ring 0, cell canary: harmful: judged harmful"), why);
    }

    @Test
    void blocksAVersionWhoseDeploymentFails() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("canary.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertTrue(lab.started("r2.canary.rollback.1"), "a failed deployment may have left the cell half changed");
        everyCellRuns(lab, "1.0.0");
    }

    @Test
    void triesAgainAsOftenAsThePolicySays() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.retries(policy, 2));
        lab.results.put("canary.deploy.1.1.0", new AttemptResult.TimedOut());
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.started("r2.canary.deploy.3"));
        assertFalse(lab.started("r2.canary.deploy.4"));
        assertTrue(lab.version("1.1.0").blocked().isPresent());
    }

    @Test
    void toleratesAsManyFailuresAsThePolicySays() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.tolerated(policy, 1));
        lab.results.put("c1.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isEmpty());
        assertEquals("1.0.0", lab.runs("c1"));
        assertEquals("1.1.0", lab.runs("c2"));
        assertEquals("1.1.0", lab.runs("c4"));
        assertEquals(Wait.Code.FAILED, lab.code("cell c1"));
    }

    @Test
    void neverToleratesTheFailureOfAMandatoryCell() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var rings = lab.fleet.spec().orElseThrow().rings().stream().map(ring -> new RingSpec(ring.ring(),
                ring.policy().with(parts -> {
            parts.toleratedFailures = 1;
            parts.mandatory = ring.ring().value() == 2 ? new Mandatory(new TreeSet<>(List.of(CellId.of("c1"))))
                    : Mandatory.DEFAULT;
        }), ring.cells())).toList();
        lab.apply(lab.fleet.spec().orElseThrow().with(rings));
        lab.results.put("c1.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().orElseThrow().why().contains("cell c1"));
        assertFalse(lab.started("r2.c3.deploy"), "the next ring never saw it");
        lab.deploy("1.2.0");
        lab.results.put("c3.deploy.1.2.0", FAILS);
        lab.live(HOUR);
        assertTrue(lab.version("1.2.0").blocked().isEmpty(), "c3 may fail: it is not mandatory");
        assertEquals("1.2.0", lab.runs("c4"));
    }

    @Test
    void blocksAVersionThatFailsOnTheMainCellHoweverManyFailuresAreTolerated() {
        var main = FleetLab.cell("main", CellSpec.Kind.MAIN);
        var lab = new FleetLab().apply(FleetLab.spec(0, FleetSpec.Graduation.AUTOMATIC, FleetLab.ring(0,
                Policies.tolerated(RingPolicy.DEFAULT, 2), main, FleetLab.cell("a", CellSpec.Kind.SECONDARY))));
        lab.results.put("main.deploy", FAILS);
        lab.deploy("1.0.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.0.0").blocked().isPresent(), "without the main cell it could never graduate");
    }

    @Test
    void blocksAVersionThatNoCellOfARingIsLeftToProve() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.tolerated(policy, 5));
        lab.results.put("main.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isPresent());
    }

    @Test
    void undoesASoftFailureOfTheQaCellWithoutBlocking() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("qa.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("qa"));
        assertEquals("1.1.0", lab.runs("c4"));
        assertTrue(lab.version("1.1.0").failures().get(CellId.of("qa")).soft());
        assertEquals("failed", lab.status().cells().stream().filter(cell -> cell.cell().equals("qa")).findFirst()
                .orElseThrow().state());
    }

    @Test
    void showsASoftQaFailureOfTheCanaryAndGoesOn() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("canary.qa.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("qa:r2.canary")));
    }

    @Test
    void blocksWhereQaIsBlocking() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.qa(policy, RingPolicy.Qa.BLOCKING));
        lab.results.put("main.qa.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertEquals("1.0.0", lab.runs("main"));
        assertEquals("1.0.0", lab.runs("c1"));
    }

    @Test
    void countsHarmAnywhereInTheBake() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(4));
        assertEquals(Wait.Code.BAKING, lab.code("ring 0"));
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.0");
    }

    @Test
    void doesNotWaitForQaToAnswerHarm() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.qa(policy, RingPolicy.Qa.BLOCKING));
        lab.results.put("canary.qa.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(1));
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.live(Duration.ofMinutes(1));
        assertEquals(Step.QA, lab.fleet.cells().get(CellId.of("canary")).current().orElseThrow().id().step());
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertFalse(lab.started("r2.canary.rollback.1"), "it waits for what runs on the cell");
        assertFalse(lab.started("r2.main"));
    }

    @Test
    void takesOuterRingsBackWhenARingInsideTurnsBadLater() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(8));
        assertEquals("1.1.0", lab.runs("main"));
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("main"));
        assertEquals("1.1.0", lab.runs("canary"), "it is the canary's last known good, so a person decides");
        assertEquals(Wait.Code.BLOCKED, lab.code("cell canary"));
    }

    @Test
    void failsACellThatDiesInItsBake() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(2));
        lab.reachable.put(CellId.of("canary"), false);
        lab.live(Duration.ofMinutes(15));
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertTrue(lab.started("r2.canary.rollback.1"), "a rollback needs no reachable cell");
    }

    @Test
    void makesAVersionTheLastKnownGoodOnlyAfterItsFullBake() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(4));
        assertTrue(lab.cell("canary").provedGood(ProductVersion.of("1.0.0")));
        lab.live(Duration.ofMinutes(2));
        assertTrue(lab.cell("canary").provedGood(ProductVersion.of("1.1.0")));
    }

    @Test
    void neverStartsABlockedVersionAgainUntilItIsReleasedByName() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals(new FleetCommand.Answer.Refused("blocked", "1.1.0 is blocked by cambium: "
                + lab.version("1.1.0").blocked().orElseThrow().why()), lab.deploy("1.1.0"));
        lab.verdicts.clear();
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.0");
        lab.command(new FleetCommand.Unblock(ProductVersion.of("1.1.0"), "the probe was wrong"));
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
        assertTrue(lab.started("r3.canary.deploy.1"), "a release begins a new rollout");
    }

    private static FleetLab harmfulAfterPdm() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.pdm(policy, RingPolicy.Pdm.WITH_DEPLOYMENT));
        lab.verdicts.put("main.1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(10));
        lab.verdicts.put("main.1.1.0", Verdict.HARMFUL);
        lab.live(HOUR);
        return lab;
    }

    @Test
    void refusesToGoBackOverAPdmAndCallsSomebody() {
        var lab = harmfulAfterPdm();
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertEquals("1.1.0", lab.runs("main"));
        assertFalse(lab.started("r1.main.deploy.2"), "deploying the older version would be going back, too");
        assertEquals(Wait.Code.ROLLBACK_REFUSED, lab.code("cell main"));
        assertTrue(lab.waitOf("cell main").orElseThrow().text().contains("--with-downtime"));
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("rollback:main:1.1.0")));
        lab.command(new FleetCommand.RollBack(Scope.of("cell main"), "customers wait", true));
        lab.settle();
        assertEquals("1.0.0", lab.runs("main"));
    }

    @Test
    void letsANewerVersionBeTheWayOutWhereNoneGoesBack() {
        var lab = harmfulAfterPdm();
        lab.deploy("1.1.1");
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.1");
    }

    @Test
    void boundsTheTriesOfARollback() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.results.put("canary.rollback", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.started("r2.canary.rollback.3"));
        assertFalse(lab.started("r2.canary.rollback.4"));
        assertEquals(Wait.Code.TRIES_SPENT, lab.code("cell canary"));
        lab.results.clear();
        lab.command(new FleetCommand.RollBack(Scope.of("cell canary"), "disk is free again", false));
        lab.settle();
        assertEquals("1.0.0", lab.runs("canary"));
    }

    @Test
    void boundsRollbacksThatLieAboutTheirSuccess() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.deploy("1.1.0");
        for (int i = 0; i < 200; i++) {
            if (lab.started("r2.canary.rollback.1")) {
                lab.running.put(CellId.of("canary"), ProductVersion.of("1.1.0"));
            }
            lab.pass(Duration.ofSeconds(30));
        }
        assertTrue(lab.started("r2.canary.rollback.3"));
        assertFalse(lab.started("r2.canary.rollback.4"));
    }

    @Test
    void hasNothingToGoBackToAfterAFirstFailure() {
        var lab = FleetLab.blueprint();
        lab.verdicts.put("canary.1.0.0", Verdict.HARMFUL);
        lab.deploy("1.0.0");
        lab.live(HOUR);
        assertEquals(Wait.Code.ROLLBACK_REFUSED, lab.code("cell canary"));
        lab.deploy("1.0.1");
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.1");
    }

    @Test
    void holdsAVersionOffACellThatAPersonTookBack() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(13));
        assertEquals("1.1.0", lab.runs("c1"));
        lab.command(new FleetCommand.RollBack(Scope.of("cell c1"), "a customer complains", false));
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("c1"));
        assertEquals("1.1.0", lab.runs("c2"));
        assertEquals("1.0.0", lab.runs("c3"), "ring 2 has not converged");
        assertEquals(Wait.Code.HELD, lab.code("cell c1"));
        lab.command(new FleetCommand.Deploy(ProductVersion.of("1.1.0"), List.of(), Optional.empty(),
                Optional.of(CellId.of("c1"))));
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
    }

    @Test
    void sendsAProvenVersionFurtherBackOnlyOnAPersonsWord() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.blueprint(policy -> Policies.pdm(policy, RingPolicy.Pdm.MANUAL)));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(30));
        assertTrue(lab.cell("canary").provedGood(ProductVersion.of("1.1.0")));
        lab.command(new FleetCommand.RollBack(Scope.of("ring 0"), "support says so", false));
        lab.live(Duration.ofMinutes(5));
        assertEquals("1.0.0", lab.runs("canary"));
        assertTrue(lab.cell("canary").provedGood(ProductVersion.of("1.0.0")));
        assertEquals(Wait.Code.HELD, lab.code("cell canary"));
    }

    @Test
    void sendsTheWholeFleetBackFromAVersionOnAPersonsWord() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(3));
        lab.command(new FleetCommand.RollBack(Scope.of("version 1.1.0"), "legal says so", false));
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.0");
        assertEquals("anna", lab.version("1.1.0").blocked().orElseThrow().by());
    }

    @Test
    void aPersonTakesAVersionThatIsBlockedAlreadyAlsoOffTheCellsThatBakedIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.blueprint(policy -> Policies.pdm(policy, RingPolicy.Pdm.MANUAL)));
        lab.results.put("main.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals("cambium", lab.version("1.1.0").blocked().orElseThrow().by());
        assertEquals("1.1.0", lab.runs("canary"), "it proved itself there");
        assertTrue(lab.waitOf("cell canary").orElseThrow().text().endsWith(
                "keeps it until a person says cambium rollback canary"), lab.plan.toString());
        lab.command(new FleetCommand.RollBack(Scope.of("version 1.1.0"), "customers complain", false));
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.0");
        assertEquals("anna", lab.version("1.1.0").blocked().orElseThrow().by());
        assertEquals(new FleetCommand.Answer.Accepted(List.of()), lab.command(new FleetCommand.RollBack(
                Scope.of("version 1.1.0"), "asked twice", false)));
    }

    @Test
    void aCellThatKeepsABlockedVersionSaysWhereGoingBackNeedsDowntime() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("main.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.waitOf("cell canary").orElseThrow().text().endsWith("keeps it; PDM of 1.1.0 ran here, so going "
                + "back to 1.0.0 needs downtime: cambium rollback --with-downtime"), lab.plan.toString());
    }

    @Test
    void deploysNothingOlderToACellThatMovedOutward() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(3));
        var rings = lab.fleet.spec().orElseThrow().rings();
        lab.apply(FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC,
                FleetLab.ring(0, rings.get(0).policy(), FleetLab.cell("qa", CellSpec.Kind.QA)), rings.get(1),
                rings.get(2),
                FleetLab.ring(3, rings.get(3).policy(), FleetLab.cell("c3", CellSpec.Kind.SECONDARY),
                        FleetLab.cell("c4", CellSpec.Kind.SECONDARY), FleetLab.cell("canary", CellSpec.Kind.CANARY))));
        lab.settle();
        assertEquals(Wait.Code.OVERTAKEN, lab.code("cell canary"));
        assertEquals("1.1.0", lab.runs("canary"));
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
    }
}
