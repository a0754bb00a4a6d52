package cambium.formats.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Runs one shell script with the system's own tools and gives what it printed; fails when the script fails.
public final class Shell {
    private Shell() {}

    public static List<String> run(Path folder, String script) {
        try {
            var process = new ProcessBuilder("sh", "-eu", "-c", script).directory(folder.toFile())
                    .redirectErrorStream(true).start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError("exit code " + code + " of: " + script + "\n" + printed);
            }
            return printed.lines().toList();
        } catch (IOException failed) {
            throw new AssertionError("could not run: " + script, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + script, interrupted);
        }
    }

    /// What a program writes that is given these bytes; it must succeed.
    public static byte[] piped(byte[] in, String... command) {
        try {
            var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var feeding = Thread.ofVirtual().start(() -> {
                try (var out = process.getOutputStream()) {
                    out.write(in);
                } catch (IOException gone) {
                    // Its exit code tells.
                }
            });
            byte[] out = process.getInputStream().readAllBytes();
            feeding.join();
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed");
            }
            return out;
        } catch (IOException failed) {
            throw new AssertionError("could not run: " + String.join(" ", command), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
