package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrakeTest {

    @ParameterizedTest
    @ValueSource(strings = {"fleet", "ring 1", "cell main", "version 1.1.0"})
    void stopsForwardStartsInItsScope(String scope) {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(3));
        lab.brake(scope, "incident 7");
        lab.live(Duration.ofHours(2));
        assertFalse(lab.started("r2.main"));
        assertTrue(lab.plan.waits().stream().anyMatch(wait -> wait.code() == Wait.Code.BRAKED
                && wait.text().equals("brake on " + scope + " by anna: incident 7")), lab.plan.toString());
        lab.releaseBrake(scope);
        lab.live(Duration.ofHours(1));
        assertEquals("1.1.0", lab.runs("c4"));
    }

    @Test
    void withholdsAnAttemptThatWasAskedForBeforeTheBrake() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.record(RolloutPlanner.plan(lab.fleet, lab.now).decisions().getFirst().event(lab.now));
        lab.record(new FleetEvent.RingAdmitted(lab.now, ProductVersion.of("1.1.0"), RingNumber.INNERMOST));
        RolloutPlanner.plan(lab.fleet, lab.now).decisions().forEach(decision -> lab.record(decision.event(lab.now)));
        var attempt = AttemptId.of("r2.canary.deploy.1");
        assertEquals(Optional.empty(), RolloutPlanner.mayStart(lab.fleet, attempt, lab.now));
        lab.brake("ring 0", "incident 7");
        assertEquals(Wait.Code.BRAKED, RolloutPlanner.mayStart(lab.fleet, attempt, lab.now).orElseThrow().code());
        lab.record(new FleetEvent.AttemptWithheld(lab.now, attempt, "braked"));
        lab.record(new FleetEvent.AttemptWithheld(lab.now, AttemptId.of("r2.qa.deploy.1"), "braked"));
        lab.releaseBrake("ring 0");
        lab.live(Duration.ofHours(1));
        assertTrue(lab.started("r2.canary.deploy.2"), "the withheld attempt's name is spent");
        assertFalse(lab.started("r2.canary.deploy.1"));
    }

    @Test
    void neverStandsInTheWayOfARollback() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(2));
        lab.brake("fleet", "incident 7");
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.live(Duration.ofMinutes(10));
        assertEquals("1.0.0", lab.runs("canary"));
    }

    @Test
    void staysWhenANarrowerOneIsReleased() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.brake("fleet", "wide");
        lab.brake("ring 0", "narrow");
        lab.releaseBrake("ring 0");
        lab.deploy("1.1.0");
        lab.record(new FleetEvent.VersionRegistered(lab.now, "anna", ProductVersion.of("1.1.0"),
                List.of(FleetLab.shop("1.1.0"))));
        lab.record(new FleetEvent.RolloutStarted(lab.now, "anna", 2, ProductVersion.of("1.1.0")));
        lab.live(Duration.ofHours(1));
        assertFalse(lab.started("r2."));
        assertEquals(Wait.Code.BRAKED, lab.code("ring 0"));
    }

    @Test
    void pagesInsteadOfEndingWhenItsTimeIsOver() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        var end = lab.now.plusSeconds(600);
        lab.command(new FleetCommand.SetBrake(Scope.of("fleet"), "maintenance", Optional.of(end)));
        lab.settle();
        assertTrue(lab.waitOf("ring 0").orElseThrow().text().contains("(wanted until " + WholeSeconds.end(end) + ")"));
        lab.live(Duration.ofMinutes(9));
        assertEquals(0, pagesOfBrakes(lab));
        lab.live(Duration.ofHours(30));
        assertEquals(1, pagesOfBrakes(lab), "asked once, at the time that was given");
        assertFalse(lab.started("r2."));
        lab.releaseBrake("fleet");
        lab.live(Duration.ofHours(1));
        assertEquals("1.1.0", lab.runs("c4"));
    }

    @Test
    void asksEveryDayWhetherABrakeWithoutATimeIsStillNeeded() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.brake("ring 1", "incident 7");
        lab.live(Duration.ofHours(23));
        assertEquals(0, pagesOfBrakes(lab));
        lab.live(Duration.ofHours(2));
        assertEquals(1, pagesOfBrakes(lab));
        lab.live(Duration.ofHours(48));
        assertEquals(3, pagesOfBrakes(lab));
        lab.releaseBrake("ring 1");
        lab.live(Duration.ofHours(48));
        assertEquals(3, pagesOfBrakes(lab));
    }

    private static long pagesOfBrakes(FleetLab lab) {
        return lab.fleet.pages().keySet().stream().filter(key -> key.startsWith("brake:")).count();
    }

    @Test
    void stopsPdmButNotGraduation() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(8));
        assertEquals("1.1.0", lab.runs("main"));
        lab.brake("cell main", "watching it");
        lab.live(Duration.ofHours(1));
        assertFalse(lab.started("r2.main.pdm"));
        assertEquals(Wait.Code.BRAKED, lab.code("ring 2"));
        assertTrue(lab.waitOf("ring 2").orElseThrow().text().contains("watching it"));
    }

    @Test
    void looksAgainHowManyMayRunAtOnce() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.record(RolloutPlanner.plan(lab.fleet, lab.now).decisions().getFirst().event(lab.now));
        lab.record(new FleetEvent.RingAdmitted(lab.now, ProductVersion.of("1.1.0"), RingNumber.INNERMOST));
        RolloutPlanner.plan(lab.fleet, lab.now).decisions().forEach(decision -> lab.record(decision.event(lab.now)));
        lab.apply(FleetLab.blueprint(policy -> Policies.atOnce(policy, "1")));
        lab.record(new FleetEvent.AttemptStarted(lab.now, AttemptId.of("r2.canary.deploy.1")));
        assertEquals(Wait.Code.AT_ONCE,
                RolloutPlanner.mayStart(lab.fleet, AttemptId.of("r2.qa.deploy.1"), lab.now).orElseThrow().code());
    }
}
