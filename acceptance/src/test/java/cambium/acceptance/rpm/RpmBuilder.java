package cambium.acceptance.rpm;

import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Makes real packages with `rpmbuild`, each with one file that holds its version. Each `with…` gives a changed copy.
public record RpmBuilder(String name, String version, String release, String payload, List<String> requires) {

    /// For every architecture, packed with xz.
    public static RpmBuilder of(String name, String version) {
        return new RpmBuilder(name, version, "1", "w2.xzdio", List.of());
    }

    /// As rpm's macro `_binary_payload` has it, e.g. `w3.zstdio`.
    public RpmBuilder withPayload(String other) {
        return new RpmBuilder(name, version, release, other, requires);
    }

    public RpmBuilder requiring(String dependency) {
        return new RpmBuilder(name, version, release, payload,
                Stream.concat(requires.stream(), Stream.of(dependency)).toList());
    }

    /// The binary package.
    public Path build(Path folder) throws IOException {
        return buildAll(folder, List.of(this)).getFirst();
    }

    /// The binary packages of many, in one run.
    public static List<Path> buildAll(Path folder, List<RpmBuilder> all) throws IOException {
        var out = rpmbuild("-bb", folder, all);
        return all.stream().map(one -> out.resolve("noarch").resolve(one.fileName())).toList();
    }

    /// The source package.
    public Path buildSource(Path folder) throws IOException {
        return rpmbuild("-bs", folder, List.of(this)).resolve(name + "-" + version + "-" + release + ".src.rpm");
    }

    private static Path rpmbuild(String what, Path folder, List<RpmBuilder> all) throws IOException {
        var top = Files.createTempDirectory(folder, "rpmbuild-");
        var command = new ArrayList<>(List.of("rpmbuild", what, "--quiet", "--nodeps", "--define", "_topdir " + top,
                "--define", "_rpmdir " + top, "--define", "_srcrpmdir " + top));
        for (var one : all) {
            var spec = top.resolve(one.name + "-" + one.version + "-" + one.release + ".spec");
            Files.writeString(spec, one.spec());
            command.add(spec.toString());
        }
        CommandRun.of(command, builder -> builder.environment().put("LC_ALL", "C.UTF-8")).successful();
        return top;
    }

    public String fileName() {
        return nevra() + ".rpm";
    }

    /// As dnf writes it, without an epoch.
    public String nevra() {
        return name + "-" + version + "-" + release + ".noarch";
    }

    String spec() {
        var requirements = new StringBuilder();
        requires.forEach(one -> requirements.append("Requires: ").append(one).append('\n'));
        return """
                Name: %1$s
                Version: %2$s
                Release: %3$s
                Summary: %1$s of the acceptance tests
                License: MIT
                BuildArch: noarch
                %%define _binary_payload %4$s
                %5$s
                %%description
                Says which version it is.

                Nothing more.
                %%install
                mkdir -p %%{buildroot}/usr/share/%1$s
                echo %2$s > %%{buildroot}/usr/share/%1$s/version
                %%files
                /usr/share/%1$s
                %%changelog
                * Mon Jan 05 2026 Acme <acme@example.com> - %2$s-%3$s
                - changed
                """.formatted(name, version, release, payload, requirements);
    }
}
