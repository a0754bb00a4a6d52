package cambium.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What every command takes, and what it prints with.
final class ServerOptions {
    private final Surroundings surroundings;

    @Option(names = "--server", paramLabel = "URL",
            description = "server to ask (CAMBIUM_URL; default " + Credentials.DEFAULT_SERVER + ")")
    private String server;

    @Option(names = "--token", paramLabel = "TOKEN",
            description = "token to show (CAMBIUM_TOKEN; other users of the machine can see it here)")
    private String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "file that holds the token")
    private Path tokenFile;

    @Option(names = "--json", description = "print the server's answer as JSON")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this and end")
    private boolean help;

    ServerOptions(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Api api() {
        return new Credentials(surroundings)
                .api(Optional.ofNullable(server), Optional.ofNullable(token), Optional.ofNullable(tokenFile));
    }

    boolean json() {
        return json;
    }

    Ink ink() {
        return surroundings.ink();
    }

    /// One answer: as it came when JSON was asked for, else the sentence.
    int done(Reply reply, String sentence) {
        print(json ? reply.text().strip() : sentence);
        return Stop.Exit.DONE.code;
    }

    /// The answer to a command: what was asked, and what the fleet now says of it; or what it would say, and decide.
    int commanded(Reply reply, String sentence) {
        if ("true".equals(reply.json().text("dry_run"))) {
            return done(reply, considered(reply.json()));
        }
        String said = reply.json().find("text").map(text -> "\n  " + text).orElse("");
        String already = "false".equals(reply.json().text("changed")) ? " (it already was so)" : "";
        return done(reply, sentence + already + said);
    }

    private static String considered(Json answer) {
        var lines = new ArrayList<String>();
        lines.add("dry run: nothing was done" + ("false".equals(answer.text("changed")) ? ", it is so already" : ""));
        answer.find("text").ifPresent(text -> lines.add("  then: " + text));
        if (answer.at("plan") instanceof Json.Fields plan) {
            lines.addAll(PlanCommand.lines(plan));
        }
        return String.join("\n", lines);
    }

    void print(String line) {
        surroundings.out().println(line);
    }

    /// A list that holds nothing says so.
    void print(List<String> lines) {
        (lines.isEmpty() ? List.of("none") : lines).forEach(this::print);
    }

    /// Waits until the next look at the server.
    void pause(Duration interval) {
        try {
            surroundings.sleep().during(interval);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw Stop.refused("interrupted", "run the same command again");
        }
    }
}
