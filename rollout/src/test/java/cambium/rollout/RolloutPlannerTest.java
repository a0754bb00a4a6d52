package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RolloutPlannerTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static void everyCellRuns(FleetLab lab, String version) {
        for (var cell : lab.fleet.cells().values()) {
            assertEquals(version, lab.runs(cell.id().toString()), cell.id() + " of " + lab.plan);
        }
    }

    @Test
    void waitsForAFleet() {
        assertEquals(Wait.Code.NO_FLEET, RolloutPlanner.plan(Fleet.empty(), FleetLab.START).waits().getFirst().code());
    }

    @Test
    void carriesAVersionToEveryRing() {
        var lab = FleetLab.blueprint();
        lab.deploy("1.0.0");
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.0");
        assertTrue(lab.fleet.cells().values().stream().allMatch(cell -> cell.provedGood(ProductVersion.of("1.0.0"))));
        assertEquals(Rollout.State.COMPLETE, lab.fleet.rollouts().get(1).state());
        assertEquals(List.of(), lab.plan.waits());
    }

    @Test
    void convergesTheCellsOfARingInParallel() {
        var lab = FleetLab.blueprint();
        lab.deploy("1.0.0");
        lab.plan = RolloutPlanner.plan(lab.fleet, lab.now);
        lab.results.put("canary.deploy", FleetLab.NEVER);
        lab.results.put("qa.deploy", FleetLab.NEVER);
        lab.settle();
        assertTrue(lab.started("r1.canary.deploy.1") && lab.started("r1.qa.deploy.1"));
        assertFalse(lab.started("r1.main"));
        assertEquals(Wait.Code.RUNNING, lab.code("cell canary"));
    }

    @Test
    void limitsHowManyCellsAreInMotionAtOnce() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.atOnce(policy, "1"));
        lab.results.put("c1.deploy", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(15));
        assertTrue(lab.started("r2.c1.deploy"));
        assertFalse(lab.started("r2.c2.deploy"));
        assertEquals(Wait.Code.AT_ONCE, lab.code("cell c2"));
    }

    @Test
    void countsACellAsInMotionUntilItProvedHealthy() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.atOnce(policy, "50%"));
        lab.verdicts.put("c1.1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals("1.1.0", lab.runs("c1"));
        assertEquals("1.0.0", lab.runs("c2"));
        assertEquals(Wait.Code.NO_DATA, lab.code("cell c1"));
    }

    @Test
    void letsCanariesOfARingGoFirst() {
        var lab = new FleetLab().apply(FleetLab.spec(0, FleetSpec.Graduation.AUTOMATIC, FleetLab.ring(0,
                Policies.canaryFirst(RingPolicy.DEFAULT, 1), FleetLab.cell("a", CellSpec.Kind.MAIN),
                FleetLab.cell("z", CellSpec.Kind.CANARY), FleetLab.cell("b", CellSpec.Kind.SECONDARY))));
        lab.results.put("z.deploy", FleetLab.NEVER);
        lab.deploy("1.0.0");
        lab.settle();
        assertTrue(lab.started("r1.z.deploy"));
        assertFalse(lab.started("r1.a.deploy"));
        assertEquals(Wait.Code.CANARY_FIRST, lab.code("cell a"));
    }

    @Test
    void bakesForTheTimeAskedBeforeTheNextRingOpens() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.settle();
        var baking = lab.waitOf("ring 0").orElseThrow();
        assertEquals(Wait.Code.BAKING, baking.code());
        lab.now = baking.until().orElseThrow().minusMillis(1);
        assertTrue(RolloutPlanner.plan(lab.fleet, lab.now).decisions().isEmpty());
        var plan = RolloutPlanner.plan(lab.fleet, baking.until().orElseThrow());
        assertTrue(plan.decisions().getFirst() instanceof Decision.RecordBaked, plan.toString());
    }

    @Test
    void bakesUntilEveryCellHasSeenEnoughRequests() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.samples = 99;
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals(Wait.Code.SAMPLES, lab.code("ring 0"));
        assertFalse(lab.started("r2.main"));
        lab.samples = 100;
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
    }

    @Test
    void opensNoGateWithoutData() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(HOUR.multipliedBy(24));
        assertFalse(lab.started("r2.main"));
        assertEquals(Wait.Code.NO_DATA, lab.code("ring 0"));
    }

    @Test
    void convergesCellsWithoutMetricsByWhatTheyAreSeenRunning() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.health(policy, RingPolicy.HealthGate.NONE));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
    }

    @Test
    void neverTakesADriversWordForWhatACellRuns() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.record(RolloutPlanner.plan(lab.fleet, lab.now).decisions().getFirst().event(lab.now));
        lab.record(new FleetEvent.RingAdmitted(lab.now, ProductVersion.of("1.1.0"), RingNumber.INNERMOST));
        var starts = RolloutPlanner.plan(lab.fleet, lab.now).decisions();
        for (var start : starts) {
            lab.record(start.event(lab.now));
            lab.record(new FleetEvent.AttemptStarted(lab.now, ((Decision.Start) start).attempt()));
            lab.record(new FleetEvent.AttemptFinished(lab.now, ((Decision.Start) start).attempt(),
                    new AttemptResult.Succeeded()));
        }
        lab.live(Duration.ofMinutes(5));
        assertEquals(Wait.Code.SETTLING, lab.code("cell canary"));
        lab.live(Duration.ofMinutes(10));
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertFalse(lab.started("r2.main"));
    }

    @Test
    void holdsOuterRingsUntilGraduated() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.spec(1, FleetSpec.Graduation.MANUAL, lab.fleet.spec().orElseThrow().rings()
                .toArray(RingSpec[]::new)));
        lab.deploy("1.1.0");
        lab.live(HOUR.multipliedBy(5));
        assertEquals("1.1.0", lab.runs("main"));
        assertEquals("1.0.0", lab.runs("c1"));
        assertEquals(Wait.Code.NOT_GRADUATED, lab.code("ring 2"));
        assertTrue(lab.waitOf("version 1.1.0").orElseThrow().text().contains("cambium graduate 1.1.0"));
        lab.command(new FleetCommand.Graduate(ProductVersion.of("1.1.0")));
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
    }

    @Test
    void takesTheNewestOfSeveralWaitingVersions() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.settle();
        lab.deploy("1.2.0");
        lab.deploy("1.3.0");
        lab.settle();
        assertTrue(lab.plan.waits().stream().anyMatch(wait -> wait.code() == Wait.Code.OLDER_VERSION
                && wait.subject().equals(Scope.of("ring 0"))), lab.plan.toString());
        lab.live(HOUR.multipliedBy(3));
        everyCellRuns(lab, "1.3.0");
        assertFalse(lab.started("r3."));
        assertEquals(Rollout.State.SUPERSEDED, lab.fleet.rollouts().get(3).state());
    }

    @Test
    void finishesInOneRingBeforeSomethingNewerComesInBehindIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("c1.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(12));
        assertTrue(lab.started("r2.c1.deploy"));
        lab.deploy("1.2.0");
        lab.live(Duration.ofMinutes(7));
        assertEquals("1.2.0", lab.runs("canary"));
        assertEquals("1.1.0", lab.runs("main"));
        assertEquals(Wait.Code.OUTER_RING, lab.code("ring 1"));
    }

    @Test
    void starvesNoRingUnderASteadyStreamOfVersions() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        for (int minor = 1; minor <= 40; minor++) {
            lab.deploy("1." + minor + ".0");
            lab.live(Duration.ofMinutes(4));
        }
        var reached = lab.log.stream().filter(event -> event instanceof FleetEvent.RolloutCompleted).count();
        assertTrue(reached >= 10, "only " + reached + " rollouts completed");
    }

    @Test
    void bringsALateCellToWhatItsRingRuns() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var rings = lab.fleet.spec().orElseThrow().rings().toArray(RingSpec[]::new);
        rings[2] = FleetLab.ring(2, rings[2].policy(), FleetLab.cell("c1", CellSpec.Kind.SECONDARY),
                FleetLab.cell("c2", CellSpec.Kind.SECONDARY), FleetLab.cell("late", CellSpec.Kind.SECONDARY));
        lab.apply(FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, rings));
        lab.settle();
        assertEquals(Wait.Code.BAKING, lab.code("ring 2"), lab.plan.toString());
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.0");
        assertTrue(lab.cell("late").provedGood(ProductVersion.of("1.0.0")));
    }

    @Test
    void doesNotOpenTheNextRingWhileALateCellReopensThisOne() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("late.deploy", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(3));
        var rings = lab.fleet.spec().orElseThrow().rings().toArray(RingSpec[]::new);
        rings[0] = FleetLab.ring(0, rings[0].policy(), FleetLab.cell("canary", CellSpec.Kind.CANARY),
                FleetLab.cell("late", CellSpec.Kind.SECONDARY), FleetLab.cell("qa", CellSpec.Kind.QA));
        lab.apply(FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, rings));
        lab.live(Duration.ofMinutes(15));
        assertFalse(lab.started("r2.main"));
        assertEquals(Wait.Code.INNER_RING, lab.code("ring 1"));
    }

    @Test
    void givesQuarantinedCellsNothing() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var rings = lab.fleet.spec().orElseThrow().rings().toArray(RingSpec[]::new);
        rings[3] = FleetLab.ring(3, rings[3].policy(), FleetLab.cell("c3", CellSpec.Kind.SECONDARY));
        var quarantine = FleetLab.ring(-1, RingPolicy.DEFAULT, FleetLab.cell("c4", CellSpec.Kind.SECONDARY));
        lab.apply(FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, rings[0], rings[1], rings[2], rings[3], quarantine));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals("1.1.0", lab.runs("c3"));
        assertEquals("1.0.0", lab.runs("c4"));
    }

    @Test
    void waitsForACellThatCannotBeReachedAndCallsSomebody() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.reachable.put(CellId.of("canary"), false);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertFalse(lab.started("r2.canary"));
        assertFalse(lab.started("r2.main"));
        assertEquals(Wait.Code.UNREACHABLE, lab.code("ring 0"));
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("unreachable:canary")));
        lab.reachable.put(CellId.of("canary"), true);
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
    }

    @Test
    void asksTheRingInsideAgainAtEachStart() {
        UnaryOperator<RingPolicy> oneByOne = policy -> Policies.atOnce(policy, "1");
        var lab = FleetLab.onFirstVersion(oneByOne);
        lab.results.put("c1.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(15));
        assertTrue(lab.started("r2.c1.deploy"), lab.plan.toString());
        lab.reachable.put(CellId.of("main"), false);
        lab.settle();
        lab.results.remove("c1.deploy.1.1.0");
        lab.running.put(CellId.of("c1"), ProductVersion.of("1.1.0"));
        lab.live(Duration.ofMinutes(30));
        assertFalse(lab.started("r2.c2.deploy"));
        assertEquals(Wait.Code.INNER_RING, lab.code("cell c2"));
        lab.reachable.put(CellId.of("main"), true);
        lab.live(HOUR);
        everyCellRuns(lab, "1.1.0");
    }

    @Test
    void givesUpAnAttemptThatNeverAnswersAndLooksAtTheCellAgain() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("main.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(20));
        assertEquals(Wait.Code.RUNNING, lab.code("cell main"));
        lab.running.put(CellId.of("main"), ProductVersion.of("1.1.0"));
        lab.live(HOUR);
        assertTrue(lab.fleet.pages().containsKey("lost:r2.main.deploy.1"), lab.fleet.pages().toString());
        everyCellRuns(lab, "1.1.0");
    }

    @Test
    void repairsDriftOfACellThatProvedTheVersion() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.running.put(CellId.of("c3"), ProductVersion.of("0.9.0"));
        lab.live(HOUR);
        everyCellRuns(lab, "1.0.0");
        assertTrue(lab.started("r1.c3.deploy.2"));
    }

    @Test
    void makesTheSamePlanFromTheSameStateAndInstant() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        for (int i = 0; i < 50; i++) {
            assertEquals(RolloutPlanner.plan(lab.fleet, lab.now), RolloutPlanner.plan(lab.fleet, lab.now));
            lab.pass(Duration.ofSeconds(20));
        }
    }
}
