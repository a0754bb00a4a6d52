package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Step;
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

    protected static StepOrder order(AttemptId attempt, String driver) {
        var one = new PackageRef("storefront", "1.1.0-1", "amd64", "ab".repeat(32),
                "pool/s/storefront_1.1.0-1_amd64.deb");
        return new StepOrder(attempt, attempt.step(), attempt.cell(), RingNumber.of(2), ProductVersion.of("1.1.0"),
                Optional.of(ProductVersion.of("1.0.0")), driver,
                new TreeMap<>(Map.of("listen-port", "9101; rm -rf $HOME")),
                List.of(one), new ChannelAddress("http://h:1/a/s/rings/2/debian", "bookworm", "http://h:1/a/s/gpgkey",
                        "http://h:1/a/s/debian"), Duration.ofMinutes(1), Instant.parse("2999-01-01T00:00:00Z"));
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
}
