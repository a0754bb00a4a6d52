package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "apply", description = "Declare the fleet: rings, perimeter, cells and policy, from a YAML file.")
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Option(names = {"-f", "--file"}, required = true, paramLabel = "FILE",
            description = "the fleet in YAML; - for standard input")
    private String file;

    @Option(names = "--dry-run", description = "say what would change and change nothing")
    private boolean dryRun;

    ApplyCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Reply reply = options.api().put("/api/fleet" + (dryRun ? "?dry-run=true" : ""),
                FleetFile.body(file, options.surroundings()));
        if (options.json()) {
            return options.done(reply, "");
        }
        Json answer = reply.json();
        options.print(FleetFile.lines(answer));
        options.print(dryRun ? "the fleet would be accepted; nothing was changed"
                : "the fleet is applied, revision " + answer.text("revision"));
        return Stop.Exit.DONE.code;
    }
}
