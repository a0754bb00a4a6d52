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
}
