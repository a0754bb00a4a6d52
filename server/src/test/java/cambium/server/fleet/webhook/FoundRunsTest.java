package cambium.server.fleet.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import cambium.rollout.AttemptResult;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.Technology;
import cambium.server.testing.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The start's answer names nothing; the run is found by its title.
class FoundRunsTest extends WebhookDriverContract {
    @Override
    PlayedPipelines.Answering answering() {
        return PlayedPipelines.Answering.NAMES_NOTHING;
    }

    @Override
    String following(String url) {
        return """
            find:
              url: URL/runs
              list: /runs
              where: /title
              is: cambium ${CAMBIUM_ATTEMPT}
              run: /id
              within: 1m
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

    @Test
    void aRunWhoseStartsAnswerWasLostIsFound() throws Exception {
        pipelines.loseAnswers(1);
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        assertEquals(new AttemptResult.Succeeded(), end(driver, ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
    }

    @Test
    void aRunThatIsNotFoundInTimeIsLostAndNotBegunAgain() throws Exception {
        handovers().take(order(ATTEMPT, "works"), Technology.WEBHOOK);
        handovers().send(ATTEMPT);
        var driver = open();
        Eventually.holds("it is searched for", () -> driver.progress(ATTEMPT) instanceof StepProgress.Running
                && log(driver, ATTEMPT).contains("no run is known yet"));
        pass(Duration.ofSeconds(61));
        assertInstanceOf(AttemptResult.Lost.class, end(driver, ATTEMPT));
        driver.start(order(ATTEMPT, "works"));
        assertEquals(0, runs(ATTEMPT));
    }
}
