package cambium.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Ends what a demo left running. Shops and steps run in sessions of their own, so that they outlive a server; they are
/// known by their environment, which names a folder of this demo, and a database by the folder it was given.
/// A shell or an editor that merely stands in that folder is not touched.
final class Leftovers {
    static final String MARK = "DEMO_OF_CAMBIUM";
    private static final Duration POLITE = Duration.ofSeconds(4);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Path root;

    Leftovers(Path root) {
        this.root = root;
    }

    /// Asks, later forces, until none is left. A step that was about to start a shop may do so between two looks,
    /// so it looks again until nothing is found.
    ///
    /// @return whether nothing is left
    boolean end() throws InterruptedException {
        long begun = System.nanoTime();
        for (List<ProcessHandle> found = find(); !found.isEmpty(); found = find()) {
            long waited = System.nanoTime() - begun;
            if (waited > LIMIT.toNanos()) {
                return false;
            }
            found.forEach(waited > POLITE.toNanos() ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return true;
    }

    List<ProcessHandle> find() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid() && isOurs(process)).toList();
    }

    private boolean isOurs(ProcessHandle process) {
        List<String> environment = words(process, "environ");
        boolean marked = environment.contains(MARK + "=" + root)
                || environment.stream().anyMatch(word -> word.startsWith("CAMBIUM_SETTING_FOLDER=" + root + "/"));
        List<String> command = words(process, "cmdline");
        boolean database = !command.isEmpty() && command.getFirst().endsWith("/postgres")
                && command.stream().anyMatch(word -> word.startsWith(root + "/"));
        return marked || database;
    }

    /// Another user's process, or one that just ended, reads as nothing.
    private static List<String> words(ProcessHandle process, String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), file));
            return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }
}
