package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetFoldTest {

    /// Everything but the count of events.
    private static Fleet content(Fleet fleet) {
        return new Fleet(0, fleet.spec(), fleet.cells(), fleet.rings(), fleet.rollouts(), fleet.versions(),
                fleet.brakes(), fleet.pins(), fleet.pages(), fleet.drill(), fleet.trials(),
                fleet.log());
    }

    private static void changesNothing(FleetLab lab, FleetEvent event) {
        assertEquals(content(lab.fleet), content(lab.fleet.after(event)), event.toString());
        assertEquals(lab.fleet.revision() + 1, lab.fleet.after(event).revision());
    }

    @Test
    void givesTheSameStateOneByOneInBatchesAndFromTheStart() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("main.1.1.0", Verdict.HARMFUL);
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        assertEquals(lab.fleet, Fleet.empty().after(lab.log));
        int half = lab.log.size() / 2;
        assertEquals(lab.fleet, Fleet.empty().after(lab.log.subList(0, half))
                .after(lab.log.subList(half, lab.log.size())));
        assertEquals(lab.log.size(), lab.fleet.revision());
    }

    @Test
    void ignoresResultsOfAttemptsThatAreNotCurrent() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        for (var result : List.of(new AttemptResult.Succeeded(), new AttemptResult.Failed("late"),
                new AttemptResult.TimedOut())) {
            changesNothing(lab, new FleetEvent.AttemptFinished(lab.now, AttemptId.of("r1.main.deploy.1"), result));
            changesNothing(lab, new FleetEvent.AttemptFinished(lab.now, AttemptId.of("r9.main.deploy.1"), result));
            changesNothing(lab, new FleetEvent.AttemptFinished(lab.now, AttemptId.of("r1.nobody.deploy.1"), result));
        }
        changesNothing(lab, new FleetEvent.AttemptStarted(lab.now, AttemptId.of("r1.main.deploy.1")));
        changesNothing(lab, new FleetEvent.AttemptWithheld(lab.now, AttemptId.of("r1.main.deploy.1"), "late"));
    }

    @Test
    void ignoresARequestWhileAnotherAttemptRunsOrOfAnOldName() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var old = new FleetEvent.AttemptRequested(lab.now, AttemptId.of("r1.main.deploy.1"), RingNumber.of(1),
                ProductVersion.of("1.0.0"),
                Optional.empty(), Duration.ofMinutes(1));
        changesNothing(lab, old);
        lab.results.put("canary.deploy", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.settle();
        changesNothing(lab, new FleetEvent.AttemptRequested(lab.now, AttemptId.of("r2.canary.qa.1"),
                RingNumber.INNERMOST,
                ProductVersion.of("1.1.0"), Optional.empty(), Duration.ofMinutes(1)));
    }

    @Test
    void takesVerdictsOnlyForTheVersionAndAttemptTheyName() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var bad = Evidence.of("bad");
        changesNothing(lab, new FleetEvent.VerdictReached(lab.now, CellId.of("main"), AttemptId.of("r1.main.deploy.2"),
                ProductVersion.of("1.0.0"), Verdict.HARMFUL, 100, bad));
        changesNothing(lab, new FleetEvent.VerdictReached(lab.now, CellId.of("main"), AttemptId.of("r1.main.deploy.1"),
                ProductVersion.of("0.9.0"), Verdict.HARMFUL, 100, bad));
    }

    @Test
    void keepsAHarmfulVerdictUntilTheVersionIsReleased() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var attempt = AttemptId.of("r1.main.deploy.1");
        lab.record(new FleetEvent.VerdictReached(lab.now, CellId.of("main"), attempt, ProductVersion.of("1.0.0"),
                Verdict.HARMFUL, 100,
                Evidence.of("bad")));
        changesNothing(lab, new FleetEvent.VerdictReached(lab.now.plusSeconds(1), CellId.of("main"), attempt,
                ProductVersion.of("1.0.0"),
                Verdict.HEALTHY, 200, Evidence.of("good")));
    }

    @Test
    void ignoresLooksThatAreOlderThanTheLast() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var old = new FleetEvent.CellObserved(FleetLab.START.minusSeconds(1), CellId.of("main"), false,
                Optional.empty());
        changesNothing(lab, old);
        assertFalse(lab.fleet.isNews(old));
    }

    @Test
    void recordsALookAtAnUnchangedCellOnceAfterAnAttemptEnded() {
        var lab = FleetLab.blueprint();
        var look = new FleetEvent.CellObserved(lab.now, CellId.of("main"), true, Optional.empty());
        assertTrue(lab.fleet.isNews(look));
        lab.record(look);
        assertFalse(lab.fleet.isNews(new FleetEvent.CellObserved(lab.now.plusSeconds(9), CellId.of("main"), true,
                Optional.empty())));
        var attempt = AttemptId.of("r1.main.deploy.1");
        lab.record(new FleetEvent.AttemptRequested(lab.now, attempt, RingNumber.of(1), ProductVersion.of("1"),
                Optional.empty(),
                Duration.ofMinutes(1)));
        lab.record(new FleetEvent.AttemptStarted(lab.now, attempt));
        lab.record(new FleetEvent.AttemptFinished(lab.now.plusSeconds(10), attempt, new AttemptResult.Succeeded()));
        assertFalse(lab.fleet.isNews(new FleetEvent.CellObserved(lab.now.plusSeconds(10), CellId.of("main"), true,
                Optional.empty())));
        var after = new FleetEvent.CellObserved(lab.now.plusSeconds(11), CellId.of("main"), true, Optional.empty());
        assertTrue(lab.fleet.isNews(after));
        lab.record(after);
        assertFalse(lab.fleet.isNews(new FleetEvent.CellObserved(lab.now.plusSeconds(12), CellId.of("main"), true,
                Optional.empty())));
    }

    @Test
    void ignoresWhatNamesAnUnknownVersionRolloutOrRing() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var unknown = ProductVersion.of("9.9.9");
        changesNothing(lab, new FleetEvent.RolloutStarted(lab.now, "x", 2, unknown));
        changesNothing(lab, new FleetEvent.RolloutStarted(lab.now, "x", 7, ProductVersion.of("1.0.0")));
        changesNothing(lab, new FleetEvent.RingOpened(lab.now, 9, unknown, RingNumber.INNERMOST));
        changesNothing(lab, new FleetEvent.RingAdmitted(lab.now, unknown, RingNumber.INNERMOST));
        changesNothing(lab, new FleetEvent.VersionGraduated(lab.now, "x", unknown));
        changesNothing(lab, new FleetEvent.VersionBlocked(lab.now, "x", unknown, "why", false));
        changesNothing(lab, new FleetEvent.RolloutCompleted(lab.now, 9, unknown));
        changesNothing(lab, new FleetEvent.RetryAsked(lab.now, "x", unknown, CellId.of("nobody")));
    }

    @Test
    void keepsWhatIsKnownOfCellsThatStay() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var main = lab.cell("main");
        lab.apply(FleetLab.blueprint(policy -> Policies.retries(policy, 3)));
        assertEquals(main.lastKnownGood(), lab.cell("main").lastKnownGood());
        assertEquals(3, lab.fleet.spec().orElseThrow().rings().get(1).policy().retries());
    }
}
