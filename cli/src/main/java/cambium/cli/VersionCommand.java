package cambium.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "version", description = "Say which version of the command line this is; asks no server.")
final class VersionCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    VersionCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String version = version();
        options.print(options.json() ? Json.fields().with("version", version).write() : "cambium " + version);
        return Stop.Exit.DONE.code;
    }

    private static String version() {
        try (InputStream in = VersionCommand.class.getResourceAsStream("version.txt")) {
            if (in == null) {
                throw new IllegalStateException("version.txt is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException broken) {
            throw new IllegalStateException("version.txt cannot be read", broken);
        }
    }
}
