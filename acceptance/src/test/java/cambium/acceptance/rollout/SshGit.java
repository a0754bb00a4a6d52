package cambium.acceptance.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A bare repository that a real `sshd` of Debian serves on the loopback interface, with keys and settings of its own,
/// and somebody who pushes to its branch `main`.
final class SshGit implements AutoCloseable {
    private final Path folder;
    private final Path work;
    private final int port;
    private final Process sshd;

    private SshGit(Path folder, int port, Process sshd) {
        this.folder = folder;
        this.work = folder.resolve("work");
        this.port = port;
        this.sshd = sshd;
    }

    static SshGit start(Path folder) throws Exception {
        Files.createDirectories(folder);
        for (var key : List.of("host", "client", "stranger")) {
            CommandRun.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f",
                    folder.resolve(key).toString()).successful();
        }
        Files.copy(folder.resolve("client.pub"), folder.resolve("authorized"));
        int port = freePort();
        Files.writeString(folder.resolve("sshd_config"), """
                ListenAddress 127.0.0.1:%d
                HostKey %2$s/host
                AuthorizedKeysFile %2$s/authorized
                PidFile none
                AuthenticationMethods publickey
                PermitRootLogin prohibit-password
                StrictModes no
                UsePAM no
                """.formatted(port, folder));
        if (user().equals("root")) {
            // Where it gives up its rights; Debian's start script would make it.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        var sshd = new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", folder.resolve("sshd_config").toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("sshd.log").toFile()).start();
        var git = new SshGit(folder, port, sshd);
        Await.until("sshd listens", () -> git.listens());
        git.git(folder, "init", "-q", "--bare", "-b", "main", git.bare().toString());
        git.git(folder, "init", "-q", "-b", "main", git.work.toString());
        git.git(git.work, "remote", "add", "origin", git.bare().toString());
        return git;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean listens() throws IOException {
        if (!sshd.isAlive()) {
            throw new AssertionError("sshd ended: " + Files.readString(folder.resolve("sshd.log")));
        }
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String user() {
        return System.getProperty("user.name");
    }

    private Path bare() {
        return folder.resolve("fleet.git");
    }

    String url() {
        return "ssh://" + user() + "@127.0.0.1:" + port + bare();
    }

    Path key() {
        return folder.resolve("client");
    }

    /// A file of known hosts in which this server has the key of that name.
    Path knownHosts(String key) throws IOException {
        var words = Files.readString(folder.resolve(key + ".pub")).split(" ");
        return Files.writeString(folder.resolve("known-" + key),
                "[127.0.0.1]:" + port + " " + words[0] + " " + words[1] + "\n");
    }

    /// How often somebody got in with the key.
    long logins() throws IOException {
        try (var lines = Files.lines(folder.resolve("sshd.log"))) {
            return lines.filter(line -> line.startsWith("Accepted publickey for " + user())).count();
        }
    }

    /// Pushes a commit in which the file `fleet.yaml` is that text.
    String push(String yaml) throws IOException {
        Files.writeString(work.resolve("fleet.yaml"), yaml, UTF_8);
        git(work, "add", "-A");
        git(work, "commit", "-q", "-m", "change the fleet");
        git(work, "push", "-q", "origin", "main");
        return git(work, "rev-parse", "HEAD").strip();
    }

    private String git(Path at, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("git", "-c", "user.name=Rita", "-c", "user.email=rita@example.org", "-c",
                "commit.gpgsign=false"));
        command.addAll(List.of(arguments));
        return CommandRun.of(command, builder -> {
            builder.directory(at.toFile());
            builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
            builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        }).successful().out();
    }

    @Override
    public void close() {
        sshd.descendants().forEach(ProcessHandle::destroy);
        sshd.destroy();
    }
}
