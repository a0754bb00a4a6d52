package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the simulation once found, each told small.
class SimulatedFindsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void givesNoNameTwiceWhenACellReturnsToAnOlderRollout() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        lab.running.put(CellId.of("canary"), ProductVersion.of("0.9.0"));   // drift, repaired by the older rollout
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("canary"));
        assertTrue(lab.started("r1.canary.deploy.2"));
        var requests = lab.log.stream().filter(event -> event instanceof FleetEvent.AttemptRequested)
                .map(event -> ((FleetEvent.AttemptRequested) event).attempt()).toList();
        assertEquals(requests.size(), requests.stream().distinct().count(), requests.toString());
    }

    @Test
    void countsTheBakeAnewAfterALapseThatNoPlanSaw() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(4));
        assertEquals(Wait.Code.BAKING, lab.code("ring 0"));
        var attempt = lab.cell("canary").given().orElseThrow().attempt();
        for (var verdict : new Verdict[] {Verdict.NO_DATA, Verdict.HEALTHY}) {
            lab.now = lab.now.plusMillis(1);
            lab.record(new FleetEvent.VerdictReached(lab.now, attempt.cell(), attempt, ProductVersion.of("1.1.0"),
                    verdict,
                    1000, Evidence.of(verdict.word())));
        }
        lab.settle();
        var until = lab.waitOf("ring 0").flatMap(Wait::until).orElseThrow();
        assertTrue(Duration.between(lab.now, until).compareTo(Duration.ofMinutes(4)) > 0, until + " at " + lab.now);
    }

    @Test
    void takesNoLateLookFromBeforeAReleaseForEvidenceSinceIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(4));
        var version = ProductVersion.of("1.1.0");
        var attempt = lab.cell("canary").given().orElseThrow().attempt();
        var before = new FleetEvent.VerdictReached(lab.now, attempt.cell(), attempt, version, Verdict.HEALTHY, 5_000,
                Evidence.of("of before"));
        lab.now = lab.now.plusSeconds(60);
        lab.record(new FleetEvent.VersionBlocked(lab.now, "anna", version, "look first", false));
        lab.record(new FleetEvent.VersionReleased(lab.now, "anna", version, "looked"));
        assertFalse(lab.fleet.isNews(before));
        lab.record(before);
        assertEquals(Verdict.NO_DATA, lab.cell("canary").health().orElseThrow().verdict());
        var since = new FleetEvent.VerdictReached(lab.now.plusSeconds(1), attempt.cell(), attempt, version,
                Verdict.HEALTHY, 5_000, Evidence.of("of now"));
        assertTrue(lab.fleet.isNews(since));
        lab.record(since);
        assertEquals(Verdict.HEALTHY, lab.cell("canary").health().orElseThrow().verdict());
    }

    @Test
    void letsSomethingNewerIntoARingThatCannotProveItsVersionAnyMore() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("main.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(7));
        assertTrue(lab.started("r2.main.deploy"));
        lab.results.clear();
        lab.reachable.put(CellId.of("main"), false);
        lab.reachable.put(CellId.of("qa"), false);
        lab.live(Duration.ofMinutes(30));
        lab.deploy("1.2.0");
        lab.live(HOUR);
        assertTrue(lab.started("r3.canary.deploy"), lab.plan.toString());
    }

    @Test
    void excusesNoCellThatFailedElsewhereAndWasMovedHere() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, spec(lab, 0, 1), spec(lab, 1, 0), spec(lab, 2, 0),
                spec(lab, 3, 0)));
        lab.results.put("canary.deploy.1.1.0", new AttemptResult.Failed("exit 1"));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(3));
        assertTrue(lab.version("1.1.0").failures().containsKey(CellId.of("canary")));
        var rings = lab.fleet.spec().orElseThrow().rings();
        lab.apply(FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC,
                FleetLab.ring(0, rings.get(0).policy(), FleetLab.cell("qa", CellSpec.Kind.QA)),
                FleetLab.ring(1, rings.get(1).policy(), FleetLab.cell("canary", CellSpec.Kind.CANARY),
                FleetLab.cell("main", CellSpec.Kind.MAIN)),
                rings.get(2), rings.get(3)));
        lab.live(HOUR);
        assertEquals("1.1.0", lab.runs("main"));
        assertFalse(lab.started("r2.c1"), "ring 1 tolerates no failure, so it never converges");
        assertTrue(lab.plan.waits().stream().anyMatch(wait -> wait.code() == Wait.Code.FAILED
                && wait.subject().equals(Scope.of("cell canary"))), lab.plan.toString());
    }

    private static RingSpec spec(FleetLab lab, int number, int tolerated) {
        var ring = lab.fleet.spec().orElseThrow().ring(RingNumber.of(number)).orElseThrow();
        return new RingSpec(ring.ring(), Policies.tolerated(ring.policy(), tolerated), ring.cells());
    }

    @Test
    void doesNotGoBackOverThePdmOfAVersionThatWasOvertaken() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.pdm(policy, RingPolicy.Pdm.WITH_DEPLOYMENT));
        lab.verdicts.put("canary.1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(5));
        assertEquals(Optional.of("1.1.0"), lab.cell("canary").pdm().map(run -> run.version().value()));
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.live(Duration.ofMinutes(5));
        lab.results.put("canary.deploy.1.1.1", new AttemptResult.Failed("exit 1"));
        lab.deploy("1.1.1");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.1").blocked().isPresent());
        assertFalse(lab.started("r3.canary.rollback"), "the schema is that of 1.1.0");
        assertEquals(Wait.Code.ROLLBACK_REFUSED, lab.code("cell canary"));
    }

    /// A cell that was taken back from what it had baked long ago does not count that among the good any more.
    @Test
    void forgetsAnOlderGoodVersionThatItWasTakenBackFrom() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        assertEquals(ProductVersion.of("1.0.0"), lab.cell("c1").previousGood().orElseThrow().version());
        lab.record(new FleetEvent.VersionBlocked(lab.now, "anna", ProductVersion.of("1.0.0"), "it leaks", false));
        lab.running.put(CellId.of("c1"), ProductVersion.of("1.0.0"));
        lab.live(Duration.ofMinutes(5));
        assertEquals("1.1.0", lab.runs("c1"));
        assertTrue(lab.started("r1.c1.rollback"));
        assertTrue(lab.cell("c1").previousGood().isEmpty());
        assertTrue(lab.cell("c2").previousGood().isPresent(), "only where it was seen");
    }

    /// It came back to what its ring took before it came.
    @Test
    void startsNothingThatWasAskedForBeforeTheCellWasMovedAwayAndBack() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var declared = lab.fleet.spec().orElseThrow();
        var next = ProductVersion.of("1.1.0");
        lab.deploy("1.1.0");
        var attempt = AttemptId.of("r2.canary.deploy.1");
        lab.record(new FleetEvent.RingOpened(lab.now, 2, next, RingNumber.INNERMOST));
        lab.record(new FleetEvent.RingAdmitted(lab.now, next, RingNumber.INNERMOST));
        lab.record(new FleetEvent.AttemptRequested(lab.now, attempt, RingNumber.INNERMOST, next,
                Optional.of(ProductVersion.of("1.0.0")), Duration.ofMinutes(5)));
        assertEquals(Optional.empty(), RolloutPlanner.mayStart(lab.fleet, attempt, lab.now));
        lab.now = lab.now.plusSeconds(60);
        lab.record(new FleetEvent.FleetApplied(lab.now, "ops", movedOut(declared)));
        assertEquals(Optional.of(Wait.Code.OVERTAKEN), RolloutPlanner.mayStart(lab.fleet, attempt, lab.now)
                .map(Wait::code));
        lab.record(new FleetEvent.FleetApplied(lab.now, "ops", declared));
        assertEquals(Optional.of(Wait.Code.MOVED), RolloutPlanner.mayStart(lab.fleet, attempt, lab.now)
                .map(Wait::code));
    }

    /// The canary in the ring after its own.
    private static FleetSpec movedOut(FleetSpec declared) {
        var canary = declared.rings().getFirst().cells().stream().filter(cell -> cell.cell().value().equals("canary"))
                .findFirst().orElseThrow();
        return declared.with(declared.rings().stream().map(ring -> new RingSpec(ring.ring(), ring.policy(),
                Stream.concat(ring.cells().stream().filter(cell -> !cell.equals(canary)),
                        ring.ring().value() == 1 ? Stream.of(canary) : Stream.empty()).toList())).toList());
    }

    /// Its bake says more than its driver, which lost sight of it.
    @Test
    void doubtsNoDeploymentWhoseCellHasBakedWhatItBrought() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("canary.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.settle();
        lab.running.put(CellId.of("canary"), ProductVersion.of("1.1.0"));
        lab.results.put("canary.deploy.1.1.0", new AttemptResult.Lost("the driver was restarted"));
        lab.live(HOUR);
        assertTrue(lab.cell("canary").provedGood(ProductVersion.of("1.1.0")));
        lab.reachable.put(CellId.of("canary"), false);
        lab.settle();
        assertEquals(Wait.Code.UNREACHABLE, lab.code("cell canary"));
        lab.reachable.put(CellId.of("canary"), true);
        lab.running.put(CellId.of("canary"), ProductVersion.of("1.0.0"));
        lab.results.clear();
        lab.live(Duration.ofMinutes(2));
        assertEquals("1.1.0", lab.runs("canary"), "drift is put right");
        assertTrue(lab.version("1.1.0").failures().isEmpty(), "and says nothing against the version");
    }

    /// Other hands put back what must leave the cell, in the very moment in which the newer one was found harmful.
    @Test
    void countsHarmOnACellThatIsSeenWithABlockedVersionMeanwhile() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.canaryFirst(policy, 1));
        var old = ProductVersion.of("0.9.0");
        lab.record(new FleetEvent.VersionRegistered(lab.now, "anna", old, List.of(FleetLab.shop("0.9.0"))));
        lab.record(new FleetEvent.VersionBlocked(lab.now, "anna", old, "it leaks", false));
        lab.verdicts.put("1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(2));
        var attempt = lab.cell("canary").given().orElseThrow().attempt();
        assertEquals("r2.canary.deploy.1", attempt.toString());
        lab.now = lab.now.plusSeconds(1);
        lab.running.put(attempt.cell(), old);
        lab.record(new FleetEvent.CellObserved(lab.now, attempt.cell(), true, Optional.of(old)));
        lab.record(new FleetEvent.VerdictReached(lab.now, attempt.cell(), attempt, ProductVersion.of("1.1.0"),
                Verdict.HARMFUL, 5_000, Evidence.of("errors")));
        lab.settle();
        assertTrue(lab.version("1.1.0").failures().containsKey(attempt.cell()));
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertFalse(lab.started("r2.qa.deploy"));
        assertFalse(lab.started("r2.canary.deploy.2"));
        lab.live(HOUR);
        assertEquals("1.0.0", lab.runs("canary"));
    }
}
