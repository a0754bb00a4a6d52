package cambium.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One run of a command: its exit code and both outputs. It gets no input, and five minutes at most: a build of
/// the server shares two busy cores with other tests.
public record CommandRun(List<String> command, int exit, String out, String err) {
    private static final int PATIENCE_SECONDS = 300;

    public static CommandRun of(String... command) throws IOException {
        return of(List.of(command), _ -> {});
    }

    /// `setting` may set folder and environment before it starts.
    public static CommandRun of(List<String> command, Consumer<ProcessBuilder> setting) throws IOException {
        var out = Files.createTempFile("cambium-run-", ".out");
        var err = Files.createTempFile("cambium-run-", ".err");
        try {
            var builder = new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile()).redirectError(err.toFile());
            setting.accept(builder);
            var exit = exitOf(builder.start(), command);
            return new CommandRun(command, exit, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static int exitOf(Process process, List<String> command) {
        try {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new AssertionError(command + " did not end in " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /// Itself where the exit code is 0; else the test fails and shows everything.
    public CommandRun successful() {
        if (exit != 0) {
            throw new AssertionError("exit code " + exit + " of " + this);
        }
        return this;
    }

    /// Both outputs, one after the other.
    public String output() {
        return out + err;
    }

    @Override
    public String toString() {
        return String.join(" ", command) + "\nexit code " + exit + "\n" + out + err;
    }
}
