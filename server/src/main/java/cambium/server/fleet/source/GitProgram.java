package cambium.server.fleet.source;

import cambium.server.config.CellHosts;
import cambium.server.config.FleetGit;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.fleet.handover.OneLine;
import cambium.server.http.CertificateLook;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs the machine's `git` for one repository: with an environment built from nothing, no settings of the machine or
/// of a user, no hooks, no other protocol than the address's, no redirects and no questions; bounded by time and by
/// what it may leave on disk. What opens the repository is read by git's own children from files, and stands on no
/// command line. Not thread-safe.
final class GitProgram {
    static final Duration MAX_TIME = Duration.ofMinutes(2);
    static final long MAX_FOLDER_BYTES = 256L << 20;
    private static final int MAX_OUTPUT_BYTES = FleetYaml.MAX_BYTES + 1;
    private static final int MAX_TOLD = 300;
    private static final long BETWEEN_LOOKS_MILLIS = 50;

    private final FleetGit git;
    private final Path folder;
    private final String path;
    private final long maxFolderBytes;

    /// What it printed, and how it ended.
    record Ended(int code, byte[] output, String complaint) {
        String text() {
            return new String(output, StandardCharsets.UTF_8);
        }
    }

    /// It could not be asked, or did not end well.
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String why) {
            super(why, null, false, false);
        }
    }

    /// @param folder its own; emptied by whoever uses this
    /// @param path where programs are looked for
    GitProgram(FleetGit git, Path folder, String path, long maxFolderBytes) {
        this.git = git;
        this.folder = folder;
        this.path = path;
        this.maxFolderBytes = maxFolderBytes;
    }

    /// Runs and must end well.
    Ended must(String... arguments) throws Failed, InterruptedException {
        var ended = run(arguments);
        if (ended.code() != 0) {
            throw new Failed(ended.complaint().isEmpty() ? "git ended with " + ended.code()
                    : explained(ended.complaint()));
        }
        return ended;
    }

    /// Of a certificate that git does not take, why, where that can be seen.
    private String explained(String complaint) throws Failed {
        if (!git.scheme().equals("https") || !complaint.matches(".*(certificate verification failed|certificate problem"
                + ").*")) {
            return complaint;
        }
        var host = git.host().orElseThrow();
        return CertificateLook.ended(host, found(host), git.port()).orElse("the certificate of " + host
                + " is not trusted; --fleet-git-ca may name whom to trust");
    }

    /// For after git has trusted the server.
    void watchCertificate() throws Failed {
        if (git.scheme().equals("https")) {
            var host = git.host().orElseThrow();
            CertificateLook.watch(host, found(host), git.port());
        }
    }

    Ended run(String... arguments) throws Failed, InterruptedException {
        var command = new ArrayList<>(List.of("git"));
        safe().forEach(setting -> command.addAll(List.of("-c", setting)));
        command.addAll(List.of(arguments));
        try {
            var builder = new ProcessBuilder(command).directory(folder.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment());
            var process = builder.start();
            process.getOutputStream().close();
            return ended(process);
        } catch (IOException unable) {
            throw new Failed("git cannot be run: " + unable.getMessage());
        }
    }

    private Ended ended(Process process) throws Failed, InterruptedException {
        var output = Reading.of(process.getInputStream());
        var complaint = Reading.of(process.getErrorStream());
        try {
            var end = System.nanoTime() + MAX_TIME.toNanos();
            while (!process.waitFor(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > end) {
                    throw new Failed("git took longer than " + MAX_TIME.toSeconds() + " s");
                }
                if (size() > maxFolderBytes) {
                    throw new Failed("the repository sends more than " + (maxFolderBytes >> 20) + " MiB");
                }
            }
            return new Ended(process.exitValue(), output.bytes(), OneLine.endOf(new String(complaint.bytes(),
                    StandardCharsets.UTF_8), MAX_TOLD));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /// A stream read to its end on a thread of its own, of which the beginning is kept.
    private record Reading(Thread thread, byte[][] kept) {
        static Reading of(InputStream in) {
            var kept = new byte[1][0];
            return new Reading(Thread.ofVirtual().start(() -> {
                try (in) {
                    kept[0] = in.readNBytes(MAX_OUTPUT_BYTES);
                    in.transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException cut) {
                    // It was killed: what was read is all there is.
                }
            }), kept);
        }

        byte[] bytes() throws InterruptedException {
            thread.join(Duration.ofSeconds(5));
            return kept[0];
        }
    }

    private long size() {
        try (var files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException moving) {
            return 0;
        }
    }

    private List<String> safe() throws Failed {
        var settings = new ArrayList<>(List.of("protocol.allow=never", "protocol." + git.scheme() + ".allow=always",
                "core.hooksPath=/dev/null", "core.fsmonitor=false", "credential.helper=", "gc.auto=0",
                "maintenance.auto=false", "fetch.recurseSubmodules=false", "submodule.recurse=false",
                "transfer.bundleURI=false", "http.followRedirects=false", "http.lowSpeedLimit=1000",
                "http.lowSpeedTime=20", "advice.detachedHead=false"));
        if (git.scheme().startsWith("http")) {
            var host = git.host().orElseThrow();
            settings.add("http.curloptResolve=" + host + ":" + git.port() + ":" + address(host));
        }
        git.ca().ifPresent(file -> settings.add("http.sslCAInfo=" + file));
        return settings;
    }

    /// Looked up here and handed to git, so that what was looked at is what is connected to.
    private static String address(String host) throws Failed {
        var text = found(host).getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }

    private static InetAddress found(String host) throws Failed {
        try {
            return Stream.of(InetAddress.getAllByName(host)).filter(address -> CellHosts.ANY.allows(host, address))
                    .findFirst().orElseThrow(() -> new Failed(host + " leads to no address that is allowed"));
        } catch (java.net.UnknownHostException unknown) {
            throw new Failed("the host " + host + " is not known");
        }
    }

    private TreeMap<String, String> environment() throws Failed, IOException {
        var variables = new TreeMap<String, String>();
        variables.put("PATH", path);
        variables.put("HOME", folder.toString());
        variables.put("LC_ALL", "C.UTF-8");
        variables.put("GIT_CONFIG_NOSYSTEM", "1");
        variables.put("GIT_CONFIG_GLOBAL", "/dev/null");
        variables.put("GIT_TERMINAL_PROMPT", "0");
        variables.put("GIT_OPTIONAL_LOCKS", "0");
        variables.put("GIT_ASKPASS", "/bin/false");
        variables.put("SSH_ASKPASS", "/bin/false");
        if (git.token().isPresent()) {
            variables.put("GIT_ASKPASS", askpass().toString());
            variables.put("CAMBIUM_GIT_USER", git.user());
            variables.put("CAMBIUM_GIT_TOKEN_FILE", git.token().get().toString());
        }
        if (git.scheme().equals("ssh")) {
            variables.put("GIT_SSH_COMMAND", ssh());
        }
        return variables;
    }

    /// Answers git's two questions; the token goes from its file to git and is nowhere else.
    private Path askpass() throws IOException {
        var script = folder.resolve("askpass");
        if (Files.notExists(script)) {
            Files.createFile(script, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
            Files.writeString(script, """
                    #!/bin/sh
                    case $1 in
                      Username*) printf '%s\\n' "$CAMBIUM_GIT_USER" ;;
                      *) cat "$CAMBIUM_GIT_TOKEN_FILE" ;;
                    esac
                    """);
        }
        return script;
    }

    private String ssh() throws Failed {
        var host = git.host().orElseThrow();
        return "ssh -F /dev/null -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes"
                + " -o ConnectTimeout=10 -o HostName=" + address(host).replaceAll("[\\[\\]]", "")
                + " -o HostKeyAlias=" + alias(host)
                + " -o UserKnownHostsFile=" + quoted(git.knownHosts().orElseThrow())
                + " -o GlobalKnownHostsFile=/dev/null -i " + quoted(git.key().orElseThrow());
    }

    /// As known hosts are written.
    private String alias(String host) {
        return git.port() == 22 ? host : "'[" + host + "]:" + git.port() + "'";
    }

    private static String quoted(Path file) {
        return "'" + file.toString().replace("'", "'\\''") + "'";
    }
}
