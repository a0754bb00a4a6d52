package cambium.cli;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "apply", description = "Declare the fleet: rings, perimeter, cells and policy, from a YAML file.")
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @ArgGroup(multiplicity = "1")
    private NamedFile file;

    @Option(names = "--dry-run", description = "say what would change and change nothing; whoever may read may ask")
    private boolean dryRun;

    @Option(names = "--large-change", paramLabel = "REASON",
            description = "why the file may change more of the fleet than its large-change allows, or sooner"
                    + " than its change-rest; kept in the log")
    private String reason;

    @Option(names = "--through-ring", paramLabel = "N", description = "only what the file says of rings up to N and"
            + " their cells; the rest stays as it is")
    private String through;

    @Option(names = "--beside-source", description = "although the fleet follows a repository; nothing of that is"
            + " applied then until its file and the fleet agree")
    private boolean beside;

    ApplyCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        var query = new ArrayList<String>();
        if (reason != null) {
            query.add("large-change=" + Api.segment(reason));
        }
        if (through != null) {
            query.add(FleetFile.through(through));
        }
        if (beside && !dryRun) {
            query.add("beside-source=true");
        }
        String asked = query.isEmpty() ? "" : "?" + String.join("&", query);
        Api.Body body = FleetFile.body(file.path(), options.surroundings());
        if (dryRun) {
            return FleetFile.compared(options, options.api().post("/api/fleet/diff" + asked, body), FleetFile::lines,
                    Stop.Exit.REFUSED, "the fleet would be accepted; nothing was changed");
        }
        Reply reply = options.api().put("/api/fleet" + asked, body);
        if (options.json()) {
            return options.done(reply, "");
        }
        Json answer = reply.json();
        options.print(FleetFile.lines(answer));
        options.print("the fleet is applied, revision " + answer.text("revision"));
        answer.find("next_ring").ifPresent(ring -> options.print("next: cambium apply -f " + file.path()
                + " --through-ring " + ring));
        return Stop.Exit.DONE.code;
    }
}
