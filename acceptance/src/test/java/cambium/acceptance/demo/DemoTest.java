package cambium.acceptance.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.LiveProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one command that a stranger types first.
class DemoTest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    @Test
    void observesAllOfTheMainJobAndLeavesNothingBehind() throws Exception {
        var demo = start();
        try {
            assertTrue(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), this::output);
            assertEquals(0, demo.exitValue(), this::output);
        } finally {
            demo.destroyForcibly().waitFor();
        }
        assertEquals(List.of(), leftOver());
    }

    @Test
    void leavesNothingBehindWhenItIsEndedInTheMiddle() throws Exception {
        var demo = start();
        try {
            Await.until(PATIENCE, this::output, () -> !demo.isAlive() || output().contains("1.0.0"));
            demo.destroy();
            assertTrue(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), this::output);
        } finally {
            demo.destroyForcibly().waitFor();
        }
        Await.until("no process of the demo is left: " + leftOver(), () -> leftOver().isEmpty());
    }

    /// In a folder of its own, so that what it starts can be told by it.
    private Process start() throws IOException {
        return new ProcessBuilder(Checkout.root().resolve("cambium").toString(), "demo", "--exit",
                "--data", folder.resolve("demo").toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile())
                .redirectInput(Path.of("/dev/null").toFile()).start();
    }

    private List<String> leftOver() throws IOException {
        return LiveProcesses.of(folder);
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }
}
