package cambium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "apply", description = "Declare the fleet: rings, perimeter, cells and policy, from a YAML file.")
final class ApplyCommand implements Callable<Integer> {
    private static final int MAX_FILE_BYTES = 1 << 20;

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
        var body = Api.Body.of("application/yaml", content());
        Reply reply = options.api().put("/api/fleet" + (dryRun ? "?dry-run=true" : ""), body);
        if (options.json()) {
            return options.done(reply, "");
        }
        Json answer = reply.json();
        answer.items("changes").forEach(change -> options.print("  " + change.words()));
        if (answer.items("changes").isEmpty()) {
            options.print("  nothing differs");
        }
        if (dryRun && answer.at("plan") instanceof Json.Fields plan) {
            PlanCommand.lines(plan).forEach(line -> options.print("  then: " + line.strip()));
        }
        options.print(dryRun ? "the fleet would be accepted; nothing was changed"
                : "the fleet is applied, revision " + answer.text("revision"));
        return Stop.Exit.DONE.code;
    }

    private byte[] content() {
        try {
            byte[] bytes = file.equals("-") ? System.in.readNBytes(MAX_FILE_BYTES + 1)
                    : Files.readAllBytes(options.surroundings().folder().resolve(Path.of(file)));
            if (bytes.length <= MAX_FILE_BYTES) {
                return bytes;
            }
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read " + file, "check the path and its permissions");
        }
        throw Stop.usage(file + " is larger than " + MAX_FILE_BYTES + " bytes", "is it the right file?");
    }
}
