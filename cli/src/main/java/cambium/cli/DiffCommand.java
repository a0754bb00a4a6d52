package cambium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
        return compare(options, file, FleetFile::lines);
    }

    /// Asks what a file would change, and ends as [Program] tells for `diff`.
    ///
    /// @param told what is printed of the answer
    static int compare(ServerOptions options, String file, Function<Json, List<String>> told) {
        try {
            Reply reply = options.api().post("/api/fleet/diff", FleetFile.body(file, options.surroundings()));
            int code = FleetFile.compared(options, reply, told, Stop.Exit.USAGE, "");
            return code != Stop.Exit.DONE.code || reply.json().items("changes").isEmpty() ? code
                    : Stop.Exit.REFUSED.code;
        } catch (Stop stop) {
            throw stop.exit() == Stop.Exit.REFUSED ? stop.as(Stop.Exit.USAGE) : stop;
        }
    }
}
