package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// This machine's programs with another `/etc` and other state below `/var`, by a mount namespace of their own: what an
/// install script changes is seen in a folder, and the machine keeps what it had.
final class SandboxedMachine implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;
    private static final List<String> REPLACED = List.of("/etc", "/var/lib/apt", "/var/cache/apt", "/var/cache/dnf",
        "/var/lib/dnf", "/var/lib/rpm", "/var/cache/zypp", "/var/lib/zypp", "/var/log");

    private final Path root;

    /// A machine whose `/etc/os-release` says this, and which has no sources of packages.
    SandboxedMachine(String osRelease) throws IOException, InterruptedException {
        this.root = Files.createTempDirectory("cambium-machine-").resolve("root");
        for (String folder : REPLACED) {
            Files.createDirectories(root.resolve(folder.substring(1)));
        }
        for (String folder : List.of("var/lib/apt/lists/partial", "var/cache/apt/archives/partial")) {
            Files.createDirectories(root.resolve(folder));
        }
        run(false, "cp -a /etc/. '" + root + "/etc/' && cd '" + root + "/etc' && rm -rf apt/sources.list* "
            + "apt/auth.conf.d apt/keyrings os-release lsb-release yum.repos.d && mkdir -p apt/sources.list.d "
            + "apt/apt.conf.d yum.repos.d && echo 'APT::Sandbox::User \"root\";' > apt/apt.conf.d/99sandbox");
        Files.writeString(root.resolve("etc/os-release"), osRelease);
    }

    record Outcome(int status, String text) {}

    /// Runs a line of shell in the machine.
    Outcome run(String line) throws IOException, InterruptedException {
        return run(true, line);
    }

    private Outcome run(boolean inside, String line) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        if (inside) {
            command.addAll(isRoot() ? List.of("unshare", "--mount") : List.of("unshare", "--map-root-user", "--mount"));
        }
        var mounts = new StringBuilder("set -e\n");
        for (String folder : inside ? REPLACED : List.<String>of()) {
            mounts.append("[ ! -d ").append(folder).append(" ] || mount --bind '").append(root).append(folder)
                .append("' ").append(folder).append('\n');
        }
        command.addAll(List.of("bash", "-c", mounts + line));
        Path log = root.resolveSibling(root.getFileName() + ".log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "hangs: " + line);
        return new Outcome(process.exitValue(), Files.readString(log));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    @Override
    public void close() throws IOException {
        new ProcessBuilder("rm", "-rf", "--one-file-system", root.getParent().toString()).start().onExit().join();
    }
}
