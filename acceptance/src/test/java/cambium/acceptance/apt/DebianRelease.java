package cambium.acceptance.apt;

import cambium.acceptance.CommandRun;
import cambium.acceptance.DebianTree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Another release's apt and dpkg.
final class DebianRelease {
    private static final List<String> WANTED =
            List.of("apt", "dpkg", "dash", "coreutils", "sed", "grep", "tar", "gpgv", "mawk", "debianutils",
                    "findutils");

    private final DebianTree tree;

    private DebianRelease(DebianTree tree) {
        this.tree = tree;
    }

    /// Empty where the registry does not offer the release, or this user may not change its root.
    static Optional<DebianRelease> unpacked(String codename) throws IOException {
        return DebianTree.unpacked(codename, "", WANTED, List.of("apt-get", "--version")).map(DebianRelease::new);
    }

    /// A machine of this release: a copy of the tree with one source and its key.
    Machine machine(Path below, String key, URI source) throws IOException {
        var root = tree.copied(below, List.of("etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/apt/preferences.d",
                "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg/info",
                "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "var/log/apt", "tmp"));
        Files.writeString(root.resolve("var/lib/dpkg/status"), "");
        Files.writeString(root.resolve("etc/apt/repository.asc"), key);
        Files.writeString(root.resolve("etc/apt/sources.list"),
                "deb [signed-by=/etc/apt/repository.asc] " + source + " bookworm main\n");
        Files.writeString(root.resolve("etc/apt/apt.conf"), """
                APT::Sandbox::User "root";
                APT::Color "0";
                Acquire::Retries "0";
                Acquire::Languages "none";
                Acquire::http::Proxy "DIRECT";
                Dpkg::Use-Pty "0";
                Dpkg::Options { "--force-not-root"; "--force-bad-path"; };
                """);
        return new Machine(root);
    }

    record Machine(Path root) {
        String run(String... command) throws IOException {
            return CommandRun.of(DebianTree.inside(root, List.of(command)), _ -> {}).successful().output();
        }

        /// Must succeed without one warning or error.
        String update() throws IOException {
            var output = run("apt-get", "-o", "Debug::Acquire::http=1", "update");
            if (output.lines().anyMatch(line -> line.startsWith("W:") || line.startsWith("E:"))) {
                throw new AssertionError(output);
            }
            return output;
        }

        long packagesSeen() throws IOException {
            return run("apt-cache", "dumpavail").lines().filter(line -> line.startsWith("Package: ")).count();
        }

        Set<String> installed() throws IOException {
            return new TreeSet<>(run("dpkg-query", "-W", "-f=${Package}\\n").lines().toList());
        }

        void remove() throws IOException {
            DebianTree.remove(root);
        }

        String file(String path) throws IOException {
            return Files.readString(root.resolve(path));
        }
    }
}
