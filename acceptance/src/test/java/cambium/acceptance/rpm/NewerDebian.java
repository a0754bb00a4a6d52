package cambium.acceptance.rpm;

import cambium.acceptance.CommandRun;
import cambium.acceptance.DebianTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A machine with the rpm 6 and dnf5 of the next release of Debian: it builds packages of format 6, signs them and
/// installs them below its own root.
record NewerDebian(Path root) implements AutoCloseable {
    private static final List<String> WANTED = List.of("dnf5", "rpm", "dash", "coreutils", "sed", "grep", "findutils",
            "diffutils", "mawk", "gpg", "gpg-agent", "gpgconf");

    /// Empty where the registry does not offer that release, or this user may not change its root.
    static Optional<NewerDebian> create(Path below) throws IOException {
        var tree = DebianTree.unpacked("forky", "-rpm", WANTED, List.of("rpm", "--version"));
        if (tree.isEmpty()) {
            return Optional.empty();
        }
        var root = tree.get().copied(below, List.of("tmp", "var/tmp", "root", "build", "etc/yum.repos.d"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        return Optional.of(new NewerDebian(root));
    }

    /// It may fail.
    CommandRun run(String... command) throws IOException {
        return CommandRun.of(DebianTree.inside(root, List.of(command)), builder ->
                builder.environment().remove("http_proxy"));
    }

    /// The binary package of a spec, as rpm 6 makes it by default.
    Path built(RpmBuilder recipe) throws IOException {
        Files.writeString(root.resolve("build/one.spec"), recipe.spec());
        run("rpmbuild", "-bb", "--quiet", "--define", "_topdir /build", "--define", "__spec_install_post %{nil}",
                "/build/one.spec").successful();
        return root.resolve("build/RPMS/noarch").resolve(recipe.fileName());
    }

    /// Signs with one more key of that kind, which is made for it, and gives the public key.
    String signed(Path rpm, String name, String kind) throws IOException {
        run("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", name + " <" + name
                + "@example.com>", kind, "sign", "never").successful();
        run("rpmsign", "--addsign", "--key-id", name, "/" + root.relativize(rpm)).successful();
        return run("gpg", "--batch", "--armor", "--export", name).successful().out();
    }

    /// The repository that dnf5 has from now on; its signature is always checked, with these keys.
    void use(String baseUrl, boolean gpgcheck, String... keys) throws IOException {
        write("shop", baseUrl, gpgcheck, true, keys);
    }

    /// The sources of that repository, which dnf5 looks at only when it is asked for a source package: by the name.
    void haveSources(String baseUrl, String key) throws IOException {
        write("shop-source", baseUrl, false, false, key);
    }

    private void write(String name, String baseUrl, boolean gpgcheck, boolean enabled, String... keys)
            throws IOException {
        Files.writeString(root.resolve("etc/yum.repos.d/" + name + ".repo"), """
                [%1$s]
                name=%1$s
                baseurl=%2$s
                repo_gpgcheck=1
                gpgcheck=%3$s
                gpgkey=%4$s
                enabled=%5$s
                skip_if_unavailable=0
                """.formatted(name, baseUrl, gpgcheck ? "1" : "0", String.join(" ", keys), enabled ? "1" : "0"));
        run("dnf5", "-y", "clean", "all").successful();
    }

    /// `dnf5 …`; it may fail.
    CommandRun dnf(String... arguments) throws IOException {
        return run(Stream.concat(Stream.of("dnf5", "-y", "--refresh", "--no-plugins", "--releasever=9"),
                Stream.of(arguments)).toArray(String[]::new));
    }

    Set<String> available() throws IOException {
        return PrivateDnf.seen(dnf("repoquery", "--qf", "seen:%{name}-%{version}-%{release}.%{arch}\\n").successful());
    }

    Set<String> installed() throws IOException {
        var found = new ArrayList<String>();
        PrivateDnf.seen(run("rpm", "-qa", "--qf", "seen:%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n").successful())
                .stream().filter(name -> !name.startsWith("gpg-pubkey")).forEach(found::add);
        return Set.copyOf(found);
    }

    String file(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    @Override
    public void close() throws IOException {
        run("gpgconf", "--kill", "all");
        DebianTree.remove(root);
    }
}
