package cambium.acceptance.apt;

import cambium.acceptance.CommandRun;
import cambium.acceptance.RunningServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// This machine's apt and dpkg on a root of their own: lists, cache, keyring, dpkg's state and the installed files are
/// all below one folder, and nothing of the machine's own set-up is read.
public final class PrivateApt {
    private final Path root;
    private final Path configuration;

    private PrivateApt(Path root) {
        this.root = root;
        this.configuration = root.resolve("apt.conf");
    }

    /// `key` is the armoured key that the source is trusted by.
    public static PrivateApt of(Path root, String key, URI source, String codename) throws IOException {
        var apt = new PrivateApt(root);
        for (var folder : List.of("etc/apt/sources.list.d", "etc/apt/preferences.d", "etc/apt/apt.conf.d",
                "etc/apt/trusted.gpg.d", "etc/apt/keyrings", "var/lib/apt/lists/partial",
                "var/cache/apt/archives/partial", "var/lib/dpkg/info", "var/lib/dpkg/updates",
                "var/lib/dpkg/triggers", "var/log/apt", "tmp")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.createFile(root.resolve("var/lib/dpkg/status"));
        var keyring = root.resolve("etc/apt/keyrings/repository.asc");
        Files.writeString(keyring, key);
        Files.writeString(root.resolve("etc/apt/sources.list"),
                "deb [signed-by=" + keyring + "] " + source + "/ " + codename + " main\n");
        Files.writeString(apt.configuration, apt.configurationText());
        return apt;
    }

    /// The key of a repository, as an operator would fetch it.
    public static String keyOf(RunningServer server, String repository) throws IOException {
        var answer = server.send("GET", "/" + repository + "/gpgkey", "text/plain", "");
        if (answer.statusCode() != 200) {
            throw new AssertionError("gpgkey answered " + answer.statusCode());
        }
        return answer.body();
    }

    private String configurationText() {
        return """
                Dir "%1$s/";
                Dir::Bin::dpkg "/usr/bin/dpkg";
                Dir::State::status "%1$s/var/lib/dpkg/status";
                Dir::Log "%1$s/var/log/apt";
                APT::Sandbox::User "root";
                APT::Get::Assume-Yes "1";
                APT::Color "0";
                Acquire::Retries "0";
                Acquire::Languages "none";
                Acquire::http::Proxy "DIRECT";
                Dpkg::Use-Pty "0";
                Dpkg::Options { "--root=%1$s"; "--force-not-root"; "--force-bad-path"; "--log=%1$s/var/log/dpkg.log"; };
                """.formatted(root);
    }

    /// `apt-get …`; it may fail.
    public CommandRun get(String... arguments) throws IOException {
        return run("apt-get", arguments);
    }

    /// `apt-get update`, which must succeed without one warning or error.
    public CommandRun update() throws IOException {
        var run = get("update").successful();
        if (run.output().lines().anyMatch(line -> line.startsWith("W:") || line.startsWith("E:"))) {
            throw new AssertionError(run.toString());
        }
        return run;
    }

    /// The same in a folder, where `apt-get source` puts what it fetches.
    public CommandRun getIn(Path work, String... arguments) throws IOException {
        return run(Optional.of(work), "apt-get", arguments);
    }

    /// What `apt-cache show` prints of a package.
    public String shown(String name, String... options) throws IOException {
        var arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("show", name));
        return run("apt-cache", arguments.toArray(String[]::new)).successful().out();
    }

    /// How many versions of a source package the index offers.
    public long sources(String name) throws IOException {
        return run("apt-cache", "showsrc", name).successful().out().lines()
                .filter(line -> line.equals("Package: " + name)).count();
    }

    private CommandRun run(String program, String... arguments) throws IOException {
        return run(Optional.empty(), program, arguments);
    }

    private CommandRun run(Optional<Path> work, String program, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return CommandRun.of(command, builder -> {
            work.ifPresent(folder -> builder.directory(folder.toFile()));
            builder.environment().put("APT_CONFIG", configuration.toString());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().put("TMPDIR", root.resolve("tmp").toString());
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        });
    }

    /// `name version` of every package that the index offers, by apt's own reading of it; of several versions of one
    /// package, apt prints the one it would install.
    public Set<String> available() throws IOException {
        var found = new TreeSet<String>();
        var stanza = new TreeMap<String, String>();
        for (var line : (run("apt-cache", "dumpavail").successful().out() + "\n\n").split("\n", -1)) {
            if (line.startsWith("Package: ") || line.startsWith("Version: ")) {
                stanza.put(line.substring(0, 7), line.substring(9));
            } else if (line.isEmpty() && !stanza.isEmpty()) {
                if (!found.add(stanza.get("Package") + " " + stanza.get("Version"))) {
                    throw new AssertionError("twice in the index: " + stanza);
                }
                stanza.clear();
            }
        }
        return found;
    }

    /// The version that dpkg has installed below this root.
    public Optional<String> installed(String name) throws IOException {
        var run = CommandRun.of("dpkg-query", "--admindir=" + root.resolve("var/lib/dpkg"), "-W",
                "-f=${db:Status-Status} ${Version}", name);
        return run.exit() == 0 && run.out().startsWith("installed ")
                ? Optional.of(run.out().substring("installed ".length())) : Optional.empty();
    }

    /// The text of an installed file.
    public Optional<String> file(String path) throws IOException {
        var file = root.resolve(path);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }
}
