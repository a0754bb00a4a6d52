package cambium.server.fleet.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A real bare repository and somebody who pushes to its branch `main`.
final class GitOrigin {
    final Path bare;
    private final Path work;

    GitOrigin(Path folder) throws Exception {
        bare = folder.resolve("fleet.git");
        work = folder.resolve("work");
        git(folder, "init", "-q", "--bare", "-b", "main", bare.toString());
        git(bare, "config", "receive.denyDeleteCurrent", "ignore");
        git(folder, "init", "-q", "-b", "main", work.toString());
        git(work, "remote", "add", "origin", bare.toString());
    }

    String url() {
        return "file://" + bare;
    }

    /// Pushes a commit in which the file `ops/fleet.yaml` is that text.
    String commit(String text) throws Exception {
        write("ops/fleet.yaml", text.getBytes(StandardCharsets.UTF_8));
        return committed();
    }

    void write(String file, byte[] bytes) throws IOException {
        Files.createDirectories(work.resolve(file).getParent());
        Files.write(work.resolve(file), bytes);
    }

    String committed(String... more) throws Exception {
        git(work, "add", "-A");
        var arguments = new ArrayList<>(List.of("commit", "-q", "--allow-empty", "-m", "change"));
        arguments.addAll(List.of(more));
        git(work, arguments.toArray(String[]::new));
        git(work, "push", "-q", "-f", "origin", "main");
        return git(work, "rev-parse", "HEAD").strip();
    }

    /// Replaces the newest commit by another one.
    String rewrite(String text) throws Exception {
        write("ops/fleet.yaml", text.getBytes(StandardCharsets.UTF_8));
        return committed("--amend");
    }

    static String git(Path folder, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("git", "-c", "user.name=Rita", "-c", "user.email=rita@example.org", "-c",
                "commit.gpgsign=false"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
