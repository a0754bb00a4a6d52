package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.StepKind;
import cambium.rollout.Step;
import cambium.server.fleet.CellDriver.Taking;
import cambium.server.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What every cell driver promises. The driver named `works` runs every step with success and says "done";
/// `breaks` says "no space left" and fails; `waits` runs until it is released.
public abstract class CellDriverContract {
    protected static final AttemptId ATTEMPT = AttemptId.of("r7.cell4.deploy.1");

    /// The driver under test; a second call gives one that knows nothing but what lasts.
    protected abstract CellDriver open() throws Exception;

    /// How often the steps of the attempt were really run.
    protected abstract int runs(AttemptId attempt) throws Exception;

    protected abstract void releaseWaiting() throws Exception;

    /// Whether a step that runs can be ended from here.
    protected boolean reachesWhatRuns() {
        return true;
    }

    /// What of the attempt still runs or lies about, beyond its result and its log.
    protected abstract List<String> leftBehind(AttemptId attempt) throws Exception;

    /// The kind of the step, as the step was told.
    protected abstract String kindTold(AttemptId attempt) throws Exception;

    private void waitUntilItRuns(CellDriver driver) {
        Eventually.holds("the step runs", () ->
            driver.progress(ATTEMPT) instanceof StepProgress.Running && runs(ATTEMPT) == 1);
    }

    protected static StepOrder order(AttemptId attempt, String driver) {
        var one = new PackageRef("storefront", "1.1.0-1", "amd64", "ab".repeat(32),
                "pool/s/storefront_1.1.0-1_amd64.deb");
        return new StepOrder(attempt, attempt.step(), attempt.cell(), RingNumber.of(2), ProductVersion.of("1.1.0"),
                Optional.of(ProductVersion.of("1.0.0")), driver,
                new TreeMap<>(Map.of("listen-port", "9101; rm -rf $HOME")),
                List.of(one), new ChannelAddress("http://h:1/a/s/rings/2/debian", "bookworm", "http://h:1/a/s/gpgkey",
                        "http://h:1/a/s/debian"), Duration.ofMinutes(1), Instant.parse("2999-01-01T00:00:00Z"),
                new Epoch(5), StepKind.FULL);
    }

    protected static StepOrder limited(StepOrder order, Duration timeout) {
        return changed(order, timeout, order.startBefore(), order.epoch());
    }

    protected static StepOrder under(StepOrder order, long epoch) {
        return changed(order, order.timeout(), order.startBefore(), new Epoch(epoch));
    }

    private static StepOrder changed(StepOrder order, Duration timeout, Instant startBefore, Epoch epoch) {
        return new StepOrder(order.attempt(), order.step(), order.cell(), order.ring(), order.version(),
                order.previous(), order.driver(), order.settings(), order.packages(), order.channel(), timeout,
                startBefore, epoch, order.kind());
    }

    protected static AttemptResult end(CellDriver driver, AttemptId attempt) {
        Eventually.holds("the attempt ends", () -> driver.progress(attempt) instanceof StepProgress.Ended);
        return assertInstanceOf(StepProgress.Ended.class, driver.progress(attempt)).result();
    }

    protected static String log(CellDriver driver, AttemptId attempt) throws Exception {
        try (var in = driver.log(attempt).orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void knowsNothingOfAnAttemptNeverStarted() throws Exception {
        assertEquals(new StepProgress.Unknown(), open().progress(ATTEMPT));
        assertEquals(Optional.empty(), open().log(ATTEMPT));
    }

    @Test
    void tellsSuccessAndKeepsTheLog() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        assertEquals(new AttemptResult.Succeeded(), end(driver, ATTEMPT));
        assertTrue(log(driver, ATTEMPT).contains("done"));
    }

    @Test
    void theStepIsToldWhetherItInstallsEverything() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        end(driver, ATTEMPT);
        assertEquals("full", kindTold(ATTEMPT));
    }

    @Test
    void tellsFailureWithItsReason() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "breaks"));
        var failed = assertInstanceOf(AttemptResult.Failed.class, end(driver, ATTEMPT));
        assertTrue(failed.reason().contains("no space left"), failed.reason());
    }

    @Test
    void aMissingDriverFailsAndSaysSo() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "absent"));
        var failed = assertInstanceOf(AttemptResult.Failed.class, end(driver, ATTEMPT));
        assertTrue(failed.reason().contains("'absent'"), failed.reason());
        assertEquals(0, runs(ATTEMPT));
    }

    @Test
    void runsAnAttemptOnceHoweverOftenItIsStarted() throws Exception {
        var driver = open();
        for (var i = 0; i < 5; i++) {
            driver.start(order(ATTEMPT, "works"));
            open().start(order(ATTEMPT, "works"));
        }
        end(driver, ATTEMPT);
        driver.start(order(ATTEMPT, "works"));
        end(open(), ATTEMPT);
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void aNewDriverSeesWhatTheOldOneBegan() throws Exception {
        open().start(order(ATTEMPT, "waits"));
        Eventually.holds("the step runs", () -> open().progress(ATTEMPT) instanceof StepProgress.Running);
        releaseWaiting();
        assertEquals(new AttemptResult.Succeeded(), end(open(), ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void attemptsDoNotShareAnything() throws Exception {
        var driver = open();
        var other = new AttemptId(7, CellId.of("cell5"), Step.PDM, 2);
        driver.start(order(ATTEMPT, "works"));
        driver.start(order(other, "breaks"));
        assertEquals(new AttemptResult.Succeeded(), end(driver, ATTEMPT));
        assertInstanceOf(AttemptResult.Failed.class, end(driver, other));
    }

    @Test
    void refusesACoordinatorThatWasReplaced() throws Exception {
        var driver = open();
        assertEquals(Taking.TAKEN, driver.start(order(ATTEMPT, "works")));
        end(driver, ATTEMPT);
        var next = new AttemptId(7, ATTEMPT.cell(), Step.PDM, 1);
        assertEquals(Taking.FENCED, open().start(under(order(next, "works"), 4)));
        assertEquals(new StepProgress.Unknown(), open().progress(next));
        var elsewhere = new AttemptId(7, CellId.of("cell5"), Step.DEPLOY, 1);
        assertEquals(Taking.TAKEN, open().start(under(order(elsewhere, "works"), 4)), "another cell, its own fence");
        assertEquals(Taking.TAKEN, open().start(under(order(next, "works"), 6)));
        end(driver, next);
        end(driver, elsewhere);
        assertEquals(1, runs(next));
    }

    @Test
    void anOrderRepeatedByTheNextCoordinatorRunsNothingAgainAndShutsOutTheFormer() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        end(driver, ATTEMPT);
        assertEquals(Taking.TAKEN, open().start(under(order(ATTEMPT, "works"), 6)));
        assertEquals(Taking.FENCED, driver.start(order(ATTEMPT, "works")));
        assertEquals(new AttemptResult.Succeeded(), end(open(), ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void runsNothingWhoseTimeToStartIsOver() throws Exception {
        var driver = open();
        var late = changed(order(ATTEMPT, "works"), Duration.ofMinutes(1), Instant.EPOCH, new Epoch(5));
        Eventually.holds("the order is refused", () -> {
            driver.start(late);
            return driver.progress(ATTEMPT) instanceof StepProgress.Ended;
        });
        var failed = assertInstanceOf(AttemptResult.Failed.class, end(driver, ATTEMPT));
        assertTrue(failed.reason().contains("its time to start was over"), failed.reason());
        assertEquals(0, runs(ATTEMPT));
    }

    @Test
    void aStepThatIsOverItsTimeIsEndedOrLostAndNeverASuccess() throws Exception {
        var driver = open();
        driver.start(limited(order(ATTEMPT, "waits"), Duration.ofSeconds(1)));
        var result = end(driver, ATTEMPT);
        assertTrue(result instanceof AttemptResult.TimedOut || result instanceof AttemptResult.Lost,
                result.toString());
        releaseWaiting();
        driver.start(order(ATTEMPT, "waits"));
        assertEquals(result, end(open(), ATTEMPT), "what comes too late changes nothing");
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void cancellingEndsWhatRunsAndItIsNotRunAgain() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "waits"));
        waitUntilItRuns(driver);
        assertEquals(reachesWhatRuns(), open().cancel(ATTEMPT, "anna pressed the brake"));
        if (!reachesWhatRuns()) {
            releaseWaiting();
            assertEquals(new AttemptResult.Succeeded(), end(driver, ATTEMPT), "it goes on as if nobody had asked");
            return;
        }
        var failed = assertInstanceOf(AttemptResult.Cancelled.class, end(driver, ATTEMPT));
        assertEquals("anna pressed the brake", failed.reason());
        driver.cancel(ATTEMPT, "again");
        driver.start(order(ATTEMPT, "waits"));
        assertEquals(failed, end(open(), ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
        Eventually.holds("nothing is left behind", () -> leftBehind(ATTEMPT).isEmpty());
        releaseWaiting();
    }

    @Test
    void cancellingWhatHasEndedOrNeverBeganChangesNothing() throws Exception {
        var driver = open();
        assertFalse(driver.cancel(ATTEMPT, "nobody knows it"));
        assertEquals(new StepProgress.Unknown(), driver.progress(ATTEMPT));
        driver.start(order(ATTEMPT, "works"));
        end(driver, ATTEMPT);
        driver.cancel(ATTEMPT, "too late");
        assertEquals(new AttemptResult.Succeeded(), end(driver, ATTEMPT));
        Eventually.holds("nothing is left behind", () -> leftBehind(ATTEMPT).isEmpty());
    }
}
