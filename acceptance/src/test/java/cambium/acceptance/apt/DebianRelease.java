package cambium.acceptance.apt;

import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Another release's apt, dpkg and what they need, unpacked from the registry that this machine's apt uses; kept in the
/// checkout between runs.
final class DebianRelease {
    private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
    private static final List<String> WANTED =
            List.of("apt", "dpkg", "dash", "coreutils", "sed", "grep", "tar", "gpgv", "mawk", "debianutils",
                    "findutils");
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");

    private final Path tree;

    private DebianRelease(Path tree) {
        this.tree = tree;
    }

    /// Empty where the registry does not offer the release, or this user may not change its root.
    static Optional<DebianRelease> unpacked(String codename) throws IOException {
        var kept = Checkout.root().resolve(".cambium/releases").resolve(codename);
        var tree = kept.resolve("tree");
        var mark = kept.resolve("whole");
        if (!Files.exists(mark) || !Files.readString(mark).equals(WANTED.toString())) {
            var site = site();
            if (site.isEmpty() || !Files.exists(KEYRING) || !fetched(kept, site.get(), codename)) {
                return Optional.empty();
            }
            unpack(kept.resolve("cache/archives"), tree);
            Files.writeString(mark, WANTED.toString());
        }
        return CommandRun.of(changed(tree, "apt-get", "--version"), _ -> {}).exit() == 0
                ? Optional.of(new DebianRelease(tree)) : Optional.empty();
    }

    /// Where this machine's apt has its own release from.
    private static Optional<String> site() throws IOException {
        var own = Files.readAllLines(Path.of("/etc/os-release")).stream()
                .filter(line -> line.startsWith("VERSION_CODENAME=")).map(line -> line.substring(17)).findFirst();
        var targets = CommandRun.of("apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)",
                "Created-By: Packages").out();
        return targets.lines().filter(line -> own.isPresent() && line.startsWith(own.get() + " main http"))
                .map(line -> line.split(" ")[2]).findFirst();
    }

    private static boolean fetched(Path kept, String site, String codename) throws IOException {
        for (var below : List.of("state/lists/partial", "cache/archives/partial")) {
            Files.createDirectories(kept.resolve(below));
        }
        Files.writeString(kept.resolve("status"), "");
        Files.writeString(kept.resolve("sources.list"),
                "deb [signed-by=" + KEYRING + "] " + site + " " + codename + " main\n");
        var install = new ArrayList<>(List.of("-y", "--download-only", "install"));
        install.addAll(WANTED);
        return apt(kept, List.of("update")).exit() == 0 && apt(kept, install).exit() == 0;
    }

    private static CommandRun apt(Path kept, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of("apt-get", "-o", "Dir::State=" + kept.resolve("state"), "-o",
                "Dir::State::status=" + kept.resolve("status"), "-o", "Dir::Cache=" + kept.resolve("cache"), "-o",
                "Dir::Etc::sourcelist=" + kept.resolve("sources.list"), "-o", "Dir::Etc::sourceparts=-", "-o",
                "Acquire::Languages=none", "-o", "APT::Sandbox::User=root", "-o", "APT::Install-Recommends=0", "-o",
                "Debug::NoLocking=1"));
        command.addAll(arguments);
        return CommandRun.of(command, _ -> {});
    }

    private static void unpack(Path archives, Path tree) throws IOException {
        Files.createDirectories(tree);
        try (var debs = Files.newDirectoryStream(archives, "*.deb")) {
            for (var deb : debs) {
                CommandRun.of("dpkg-deb", "-x", deb.toString(), tree.toString()).successful();
            }
        }
        if (!Files.exists(tree.resolve("usr/bin/awk"))) {
            Files.createSymbolicLink(tree.resolve("usr/bin/awk"), Path.of("mawk"));
        }
        for (var name : MERGED) {
            if (!Files.exists(tree.resolve(name))) {
                Files.createSymbolicLink(tree.resolve(name), Path.of("usr", name));
            }
        }
    }

    /// A machine of this release: a copy of the tree with one source and its key.
    Machine machine(Path below, String key, URI source) throws IOException {
        var root = Files.createTempDirectory(below, "release-");
        CommandRun.of("cp", "-a", tree + "/.", root.toString()).successful();
        for (var name : List.of("etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/apt/preferences.d",
                "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg/info",
                "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "var/log/apt", "dev", "tmp")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.writeString(root.resolve("var/lib/dpkg/status"), "");
        if (CommandRun.of("mknod", "-m", "666", root.resolve("dev/null").toString(), "c", "1", "3").exit() != 0) {
            Files.writeString(root.resolve("dev/null"), "");
        }
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

    private static List<String> changed(Path root, String... command) {
        var whole = new ArrayList<String>();
        if (!System.getProperty("user.name").equals("root")) {
            whole.addAll(List.of("unshare", "--map-root-user"));
        }
        whole.addAll(List.of("chroot", root.toString(), "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"));
        whole.addAll(List.of(command));
        return whole;
    }

    record Machine(Path root) {
        String run(String... command) throws IOException {
            return CommandRun.of(changed(root, command), _ -> {}).successful().output();
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

        /// Links in it lead out of it, so it is not left to a walk that follows them.
        void remove() throws IOException {
            CommandRun.of("rm", "-r", root.toString()).successful();
        }

        String file(String path) throws IOException {
            return Files.readString(root.resolve(path));
        }
    }
}
