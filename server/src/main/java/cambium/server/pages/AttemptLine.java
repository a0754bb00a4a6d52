package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetEvent.AttemptFinished;
import cambium.rollout.FleetEvent.AttemptRequested;
import cambium.rollout.FleetEvent.AttemptStarted;
import cambium.rollout.FleetEvent.AttemptWithheld;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One attempt as a page tells it. `length` is how long it ran, or runs so far.
public record AttemptLine(
        String attempt,
        String cell,
        String step,
        Optional<String> version,
        Optional<String> previous,
        Parts.Badge state,
        Optional<String> reason,
        Optional<Parts.Moment> requested,
        Optional<Instant> startedAt,
        Optional<Parts.Moment> ended,
        String length) {

    static AttemptLine requested(AttemptId attempt) {
        return new AttemptLine(
                attempt.toString(), attempt.cell().toString(), attempt.step().word(), Optional.empty(),
                Optional.empty(), Parts.Badge.of("requested"), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), "");
    }

    boolean isRunning() {
        return state.text().equals("running");
    }

    AttemptLine after(FleetEvent event, Instant now) {
        return switch (event) {
            case AttemptRequested asked -> new AttemptLine(
                    attempt, cell, step, Optional.of(asked.version().toString()),
                    asked.previous().map(Object::toString), state, reason,
                    Optional.of(Parts.Moment.of(asked.at(), now)), startedAt, ended, length);
            case AttemptStarted started -> new AttemptLine(
                    attempt, cell, step, version, previous, Parts.Badge.of("running"), reason, requested,
                    Optional.of(started.at()), ended, Words.length(Duration.between(started.at(), now)));
            case AttemptWithheld withheld -> ended("withheld", Optional.of(withheld.why()), withheld.at(), now);
            case AttemptFinished finished -> ended(
                    resultWord(finished.result()), EventWords.reason(finished.result()), finished.at(), now);
            default -> this;
        };
    }

    private AttemptLine ended(String word, Optional<String> because, Instant at, Instant now) {
        return new AttemptLine(
                attempt, cell, step, version, previous, Parts.Badge.of(word), because, requested, startedAt,
                Optional.of(Parts.Moment.of(at, now)),
                startedAt.map(start -> Words.length(Duration.between(start, at))).orElse("never ran"));
    }

    private static String resultWord(AttemptResult result) {
        return switch (result) {
            case AttemptResult.Succeeded() -> "succeeded";
            case AttemptResult.Failed _ -> "failed";
            case AttemptResult.TimedOut() -> "timed-out";
            case AttemptResult.Cancelled _ -> "cancelled";
            case AttemptResult.Lost _ -> "lost";
        };
    }
}
