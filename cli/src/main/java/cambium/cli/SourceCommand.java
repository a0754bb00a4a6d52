package cambium.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "source", description = {"Say which file of which Git repository the fleet follows, and how it stands.",
    "apply COMMIT: take the file of the newest commit although the fleet would not by itself."})
final class SourceCommand implements Callable<Integer> {
    private enum Act { apply }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "apply", arity = "0..1", hideParamSyntax = true,
            description = "take the newest commit")
    private Act act;

    @Parameters(index = "1", paramLabel = "COMMIT", arity = "0..1", description = "its name, or the beginning of it")
    private String commit;

    @Option(names = "--large-change", paramLabel = "REASON",
            description = "apply: why it may change more of the fleet than large-change allows; kept in the log")
    private String reason;

    SourceCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (act == null) {
            return show();
        }
        if (commit == null) {
            throw Stop.usage("which commit was looked at?", "add it: cambium source apply COMMIT");
        }
        Reply reply = options.api().post("/api/fleet/source/apply", reason == null
                ? Json.fields().with("commit", commit)
                : Json.fields().with("commit", commit).with("large_change", reason));
        return options.done(reply, "staged".equals(reply.json().text("state"))
                ? "the fleet has taken the next ring of commit " + commit + ", and takes the others ring by ring"
                : "the fleet is as commit " + commit + " says");
    }

    /// Ends as refused where somebody has to act.
    private int show() {
        Reply reply = options.api().get("/api/fleet/source");
        Json source = reply.json();
        if (options.json()) {
            options.done(reply, "");
        } else {
            options.print(lines(source));
        }
        var waits = source.find("code").filter(_ -> !"staged".equals(source.text("state")));
        return waits.or(() -> source.find("trouble")).isPresent() ? Stop.Exit.REFUSED.code
                : Stop.Exit.DONE.code;
    }

    /// @param source as the API tells it
    static List<String> lines(Json source) {
        if (!"true".equals(source.text("followed"))) {
            return List.of("the fleet follows no repository; people declare it with: cambium apply");
        }
        var lines = new ArrayList<String>();
        lines.add("source " + source.text("file") + " in " + source.text("branch") + " of " + source.text("url") + ": "
                + source.text("state"));
        source.find("commit").ifPresent(commit -> lines.add("  newest   " + brief(commit) + " by "
                + source.text("author") + ", seen " + Times.clock(source.text("seen_at"))));
        source.find("applied_commit").ifPresent(commit -> lines.add("  applied  " + brief(commit) + " by "
                + source.text("applied_by") + ", " + Times.clock(source.text("applied_at"))));
        source.find("message").ifPresent(message -> lines.add("  " + source.text("code") + ": " + message));
        source.find("trouble").ifPresent(trouble -> lines.add("  no answer since "
                + Times.clock(source.text("trouble_since")) + ": " + trouble));
        return lines;
    }

    private static String brief(String commit) {
        return commit.substring(0, Math.min(12, commit.length()));
    }
}
