package cambium.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "plan", description = {"Say what is decided now, and what waits, why and until when. Changes nothing.",
    "With --deploy: what would be decided first if that version were deployed now. With FILE: what applying",
    "that file would change, and what would be decided and wait then; it ends like: cambium diff FILE"})
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Option(names = "--deploy", paramLabel = "VERSION", description = "as if this version were deployed now")
    private String version;

    @ArgGroup
    private NamedFile file;

    @Option(names = "--through-ring", paramLabel = "N", description = "only what the file says of rings up to N and"
            + " their cells; the rest stays as it is")
    private String through;

    PlanCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (file != null && version != null) {
            throw Stop.usage("a plan is made for a file or for a version", "leave FILE or --deploy out");
        }
        if (through != null && file == null) {
            throw Stop.usage("--through-ring says how much of a file is meant", "name the FILE");
        }
        return file == null ? decided() : DiffCommand.compare(options, file.path(), through, PlanCommand::applied);
    }

    private int decided() {
        Reply reply = options.api().get("/api/fleet/plan" + (version == null ? "" : "?deploy="
                + Api.segment(version)));
        if (options.json()) {
            return options.done(reply, "");
        }
        lines(reply.json()).forEach(options::print);
        return Stop.Exit.DONE.code;
    }

    /// What would change, then all that would be decided and wait.
    private static List<String> applied(Json answer) {
        var lines = new ArrayList<String>();
        answer.items("changes").forEach(change -> lines.add("  " + change.words()));
        lines.addFirst(lines.isEmpty() ? "nothing differs" : "applying it would change:");
        if (answer.at("plan") instanceof Json.Fields plan) {
            lines.addAll(lines(plan));
        }
        lines.addAll(FleetFile.left(answer));
        lines.addAll(FleetFile.advice(answer));
        return lines;
    }

    /// @param plan as the API tells one
    static List<String> lines(Json plan) {
        var lines = new ArrayList<String>();
        lines.add(plan.text("decided") + " decided, " + plan.text("waiting") + " waiting");
        plan.items("decisions").forEach(decision ->
                lines.add("  " + decision.text("subject") + ": " + decision.text("text")));
        plan.items("waits").forEach(wait -> lines.add("  " + wait.text("subject") + " waits: "
                + StatusPage.told(wait)));
        return lines;
    }
}
