package cambium.bench.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Runs a peer's commands under the shell's `time`. A daemon that a command talks to, such as gpg-agent, is not
/// counted.
final class TimedShell {
    private final Path folder;
    private final Map<String, String> environment;

    /// @param folder working directory, and where `commands.log` takes what the commands print
    TimedShell(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    Cost run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-c", "TIMEFORMAT='%R %U %S'; time { set -e\n" + script
            + "\n} >>commands.log 2>&1").directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.environment().putAll(environment);
        var process = builder.start();
        var said = new String(process.getErrorStream().readAllBytes(), UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("failed, see " + folder.resolve("commands.log") + ": " + script);
        }
        var times = said.substring(said.lastIndexOf('\n') + 1).split(" ");
        return new Cost(Double.parseDouble(times[0]), Double.parseDouble(times[1]) + Double.parseDouble(times[2]));
    }
}
