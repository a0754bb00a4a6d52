package cambium.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "plan", description = {"Say what is decided now, and what waits, why and until when. Changes nothing.",
    "With --deploy: what would be decided first if that version were deployed now."})
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Option(names = "--deploy", paramLabel = "VERSION", description = "as if this version were deployed now")
    private String version;

    PlanCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Reply reply = options.api().get("/api/fleet/plan" + (version == null ? "" : "?deploy="
                + Api.segment(version)));
        if (options.json()) {
            return options.done(reply, "");
        }
        lines(reply.json()).forEach(options::print);
        return Stop.Exit.DONE.code;
    }

    /// @param plan as the API tells one
    static List<String> lines(Json plan) {
        var lines = new ArrayList<String>();
        lines.add(plan.text("decided") + " decided, " + plan.text("waiting") + " waiting");
        plan.items("decisions").forEach(decision ->
                lines.add("  " + decision.text("subject") + ": " + decision.text("text")));
        plan.items("waits").forEach(wait -> lines.add("  " + wait.text("subject") + " waits: " + wait.text("text")
                + wait.find("until").map(time -> " (until " + Times.clock(time) + ")").orElse("")));
        return lines;
    }
}
