package cambium.acceptance.apt;

import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Makes a real source package, format 3.0 (quilt), with `dpkg-source --build`.
public record SourceBuilder(String name, String upstream, String revision) {

    /// The folder with the .dsc and its files, all under their own names.
    public Path build(Path folder) throws IOException {
        var work = Files.createTempDirectory(folder, "source-");
        var tree = work.resolve(name + "-" + upstream);
        write(tree.resolve("text"), "version " + upstream + "\n");
        CommandRun.of("tar", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "-C", work.toString(), "-cJf",
                work.resolve(name + "_" + upstream + ".orig.tar.xz").toString(), tree.getFileName().toString())
                .successful();
        write(tree.resolve("debian/source/format"), "3.0 (quilt)\n");
        write(tree.resolve("debian/control"), "Source: " + name + "\nSection: misc\nPriority: optional\n"
                + "Maintainer: Acme <acme@example.com>\nBuild-Depends: debhelper-compat (= 13)\n\nPackage: " + name
                + "\nArchitecture: all\nDescription: made from its source\n");
        write(tree.resolve("debian/changelog"), name + " (" + upstream + "-" + revision
                + ") bookworm; urgency=low\n\n  * Built for a test.\n\n"
                + " -- Acme <acme@example.com>  Mon, 02 Nov 2026 03:04:05 +0000\n");
        write(tree.resolve("debian/rules"), "#!/usr/bin/make -f\n%:\n\tdh $@\n");
        CommandRun.of("chmod", "+x", tree.resolve("debian/rules").toString()).successful();
        CommandRun.of(List.of("dpkg-source", "--build", tree.toString()), run -> run.directory(work.toFile()))
                .successful();
        return work;
    }

    public String dscName() {
        return name + "_" + upstream + "-" + revision + ".dsc";
    }

    /// The files beside the .dsc.
    public List<Path> others(Path built) throws IOException {
        try (Stream<Path> files = Files.list(built)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals(dscName())).sorted().toList();
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
