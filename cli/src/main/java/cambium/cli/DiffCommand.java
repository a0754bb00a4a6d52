package cambium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "diff", description = {"Say what applying a file would change in the fleet.",
    "Changes nothing, and asks for no more than the right to read the fleet."})
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @ArgGroup(multiplicity = "1")
    private NamedFile file;

    @Option(names = "--through-ring", paramLabel = "N", description = "only what the file says of rings up to N and"
            + " their cells; the rest stays as it is")
    private String through;

    DiffCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        return compare(options, file.path(), through, FleetFile::lines);
    }

    /// Asks what a file would change, and ends as [Program] tells for `diff`.
    ///
    /// @param through the last ring that the file is taken for; null for all of it
    /// @param told what is printed of the answer
    static int compare(ServerOptions options, String file, String through,
            Function<Json, List<String>> told) {
        try {
            String query = through == null ? "" : "?" + FleetFile.through(through);
            Reply reply = options.api().post("/api/fleet/diff" + query, FleetFile.body(file, options.surroundings()));
            int code = FleetFile.compared(options, reply, told, Stop.Exit.USAGE, "");
            return code != Stop.Exit.DONE.code || reply.json().items("changes").isEmpty() ? code
                    : Stop.Exit.REFUSED.code;
        } catch (Stop stop) {
            throw stop.exit() == Stop.Exit.REFUSED ? stop.as(Stop.Exit.USAGE) : stop;
        }
    }
}
