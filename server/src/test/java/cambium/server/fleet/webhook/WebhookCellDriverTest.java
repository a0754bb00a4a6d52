package cambium.server.fleet.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriver.Taking;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.Technology;
import cambium.server.testing.Eventually;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The start's answer names the run, which is asked how it is.
class WebhookCellDriverTest extends WebhookDriverContract {
    @Override
    PlayedPipelines.Answering answering() {
        return PlayedPipelines.Answering.NAMES_THE_RUN;
    }

    @Override
    String following(String url) {
        return """
              run: /id
            poll:
              url: URL/runs/${run}
              every: 100ms
              state: [/state]
              running: [running]
              succeeded: [success]
              failed: [failed]
              cancelled: [canceled]
              reason: /message
              tell: [/note]
            cancel: {url: "URL/runs/${run}/cancel"}
            """.replace("URL", url);
    }

    private AttemptResult.Failed failed() {
        return assertInstanceOf(AttemptResult.Failed.class, end(open(), ATTEMPT));
    }

    @Test
    void aStartWhoseAnswerWasLostIsLostAndNeverAskedForAgain() throws Exception {
        pipelines.loseAnswers(1);
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        Eventually.holds("it was asked for", () -> runs(ATTEMPT) == 1);
        driver.start(order(ATTEMPT, "works"));
        Eventually.holds("the loss is told", () -> log(driver, ATTEMPT).contains("answer to the start was lost"));
        assertEquals(new StepProgress.Running(), driver.progress(ATTEMPT));
        pass(Duration.ofSeconds(31));
        assertInstanceOf(AttemptResult.Lost.class, end(driver, ATTEMPT));
        driver.start(order(ATTEMPT, "works"));
        assertInstanceOf(AttemptResult.Lost.class, end(open(), ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void aCrashBetweenTheRecordAndTheRequestStartsNothingEver() throws Exception {
        handovers().take(order(ATTEMPT, "works"), Technology.WEBHOOK);
        assertTrue(handovers().send(ATTEMPT), "as the one that died did");
        var next = open();
        next.start(order(ATTEMPT, "works"));
        assertEquals(new StepProgress.Running(), next.progress(ATTEMPT));
        pass(Duration.ofSeconds(31));
        assertInstanceOf(AttemptResult.Lost.class, end(next, ATTEMPT));
        assertEquals(0, runs(ATTEMPT));
    }

    @Test
    void aRefusalEndsTheAttemptWithItsWordsButNotTheSecret() throws Exception {
        pipelines.refuse(403);
        open().start(order(ATTEMPT, "works"));
        assertEquals("the pipeline's server answers 403: {\"message\":\"not for [secret]\"}", failed().reason());
        assertEquals(SECRET, pipelines.lastToken());
        assertEquals(0, runs(ATTEMPT));
    }

    @Test
    void aServerThatAsksForPatienceIsAskedAgainLater() throws Exception {
        pipelines.refuse(429);
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        Eventually.holds("nothing has begun", () -> driver.progress(ATTEMPT) instanceof StepProgress.Unknown);
        assertThrows(UncheckedIOException.class, () -> driver.start(order(ATTEMPT, "works")), "not at once");
        assertEquals(0, runs(ATTEMPT));
        pass(Duration.ofSeconds(6));
        driver.start(order(ATTEMPT, "works"));
        assertEquals(new AttemptResult.Succeeded(), end(driver, ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void aServerThatIsNotThereHasBegunNothing() throws Exception {
        try (var closed = new ServerSocket(0)) {
            change("works", pipelines.url(), "http://127.0.0.1:" + closed.getLocalPort());
        }
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        Eventually.holds("nothing has begun", () -> driver.progress(ATTEMPT) instanceof StepProgress.Unknown);
        var trouble = assertThrows(UncheckedIOException.class, () -> driver.start(order(ATTEMPT, "works")));
        assertTrue(trouble.getMessage().contains("the connection was refused"), trouble.getMessage());
        assertTrue(driver.cancel(ATTEMPT, "anna pressed the brake"));
        assertEquals(new AttemptResult.Cancelled("anna pressed the brake"), end(driver, ATTEMPT));
    }

    @Test
    void onlyPublicAddressesAndAllowedHostsAreReached() throws Exception {
        change("works", "hosts: [127.0.0.1]", "hosts: [gitlab.internal]");
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        Eventually.holds("nothing has begun", () -> driver.progress(ATTEMPT) instanceof StepProgress.Unknown);
        assertTrue(log(driver, ATTEMPT).contains("'hosts' in driver.yaml"), log(driver, ATTEMPT));
        assertEquals(0, runs(ATTEMPT));
        assertEquals("", pipelines.lastToken());
    }

    @Test
    void aSecretThatOthersMayReadIsNotUsed() throws Exception {
        Files.setPosixFilePermissions(drivers.resolve("works/token"), PosixFilePermissions.fromString("rw-r--r--"));
        open().start(order(ATTEMPT, "works"));
        assertTrue(failed().reason().contains("chmod 600"), failed().reason());
        assertEquals(0, runs(ATTEMPT));
    }

    @Test
    void aVariableThatThisOrderDoesNotHaveBeginsNothing() throws Exception {
        Files.writeString(drivers.resolve("works/start.json"), "{\"region\": \"${CAMBIUM_SETTING_REGION}\"}");
        open().start(order(ATTEMPT, "works"));
        assertTrue(failed().reason().contains("${CAMBIUM_SETTING_REGION}"), failed().reason());
        assertEquals(0, runs(ATTEMPT));
    }

    /// Two processes: one asks for the state, the other has the run ended between its reading and the answer.
    @Test
    void aRunThatEndsForUsWhileItIsAskedForItsStateIsCancelledAndHasNotFailed() throws Exception {
        var driver = (WebhookCellDriver) open();
        driver.start(order(ATTEMPT, "waits"));
        Eventually.holds("it runs", () -> driver.progress(ATTEMPT) instanceof StepProgress.Running
                && runs(ATTEMPT) == 1 && handovers().find(ATTEMPT).orElseThrow().phase() instanceof Phase.Running);
        var read = handovers().find(ATTEMPT).orElseThrow();
        handovers().cancel(ATTEMPT, "anna pressed the brake");
        pipelines.set(ATTEMPT, "canceled");
        Eventually.holds("it ends", () -> {
            driver.look(read);
            return handovers().find(ATTEMPT).orElseThrow().ended();
        });
        assertEquals(new AttemptResult.Cancelled("anna pressed the brake"), end(driver, ATTEMPT));
    }

    @Test
    void whatSomebodyElseCancelledHasFailedAndAWordThatNobodyNamedEndsNothing() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "waits"));
        Eventually.holds("it runs", () -> runs(ATTEMPT) == 1);
        pipelines.set(ATTEMPT, "napping");
        Eventually.holds("the word is told", () -> driver.progress(ATTEMPT) instanceof StepProgress.Running
                && log(driver, ATTEMPT).contains("napping, which driver.yaml does not name"));
        pipelines.set(ATTEMPT, "canceled");
        assertTrue(failed().reason().startsWith("somebody cancelled it in the pipeline"), failed().reason());
    }

    @Test
    void aSuccessToldAfterTheTimeIsLost() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "waits"));
        Eventually.holds("it runs", () -> handovers().find(ATTEMPT).orElseThrow().phase() instanceof Phase.Running);
        releaseWaiting();
        pass(Duration.ofMinutes(2));
        assertInstanceOf(AttemptResult.Lost.class, end(driver, ATTEMPT));
    }

    @Test
    void whatCannotBeEndedFromHereIsNotSaidToBe() throws Exception {
        change("waits", "cancel: {url", "# {url");
        var driver = open();
        driver.start(order(ATTEMPT, "waits"));
        Eventually.holds("it runs", () -> runs(ATTEMPT) == 1
                && handovers().find(ATTEMPT).orElseThrow().phase() instanceof Phase.Running);
        assertFalse(driver.cancel(ATTEMPT, "brake"));
        pass(Duration.ofMinutes(2));
        assertInstanceOf(AttemptResult.Lost.class, end(driver, ATTEMPT));
        assertFalse(leftBehind(ATTEMPT).isEmpty(), "it runs on, and is called lost, not ended");
    }

    @Test
    void moreStartsThanMayBeUnderWayWaitForTheNextRound() throws Exception {
        var driver = open();
        for (var i = 1; i <= 200; i++) {
            assertEquals(Taking.TAKEN, driver.start(order(AttemptId.of("r7.c" + i + ".deploy.1"),
                    "works")));
        }
        for (var i = 1; i <= 200; i++) {
            var attempt = AttemptId.of("r7.c" + i + ".deploy.1");
            Eventually.holds(attempt + " ends", () -> {
                driver.start(order(attempt, "works"));
                return driver.progress(attempt) instanceof StepProgress.Ended;
            });
            assertEquals(1, runs(attempt));
        }
    }
}
