package cambium.acceptance.rpm;

import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// This machine's zypper on a root of its own, with repositories whose signatures are checked.
final class PrivateZypper {
    private final Path root;
    private final Path home;

    private PrivateZypper(Path root, Path home) {
        this.root = root;
        this.home = home;
    }

    static PrivateZypper of(Path folder, String baseUrl, String key) throws IOException {
        var zypper = new PrivateZypper(folder.resolve("root"), Files.createDirectories(folder.resolve("home")));
        Files.createDirectories(zypper.root.resolve("etc/zypp/repos.d"));
        zypper.alsoFrom("shop", baseUrl, key);
        return zypper;
    }

    /// One more repository, whose signature is checked as well.
    void alsoFrom(String name, String baseUrl, String key) throws IOException {
        Files.writeString(root.resolve("etc/zypp/repos.d/" + name + ".repo"), """
                [%1$s]
                name=%1$s
                baseurl=%2$s
                enabled=1
                autorefresh=1
                type=rpm-md
                repo_gpgcheck=1
                pkg_gpgcheck=0
                gpgkey=%3$s
                """.formatted(name, baseUrl, key));
    }

    /// `zypper …`, with keys taken over unasked as packagecloud's install script does; it may fail.
    CommandRun zypper(String... arguments) throws IOException {
        return run(List.of("--gpg-auto-import-keys"), arguments);
    }

    /// `zypper …` that takes over no key; it may fail.
    CommandRun careful(String... arguments) throws IOException {
        return run(List.of(), arguments);
    }

    private CommandRun run(List<String> options, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("zypper", "--root", root.toString(), "--non-interactive"));
        command.addAll(options);
        command.addAll(List.of(arguments));
        return run(command);
    }

    private CommandRun run(List<String> command) throws IOException {
        return CommandRun.of(command, builder -> {
            builder.environment().put("HOME", home.toString());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().remove("http_proxy");
        });
    }

    /// `name version-release arch` of every package that the repodata offers.
    Set<String> available() throws IOException {
        zypper("refresh", "--force").successful();
        var found = new TreeSet<String>();
        for (var line : zypper("--no-refresh", "search", "-s").successful().out().split("\n")) {
            var cells = line.split("\\|");
            if (cells.length == 6 && cells[2].strip().equals("package")) {
                found.add(cells[1].strip() + " " + cells[3].strip() + " " + cells[4].strip());
            }
        }
        return found;
    }

    Set<String> installed() throws IOException {
        var found = PrivateDnf.seen(run(List.of("rpm", "--root", root.toString(), "-qa", "--qf",
                "seen:%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n")).successful());
        found.removeIf(name -> name.startsWith("gpg-pubkey"));
        return found;
    }

    /// The text of an installed file.
    Optional<String> file(String path) throws IOException {
        var file = root.resolve(path);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }
}
