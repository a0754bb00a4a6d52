package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// A further try that was asked for and withheld hides neither that its step failed before nor how often.
class WithheldTriesTest {
    private static final AttemptResult FAILS = new AttemptResult.Failed("exit 1");
    private static final ProductVersion NEXT = ProductVersion.of("1.1.0");

    private final FleetLab lab = FleetLab.onFirstVersion(retries(3, parts -> parts));

    private static UnaryOperator<RingPolicy> retries(int retries, UnaryOperator<RingPolicy> others) {
        return policy -> others.apply(policy.with(parts -> {
            parts.retries = retries;
            parts.pace = new Pace(parts.pace.startRate(), new Pace.BackOff(Duration.ofMinutes(10),
                    Duration.ofMinutes(10)), parts.pace.progress());
        }));
    }

    /// The step of this cell fails once; its second try is asked for and withheld by a brake.
    private void failsOnceAndIsBraked(String cell, Step step) {
        lab.results.put(cell + "." + step.word() + "." + NEXT, FAILS);
        lab.deploy(NEXT.value());
        lab.settle();
        for (int times = 0; times < 100 && !lab.started("r2." + cell + "." + step.word()); times++) {
            lab.pass(Duration.ofSeconds(30));
        }
        var failed = lab.cell(cell).last(step).orElseThrow();
        assertEquals(1, failed.ran());
        lab.brake("fleet", "odd");
        lab.now = failed.finishedAt().orElseThrow().plus(Duration.ofMinutes(10));
        var again = AttemptId.of("r2." + cell + "." + step.word() + ".2");
        lab.record(new FleetEvent.AttemptRequested(lab.now, again, failed.ring(), NEXT, failed.previous(),
                failed.timeout()));
        lab.record(new FleetEvent.AttemptWithheld(lab.now, again, "brake on fleet"));
        assertEquals(1, lab.cell(cell).last(step).orElseThrow().ran());
    }

    private void declare(UnaryOperator<RingPolicy> policy) {
        lab.apply(FleetLab.blueprint(policy));
        lab.releaseBrake("fleet");
    }

    private void canaryFails(String how) {
        lab.settle();
        var failure = lab.version("1.1.0").failures().get(CellId.of("canary"));
        assertTrue(failure.why().contains(how), failure.why());
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertFalse(lab.log.stream().anyMatch(event -> event instanceof FleetEvent.AttemptRequested asked
                && asked.attempt().tryNumber() > 2), "nothing is tried for the third time");
    }

    @Test
    void failsADeploymentWhoseTriesAreSpentByThePolicyOfToday() {
        failsOnceAndIsBraked("canary", Step.DEPLOY);
        declare(retries(0, policy -> policy));
        canaryFails("it was tried as often as its ring allows");
        assertEquals("1.0.0", lab.runs("canary"));
    }

    /// The first try left the cell dead: who releases the brake need not ask for the second by hand.
    @Test
    void goesOnWithADeploymentOutOfReachOnceTheBrakeIsReleased() {
        failsOnceAndIsBraked("canary", Step.DEPLOY);
        lab.reachable.put(CellId.of("canary"), false);
        lab.settle();
        assertEquals(Wait.Code.BRAKED, lab.code("cell canary"));
        assertFalse(lab.started("r2.canary.deploy.3"));
        lab.results.clear();
        lab.releaseBrake("fleet");
        lab.settle();
        assertTrue(lab.started("r2.canary.deploy.3"), lab.plan.toString());
        lab.reachable.put(CellId.of("canary"), true);
        lab.live(Duration.ofHours(1));
        assertEquals("1.1.0", lab.runs("c4"));
    }

    @Test
    void startsNoPdmWhoseTriesAreSpentByThePolicyOfToday() {
        failsOnceAndIsBraked("main", Step.PDM);
        declare(retries(0, policy -> policy));
        lab.live(Duration.ofHours(1));
        assertFalse(lab.started("r2.main.pdm.3"));
        var wait = lab.waitOf("cell main").orElseThrow();
        assertEquals(Wait.Code.PDM, wait.code());
        assertTrue(wait.text().contains("it was tried as often as its ring allows; cambium pdm 1.1.0 --cell main"),
                wait.text());
        assertTrue(lab.fleet.pages().keySet().stream().anyMatch(key -> key.startsWith("pdm:r2.main.pdm")));
        lab.results.clear();
        lab.command(new FleetCommand.RunPdm(NEXT, Optional.of(CellId.of("main"))));
        lab.live(Duration.ofHours(1));
        assertTrue(lab.started("r2.main.pdm.3"), "a person may");
        assertEquals("1.1.0", lab.runs("c4"));
    }

    @Test
    void failsQaWhoseTriesAreSpentByThePolicyOfToday() {
        lab.apply(FleetLab.blueprint(retries(3, policy -> Policies.qa(policy, RingPolicy.Qa.BLOCKING))));
        failsOnceAndIsBraked("main", Step.QA);
        declare(retries(0, policy -> Policies.qa(policy, RingPolicy.Qa.BLOCKING)));
        lab.settle();
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertFalse(lab.started("r2.main.qa.3"));
    }

    /// What failed softly before belongs to what was on the cell then: other hands put on it what must leave it again.
    @Test
    void countsTheTriesOfQaAnewForWhatIsDeployedAnew() {
        lab.apply(FleetLab.blueprint(retries(1, policy -> policy)));
        var old = ProductVersion.of("0.9.0");
        lab.record(new FleetEvent.VersionRegistered(lab.now, "anna", old, List.of(FleetLab.shop("0.9.0"))));
        lab.record(new FleetEvent.VersionBlocked(lab.now, "anna", old, "it leaks", false));
        lab.results.put("canary.qa.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(11));
        assertEquals(2, lab.cell("canary").last(Step.QA).orElseThrow().ran());
        lab.running.put(CellId.of("canary"), old);
        lab.live(Duration.ofMinutes(30));
        assertTrue(lab.started("r2.canary.deploy.2"), lab.plan.toString());
        assertTrue(lab.started("r2.canary.qa.4"));
        assertFalse(lab.started("r2.canary.qa.5"));
        assertEquals(2, lab.cell("canary").last(Step.QA).orElseThrow().ran());
    }
}
