package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "export", description = {"Print the fleet and its policy as the YAML that apply takes.",
    "The same fleet always gives the same bytes, and applying them changes nothing."})
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    ExportCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String yaml = options.api().get("/api/fleet/export").text();
        if (options.json()) {
            options.print(Json.fields().with("yaml", yaml).write());
        } else {
            options.surroundings().out().print(yaml);
            options.surroundings().out().flush();
        }
        return Stop.Exit.DONE.code;
    }
}
