package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "can-go-back", description = {"Whether a cell can go back, where to, and at what price.",
    "Ends 0 only where it can without downtime."})
final class CanGoBackCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "CELL", description = "the cell")
    private String cell;

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "the version to go back to")
    private String version;

    CanGoBackCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Reply reply = options.api().get("/api/fleet/cells/" + Api.segment(cell) + "/can-go-back"
                + (version == null ? "" : "?version=" + Api.segment(version)));
        Json answer = reply.json();
        options.print(options.json() ? answer.write() : answer.text("can") + ": " + answer.text("text"));
        return answer.text("can").equals("yes") ? Stop.Exit.DONE.code : Stop.Exit.REFUSED.code;
    }
}
