package cambium.acceptance;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Programs of another release of Debian with all that they need, unpacked from the registry that this machine's apt
/// uses, to be run with their folder as the root; kept in the checkout between runs.
public final class DebianTree {
    private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");

    private final Path tree;

    private DebianTree(Path tree) {
        this.tree = tree;
    }

    /// Empty where the registry does not offer the release, or this user may not change its root. `check` is a command
    /// that must succeed there; `purpose` keeps trees of one release apart.
    public static Optional<DebianTree> unpacked(String codename, String purpose, List<String> packages,
            List<String> check) throws IOException {
        var kept = Files.createDirectories(Checkout.root().resolve(".cambium/releases").resolve(codename + purpose));
        try (var lock = FileChannel.open(kept.resolve("lock"), CREATE, WRITE); var held = lock.lock()) {
            return held.isValid() ? unpackedAlone(kept, codename, packages, check) : Optional.empty();
        }
    }

    private static Optional<DebianTree> unpackedAlone(Path kept, String codename, List<String> packages,
            List<String> check) throws IOException {
        var tree = kept.resolve("tree");
        var mark = kept.resolve("whole");
        if (!Files.exists(mark) || !Files.readString(mark).equals(packages.toString())) {
            var site = site();
            if (site.isEmpty() || !Files.exists(KEYRING) || !fetched(kept, site.get(), codename, packages)) {
                return Optional.empty();
            }
            unpack(kept.resolve("cache/archives"), tree);
            Files.writeString(mark, packages.toString());
        }
        return CommandRun.of(inside(tree, check), _ -> {}).exit() == 0 ? Optional.of(new DebianTree(tree))
                : Optional.empty();
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

    private static boolean fetched(Path kept, String site, String codename, List<String> packages) throws IOException {
        for (var below : List.of("state/lists/partial", "cache/archives/partial")) {
            Files.createDirectories(kept.resolve(below));
        }
        Files.writeString(kept.resolve("status"), "");
        Files.writeString(kept.resolve("sources.list"),
                "deb [signed-by=" + KEYRING + "] " + site + " " + codename + " main\n");
        var install = new ArrayList<>(List.of("-y", "--download-only", "install"));
        install.addAll(packages);
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

    /// A copy of the tree with these folders and a `/dev/null`, for [#inside].
    public Path copied(Path below, List<String> folders) throws IOException {
        var root = Files.createTempDirectory(below, "release-");
        CommandRun.of("cp", "-a", tree + "/.", root.toString()).successful();
        for (var name : folders) {
            Files.createDirectories(root.resolve(name));
        }
        Files.createDirectories(root.resolve("dev"));
        if (CommandRun.of("mknod", "-m", "666", root.resolve("dev/null").toString(), "c", "1", "3").exit() != 0) {
            Files.writeString(root.resolve("dev/null"), "");
        }
        return root;
    }

    /// The command, with its root changed to that folder and an environment made from nothing.
    public static List<String> inside(Path root, List<String> command) {
        var whole = new ArrayList<String>();
        if (!System.getProperty("user.name").equals("root")) {
            whole.addAll(List.of("unshare", "--map-root-user"));
        }
        whole.addAll(List.of("chroot", root.toString(), "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"));
        whole.addAll(command);
        return whole;
    }

    /// Links in it lead out of it, so it is not left to a walk that follows them.
    public static void remove(Path root) throws IOException {
        CommandRun.of("rm", "-r", root.toString()).successful();
    }
}
