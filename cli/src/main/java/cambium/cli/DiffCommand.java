package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "diff", description = {"Say what applying a file would change in the fleet.",
    "Changes nothing, and asks for no more than the right to read the fleet."})
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "FILE", description = "the fleet in YAML; - for standard input")
    private String file;

    DiffCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        try {
            return compare();
        } catch (Stop stop) {
            throw stop.exit() == Stop.Exit.REFUSED ? stop.as(Stop.Exit.USAGE) : stop;
        }
    }

    private int compare() {
        Reply reply = options.api().post("/api/fleet/diff", FleetFile.body(file, options.surroundings()));
        Json answer = reply.json();
        if (options.json()) {
            options.done(reply, "");
        } else {
            options.print(FleetFile.lines(answer));
        }
        if (answer.at("refused") instanceof Json.Fields refused) {
            if (options.json()) {
                return Stop.Exit.USAGE.code;
            }
            throw Stop.usage("the file would not be applied: " + refused.text("message"),
                    "mend what it names, then compare again");
        }
        return answer.items("changes").isEmpty() ? Stop.Exit.DONE.code : Stop.Exit.REFUSED.code;
    }
}
