package cambium.server.sql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the few programs that looking after PostgreSQL needs.
final class Commands {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MAX_OUTPUT_BYTES = 64 * 1024;

    private Commands() {}

    /// The output of a command that must succeed.
    static String run(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8);
        if (exitCode(process) != 0) {
            throw new IOException(command.getFirst() + " failed: " + output.strip());
        }
        return output;
    }

    /// Whether the command could be run and ended with 0.
    static boolean succeeds(List<String> command) {
        try {
            run(command);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static void requireSuccess(Process process, String name) throws IOException {
        var code = exitCode(process);
        if (code != 0) {
            throw new IOException(name + " ended with " + code);
        }
    }

    /// The shell's own `kill`, because the program of that name is not on every system.
    static void signal(String signal, long pid) throws IOException {
        run(List.of("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, Long.toString(pid)));
    }

    private static int exitCode(Process process) throws IOException {
        try {
            if (process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            throw new IOException("no end within " + TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }
}
