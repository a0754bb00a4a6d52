package cambium.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "status", description = "Show the fleet: brakes, versions, rings, cells, and what each waits for.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Option(names = {"-w", "--watch"}, description = "keep showing it as it changes, until Ctrl-C")
    private boolean watch;

    @Option(names = "--cells", description = "list every cell; of more than 30, only those that need a look are, else")
    private boolean cells;

    StatusCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        Reply reply = api.get("/api/fleet");
        if (!watch) {
            show(reply);
            return Stop.Exit.DONE.code;
        }
        return new Watch(options, api).until(_ -> Optional.empty());
    }

    private void show(Reply reply) {
        if (options.json()) {
            options.done(reply, "");
        } else {
            options.print(new StatusPage(reply.json(), options.ink(), cells).lines());
        }
    }
}
