package cambium.acceptance.apt;

import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Makes a real package with `dpkg-deb --build`. Each `with…` gives a changed copy.
public record DebBuilder(String name, String version, String architecture, String compression,
        Map<String, String> files) {
    public DebBuilder {
        files = new TreeMap<>(files);
    }

    /// A package for every architecture, packed with xz, with one file that holds its version.
    public static DebBuilder of(String name, String version) {
        return new DebBuilder(name, version, "all", "xz", Map.of("usr/share/" + name + "/version", version + "\n"));
    }

    public DebBuilder withArchitecture(String other) {
        return new DebBuilder(name, version, other, compression, files);
    }

    /// As `dpkg-deb -Z` knows them: gzip, xz, zstd, none.
    public DebBuilder withCompression(String other) {
        return new DebBuilder(name, version, architecture, other, files);
    }

    public DebBuilder withFile(String path, String text) {
        var more = new TreeMap<>(files);
        more.put(path, text);
        return new DebBuilder(name, version, architecture, compression, more);
    }

    /// Below `folder`; its file is not named after the package, since the server must not need that.
    public Path build(Path folder) throws IOException {
        var tree = Files.createTempDirectory(folder, "tree-");
        for (var file : files.entrySet()) {
            var path = tree.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Files.createDirectories(tree.resolve("DEBIAN"));
        Files.writeString(tree.resolve("DEBIAN/control"), control());
        CommandRun.of("chmod", "-R", "u=rwX,go=rX", tree.toString()).successful();
        var deb = tree.resolveSibling(tree.getFileName() + ".deb");
        CommandRun.of("dpkg-deb", "--root-owner-group", "-Z" + compression, "--build", tree.toString(), deb.toString())
                .successful();
        return deb;
    }

    /// The name that the server gives the file; an epoch is not part of it.
    public String fileName() {
        return name + "_" + version.substring(version.indexOf(':') + 1) + "_" + architecture + ".deb";
    }

    private String control() {
        return "Package: " + name + "\nVersion: " + version + "\nArchitecture: " + architecture
                + "\nMaintainer: Acme <acme@example.com>\nSection: misc\nPriority: optional\n"
                + "Description: " + name + " of the acceptance tests\n Says which version it is.\n .\n Nothing more.\n";
    }
}
