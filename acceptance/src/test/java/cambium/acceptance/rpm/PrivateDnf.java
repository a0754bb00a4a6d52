package cambium.acceptance.rpm;

import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// This machine's dnf and rpm on a root of their own: configuration, cache, keys, rpm's database and the installed
/// files are all below one folder, and nothing of the machine's own set-up is read.
public final class PrivateDnf {
    private final Path root;

    private PrivateDnf(Path root) {
        this.root = root;
    }

    /// The signature of the repository is always checked, with `keys`; those of packages where `gpgcheck` says so.
    public static PrivateDnf of(Path root, String baseUrl, boolean gpgcheck, String... keys) throws IOException {
        return ofText(root, """
                [shop]
                name=shop
                baseurl=%s
                repo_gpgcheck=1
                gpgcheck=%s
                gpgkey=%s
                enabled=1
                metadata_expire=0
                """.formatted(baseUrl, gpgcheck ? "1" : "0", String.join(" ", keys)));
    }

    /// With a whole `.repo` file.
    static PrivateDnf ofText(Path root, String repositories) throws IOException {
        for (var folder : List.of("repos", "cache", "log", "persist", "home", "root", "downloads")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(root.resolve("repos/shop.repo"), repositories);
        Files.writeString(root.resolve("dnf.conf"),
                "[main]\nplugins=0\nkeepcache=0\nretries=1\ntimeout=60\nzchunk=0\nfastestmirror=0\n");
        return new PrivateDnf(root);
    }

    /// `dnf …`; it may fail.
    public CommandRun dnf(String... arguments) throws IOException {
        var command = new ArrayList<>(command());
        command.addAll(List.of(arguments));
        return run(command);
    }

    private List<String> command() {
        return List.of("dnf", "-y", "--refresh", "--config", at("dnf.conf"),
                "--setopt=reposdir=" + at("repos"), "--setopt=cachedir=" + at("cache"), "--setopt=logdir=" + at("log"),
                "--setopt=persistdir=" + at("persist"), "--setopt=destdir=" + at("downloads"),
                "--installroot=" + at("root"), "--releasever=9", "--forcearch=x86_64");
    }

    /// A folder with programs `dnf` and `rpm`: this machine's, on this root, for scripts that call them by name.
    public Path programs() throws IOException {
        var folder = Files.createDirectories(root.resolve("bin"));
        program(folder.resolve("dnf"), "'/usr/bin/dnf' " + command().stream().skip(1).map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ")));
        program(folder.resolve("rpm"), "'/usr/bin/rpm' --root '" + at("root") + "'");
        return folder;
    }

    private void program(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\nexport HOME='" + at("home") + "' LC_ALL=C.UTF-8\nunset http_proxy\nexec "
                + command + " \"$@\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Where rpm's database is depends on the home folder.
    private CommandRun run(List<String> command) throws IOException {
        return CommandRun.of(command, builder -> {
            builder.environment().put("HOME", at("home"));
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().remove("http_proxy");
        });
    }

    private String at(String path) {
        return root.resolve(path).toString();
    }

    /// `name-version-release.arch` of every package that the repodata offers; an exit code alone would tell nothing.
    public Set<String> available() throws IOException {
        return seen(dnf("repoquery", "--quiet", "--qf", "seen:%{name}-%{version}-%{release}.%{arch}\\n").successful());
    }

    static Set<String> seen(CommandRun run) {
        return run.out().lines().filter(line -> line.startsWith("seen:")).map(line -> line.substring(5))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// `name-version-release.arch` of every package that rpm has installed below this root.
    public Set<String> installed() throws IOException {
        var found = seen(run(List.of("rpm", "--root", at("root"), "-qa", "--qf",
                "seen:%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n")).successful());
        found.removeIf(name -> name.startsWith("gpg-pubkey"));
        return found;
    }

    /// The text of an installed file.
    Optional<String> file(String path) throws IOException {
        var file = root.resolve("root").resolve(path);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }
}
