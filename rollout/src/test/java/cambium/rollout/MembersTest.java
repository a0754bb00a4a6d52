package cambium.rollout;

import static cambium.rollout.FleetLab.cell;
import static cambium.rollout.FleetLab.ring;
import static cambium.rollout.FleetLab.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Cells that are away, new, moved, late, out of reach or quarantined.
class MembersTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static CellSpec secondary(String name) {
        return cell(name, CellSpec.Kind.SECONDARY);
    }

    /// Main in ring 0, the named cells in rings 1 and 2, all inside the perimeter.
    private static FleetSpec fleet(UnaryOperator<RingPolicy> policy, String ringOne, String ringTwo) {
        var common = policy.apply(RingPolicy.DEFAULT);
        return spec(2, FleetSpec.Graduation.AUTOMATIC, ring(0, RingPolicy.DEFAULT, cell("main", CellSpec.Kind.MAIN)),
                new RingSpec(RingNumber.of(1), common, cells(ringOne)),
                new RingSpec(RingNumber.of(2), common, cells(ringTwo)));
    }

    private static java.util.List<CellSpec> cells(String names) {
        return java.util.Arrays.stream(names.split(" ")).map(MembersTest::secondary).toList();
    }

    private static FleetLab onFirst(UnaryOperator<RingPolicy> policy, String ringOne, String ringTwo) {
        var lab = new FleetLab().apply(fleet(policy, ringOne, ringTwo));
        lab.deploy("1.0.0");
        lab.live(HOUR);
        assertEquals(Rollout.State.COMPLETE, lab.fleet.rollouts().get(1).state());
        return lab;
    }

    private static FleetCommand.Answer duty(FleetLab lab, String cell, Duty duty) {
        return lab.command(new FleetCommand.SetDuty(CellId.of(cell), duty, "a disk is changed", false));
    }

    private static String refusal(FleetCommand.Answer answer) {
        return assertInstanceOf(FleetCommand.Answer.Refused.class, answer).code();
    }

    private static Instant in(FleetLab lab, Duration time) {
        return lab.now.plus(time);
    }

    private static boolean everywhere(FleetLab lab, String version, String... cells) {
        return java.util.Arrays.stream(cells).allMatch(name -> lab.cell(name).provedGood(ProductVersion.of(version)));
    }

    @Test
    void aRingGoesOnWithoutACellUnderMaintenanceWhichCatchesUpAfterwards() {
        var lab = onFirst(policy -> policy, "a b", "c");
        duty(lab, "b", new Duty.Deferred(in(lab, HOUR.multipliedBy(3))));
        lab.deploy("1.1.0");
        lab.live(HOUR.multipliedBy(2));
        assertTrue(everywhere(lab, "1.1.0", "a", "c"));
        assertEquals("1.0.0", lab.runs("b"));
        assertEquals(Wait.Code.DEFERRED, lab.code("cell b"));
        assertFalse(lab.started("r2.b."), "nothing starts under maintenance");
        lab.live(HOUR.multipliedBy(2));
        assertTrue(everywhere(lab, "1.1.0", "b"));
    }

    @Test
    void aDeferralNeverKeepsACellOnABlockedVersion() {
        var lab = onFirst(policy -> policy, "a b", "c");
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(10));
        assertEquals("1.1.0", lab.runs("b"));
        duty(lab, "b", new Duty.Deferred(in(lab, HOUR)));
        lab.command(new FleetCommand.RollBack(Scope.of("version 1.1.0"), "it eats data", true));
        lab.live(Duration.ofMinutes(10));
        assertEquals("1.0.0", lab.runs("b"));
    }

    @Test
    void aLeavingCellEndsWhatItDoesAndGetsNothingMore() {
        var lab = onFirst(policy -> policy, "a b", "c");
        lab.results.put("b.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(10));
        assertTrue(lab.cell("b").current().isPresent());
        assertEquals("cell_busy", refusal(lab.command(new FleetCommand.Apply(fleet(policy -> policy, "a", "c")))));
        duty(lab, "b", new Duty.Leaving());
        lab.live(Duration.ofMinutes(1));
        assertEquals(Wait.Code.RUNNING, lab.code("cell b"), "what runs may end");
        lab.results.clear();
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "a", "c"), "the ring does not wait for it");
        assertEquals(Wait.Code.LEAVING, lab.code("cell b"));
        lab.deploy("1.2.0");
        lab.live(HOUR);
        assertFalse(lab.started("r3.b."));
        assertInstanceOf(FleetCommand.Answer.Accepted.class,
                lab.command(new FleetCommand.Apply(fleet(policy -> policy, "a", "c"))));
    }

    @Test
    void abandoningALeavingCellGivesUpWhatRunsOnIt() {
        var lab = onFirst(policy -> policy, "a b", "c");
        lab.results.put("b.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(10));
        lab.command(new FleetCommand.SetDuty(CellId.of("b"), new Duty.Leaving(), "its host is gone", true));
        assertTrue(lab.cell("b").current().isEmpty());
        assertTrue(lab.cell("b").last(Step.DEPLOY).orElseThrow().lost(), "how it ended is unknown, and said so");
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "a", "c"));
        assertFalse(lab.started("r2.b.deploy.2"));
    }

    @Test
    void aQuarantinedCellStandsInRingMinusOneUntilItReturns() {
        var lab = onFirst(policy -> policy, "a b", "c");
        duty(lab, "b", new Duty.Quarantined());
        assertEquals(RingNumber.QUARANTINE, lab.cell("b").ring());
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "a", "c"));
        assertEquals("1.0.0", lab.runs("b"));
        assertEquals(Wait.Code.QUARANTINED, lab.code("cell b"));
        lab.apply(fleet(policy -> policy, "a b", "c d"));
        assertEquals(RingNumber.QUARANTINE, lab.cell("b").ring(), "applying the file does not let it out");
        duty(lab, "b", new Duty.OnDuty());
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "b", "d"), "it catches up with its ring");
    }

    @Test
    void neitherTheMainCellNorTheLastOfARingIsQuarantined() {
        var lab = onFirst(policy -> policy, "a b", "c");
        assertEquals("main_cell", refusal(duty(lab, "main", new Duty.Quarantined())));
        assertEquals("last_cell", refusal(duty(lab, "c", new Duty.Quarantined())));
        duty(lab, "a", new Duty.Deferred(in(lab, HOUR)));
        assertEquals("last_cell", refusal(duty(lab, "b", new Duty.Quarantined())));
    }

    @Test
    void aDeferralHasAnEndThatIsNeitherPastNorFar() {
        var lab = onFirst(policy -> policy, "a b", "c");
        assertEquals("until_past", refusal(duty(lab, "a", new Duty.Deferred(lab.now))));
        assertEquals("until_past", refusal(duty(lab, "a", new Duty.Deferred(in(lab, Duration.ofDays(91))))));
        assertEquals("unknown_cell", refusal(duty(lab, "nobody", new Duty.Leaving())));
    }

    @Test
    void aCellThatFailsAloneAgainAndAgainIsQuarantinedWhereThePolicySaysSo() {
        UnaryOperator<RingPolicy> policy = given -> Policies.tolerated(given, 1)
                .with(parts -> parts.cells = parts.cells.with(cells -> cells.quarantineAfter = 2));
        var lab = onFirst(policy, "a b", "c");
        lab.results.put("b.deploy", new AttemptResult.Failed("its disk is full"));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals(RingNumber.of(1), lab.cell("b").ring(), "once is not enough");
        lab.deploy("1.2.0");
        lab.live(HOUR);
        assertEquals(RingNumber.QUARANTINE, lab.cell("b").ring());
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("quarantine:b")));
        assertTrue(everywhere(lab, "1.2.0", "a", "c"));
    }

    @Test
    void blockedVersionsSayNothingAgainstACell() {
        UnaryOperator<RingPolicy> policy = given -> given.with(parts ->
                parts.cells = parts.cells.with(cells -> cells.quarantineAfter = 1));
        var lab = onFirst(policy, "a b", "c");
        lab.results.put("b.deploy", new AttemptResult.Failed("exit 1"));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertEquals(RingNumber.of(1), lab.cell("b").ring());
    }

    @Test
    void anOfflineCellIsExcusedWithinTheFailureBudgetAndCatchesUpLater() {
        var lab = onFirst(policy -> Policies.tolerated(policy, 1), "a b", "c");
        lab.reachable.put(CellId.of("b"), false);
        lab.live(Duration.ofMinutes(15));
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("unreachable:b")));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "a", "c"));
        lab.reachable.put(CellId.of("b"), true);
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "b"));
    }

    @Test
    void oneMoreOfflineCellThanTheBudgetHoldsTheRing() {
        var lab = onFirst(policy -> Policies.tolerated(policy, 1), "a b d", "c");
        lab.reachable.put(CellId.of("b"), false);
        lab.reachable.put(CellId.of("d"), false);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("c"));
        assertEquals(Wait.Code.UNREACHABLE, lab.code("ring 1"));
    }

    @Test
    void aNewCellProvesNothingAndJoinsWhatItsRingHasProved() {
        var lab = onFirst(policy -> policy, "a b", "c");
        lab.apply(fleet(policy -> Policies.bake(policy, HOUR, 100), "a b", "c"));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(20));
        lab.apply(fleet(policy -> Policies.bake(policy, HOUR, 100), "a b new", "c"));
        lab.live(Duration.ofMinutes(10));
        assertEquals(Wait.Code.JOINING, lab.code("cell new"));
        assertEquals("nothing", lab.runs("new"));
        lab.live(HOUR);
        assertEquals("1.1.0", lab.runs("new"));
        assertFalse(lab.started("r2.c."), "the ring is open again for it");
        lab.live(HOUR.multipliedBy(3));
        assertTrue(everywhere(lab, "1.1.0", "new", "c"));
    }

    @Test
    void aNewCellThatNeverComesInHoldsItsRingOnlyForAWhile() {
        var lab = onFirst(policy -> policy, "a b", "c");
        lab.results.put("new.deploy", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(7));
        lab.apply(fleet(policy -> policy.with(parts -> parts.timeout = Duration.ofDays(1)), "a b new", "c"));
        lab.live(Duration.ofMinutes(30));
        assertFalse(lab.started("r2.c."));
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "a", "b", "c"));
        assertTrue(lab.fleet.pages().containsKey("late:new:2"));
        assertFalse(lab.version("1.1.0").blocked().isPresent());
    }

    @Test
    void theFailureOfANewCellBlocksNothingThatItsRingHasProved() {
        var lab = onFirst(policy -> policy, "a b", "c");
        lab.results.put("new.deploy", new AttemptResult.Failed("no licence"));
        lab.apply(fleet(policy -> policy, "a b new", "c"));
        lab.live(HOUR);
        assertTrue(lab.version("1.0.0").blocked().isEmpty());
        assertTrue(lab.version("1.0.0").failures().get(CellId.of("new")).soft());
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("failed:r1.new")));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isPresent(), "what it fails beside the others counts as ever");
    }

    @Test
    void movingACellStartsNothingByItself() {
        var lab = onFirst(policy -> policy, "a b", "c d");
        lab.brake("ring 2", "c is looked into");
        lab.deploy("1.1.0");
        lab.live(HOUR);
        lab.releaseBrake("ring 2");
        lab.brake("ring 2", "still");
        lab.apply(fleet(policy -> policy, "a b d", "c"));
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("d"));
        assertEquals(Wait.Code.MOVED, lab.code("cell d"));
        assertTrue(lab.fleet.rings().get(RingNumber.of(1)).target().orElseThrow().bakedAt().isPresent(),
                "its ring stays converged without it");
        lab.releaseBrake("ring 2");
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "c"), "and does not hold the rings outside");
        lab.deploy("1.2.0");
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.2.0", "a", "b", "c", "d"), "with the next version it is one of them");
    }

    @Test
    void aPersonBringsAMovedCellInLineAtOnce() {
        var lab = onFirst(policy -> policy, "a b", "c d");
        lab.brake("ring 2", "c is looked into");
        lab.deploy("1.1.0");
        lab.live(HOUR);
        lab.apply(fleet(policy -> policy, "a b d", "c"));
        lab.live(Duration.ofMinutes(1));
        lab.command(new FleetCommand.Deploy(ProductVersion.of("1.1.0"), java.util.List.of(),
                java.util.Optional.empty(), java.util.Optional.of(CellId.of("d"))));
        lab.live(HOUR);
        assertTrue(everywhere(lab, "1.1.0", "d"));
    }
}
