package cambium.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The server as a child, started as anyone would start it: `./cambium serve`.
final class ServerProcess {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);
    private static final int LOG_LINES_SHOWN = 15;

    private final Process process;
    private final Workspace workspace;

    private ServerProcess(Process process, Workspace workspace) {
        this.process = process;
        this.workspace = workspace;
    }

    static ServerProcess start(Path home, Workspace workspace, int port, String adminToken) throws IOException {
        var builder = new ProcessBuilder(List.of(home.resolve("cambium").toString(), "serve",
                "--data", workspace.server().toString(), "--host", "127.0.0.1", "--port", String.valueOf(port),
                "--drivers", home.resolve("deploy/example/drivers").toString(), "--fleet-pages", "public"));
        // Settings meant for another server, such as its database, must not reach this one.
        builder.environment().keySet().removeIf(name -> name.startsWith("CAMBIUM_") && !name.equals("CAMBIUM_JDKS"));
        builder.environment().put("CAMBIUM_ADMIN_TOKEN", adminToken);
        builder.environment().put(Leftovers.MARK, workspace.root().toString());
        builder.redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(workspace.serverLog().toFile());
        return new ServerProcess(builder.start(), workspace);
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// What it said last, for whoever must find out why it ended.
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(workspace.serverLog());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
