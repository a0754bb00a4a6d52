package cambium.server.fleet.webhook;

import cambium.rollout.AttemptResult;
import cambium.server.fleet.handover.Handover;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.OneLine;
import cambium.server.fleet.handover.WebhookSpec;
import cambium.server.http.OutgoingPosts.Exchange;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// One look at the run of an attempt: finds it, asks how it is, and asks that it end where that is wanted. Only ever
/// ends an attempt, never begins one.
final class RunLook {
    /// So long may an answer to the start be under way, in whatever process.
    static final Duration START_IS_OVER = Duration.ofSeconds(30);
    private static final int MAX_RUN_CHARACTERS = 200;

    private final Handovers handovers;
    private final PipelineServers servers;
    private final InstantSource time;
    private final Path folder;
    private final WebhookSpec spec;

    RunLook(Handovers handovers, PipelineServers servers, InstantSource time, Path folder, WebhookSpec spec) {
        this.handovers = handovers;
        this.servers = servers;
        this.time = time;
        this.folder = folder;
        this.spec = spec;
    }

    /// What there is to be told to people.
    String look(Handover handover) throws InterruptedException {
        try {
            return switch (handover.phase()) {
                case Phase.Sent(var at) -> search(handover, at.plus(spec.find().map(WebhookSpec.Find::within)
                        .filter(within -> within.compareTo(START_IS_OVER) > 0).orElse(START_IS_OVER)));
                case Phase.Running() -> ask(handover, requests(handover));
                case Phase.Taken(), Phase.Ended _ -> "";
            };
        } catch (Unusable unusable) {
            return unusable.getMessage();
        }
    }

    private AttemptRequests requests(Handover handover) {
        return new AttemptRequests(folder, handover.order(), handover.reference());
    }

    private String search(Handover handover, Instant lostAt) throws Unusable, InterruptedException {
        var requests = requests(handover);
        var attempt = handover.order().attempt();
        if (spec.find().isPresent()) {
            var find = spec.find().get();
            var wanted = requests.plain(find.is());
            if (servers.ask(spec, requests.make(find.request())) instanceof Exchange.Answered(var status, var body)
                    && PipelineServers.good(status)) {
                for (var run : Answers.tree(body).at(find.list())) {
                    var name = Answers.text(run, find.run()).filter(text -> text.length() <= MAX_RUN_CHARACTERS);
                    if (name.isPresent() && Answers.text(run, find.where()).equals(Optional.of(wanted))) {
                        handovers.running(attempt, name.get());
                        return "run " + name.get() + "\n";
                    }
                }
            }
        }
        if (time.instant().isAfter(lostAt)) {
            handovers.end(attempt, new AttemptResult.Lost("the start was asked for, and nobody can tell whether a run "
                    + "began" + (spec.find().isPresent() ? ": none was found" : "")));
        }
        return "the start was asked for; no run is known yet\n";
    }

    private String ask(Handover handover, AttemptRequests requests) throws InterruptedException {
        var told = handover.reference().isEmpty() ? "" : "run " + handover.reference() + "\n";
        if (spec.poll().isPresent()) {
            try {
                var poll = spec.poll().get();
                switch (servers.ask(spec, requests.make(poll.request()))) {
                    case Exchange.Answered(var status, var body) when PipelineServers.good(status) -> {
                        var tree = Answers.tree(body);
                        told += requests.withoutSecrets(told(poll, tree));
                        handovers.log(handover.order().attempt(), told);
                        if (ended(handover, poll, tree, requests)) {
                            return told;
                        }
                    }
                    case Exchange.Answered(var status, _) -> told += "asked for its state, the server answers "
                            + status + "\n";
                    case Exchange.NotSent(var reason) -> told += "its state cannot be asked for: " + reason + "\n";
                    case Exchange.Unknown(var reason) -> told += "its state is not told: " + reason + "\n";
                }
            } catch (Unusable unusable) {
                told += "its state cannot be asked for: " + unusable.getMessage() + "\n";
            }
        }
        return told + end(handover, requests);
    }

    private static String told(WebhookSpec.Poll poll, JsonNode tree) {
        var lines = new StringBuilder();
        poll.tell().forEach(pointer -> Answers.text(tree, pointer)
                .ifPresent(text -> lines.append(OneLine.of(text, RunEnd.MAX_REASON_CHARACTERS)).append('\n')));
        var state = Answers.first(tree, poll.state());
        lines.append(state.map(word -> "state " + OneLine.of(word, MAX_RUN_CHARACTERS)
                + (known(poll.words(), word) ? "" : ", which driver.yaml does not name")).orElse("no state is told"));
        return lines.append('\n').toString();
    }

    private static boolean known(WebhookSpec.Words words, String word) {
        return words.running().contains(word) || end(words, word).isPresent();
    }

    private static Optional<RunEnd> end(WebhookSpec.Words words, String word) {
        return words.succeeded().contains(word) ? Optional.of(RunEnd.SUCCEEDED)
                : words.failed().contains(word) ? Optional.of(RunEnd.FAILED)
                : words.cancelled().contains(word) ? Optional.of(RunEnd.CANCELLED) : Optional.empty();
    }

    private boolean ended(Handover handover, WebhookSpec.Poll poll, JsonNode tree, AttemptRequests requests) {
        var word = Answers.first(tree, poll.state());
        var end = word.flatMap(said -> end(poll.words(), said));
        var reason = poll.reason().flatMap(pointer -> Answers.text(tree, pointer)).map(text ->
                OneLine.of(requests.withoutSecrets(text), RunEnd.MAX_REASON_CHARACTERS))
                .orElse(word.map(said -> "the pipeline says " + said).orElse(""));
        // Whether it was to end is asked now: the server's answer may be newer than what was read before the question.
        var now = handovers.find(handover.order().attempt()).orElse(handover);
        end.ifPresent(how -> handovers.end(handover.order().attempt(), how.result(now, time.instant(), reason)));
        return end.isPresent();
    }

    /// Asks that the run end, where that is wanted and can be asked for; otherwise what is over its time is lost.
    private String end(Handover handover, AttemptRequests requests) throws InterruptedException {
        var overdue = time.instant().isAfter(handover.deadline());
        if (!overdue && handover.cancelled().isEmpty()) {
            return "";
        }
        try {
            if (spec.cancel().isPresent()) {
                return switch (servers.ask(spec, requests.make(spec.cancel().get()))) {
                    case Exchange.Answered(var status, _) -> "asked to end it, the server answers " + status + "\n";
                    case Exchange.NotSent(var reason) -> "it cannot be asked to end: " + reason + "\n";
                    case Exchange.Unknown(var reason) -> "asked to end it: " + reason + "\n";
                };
            }
        } catch (Unusable unusable) {
            if (!overdue) {
                return "it cannot be asked to end: " + unusable.getMessage() + "\n";
            }
        }
        if (overdue) {
            handovers.end(handover.order().attempt(),
                    new AttemptResult.Lost("its time is over, and nothing ends it from here"));
        }
        return "";
    }
}
