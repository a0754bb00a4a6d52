package cambium.server.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import org.tukaani.xz.XZInputStream;

/// The programs of PostgreSQL, carried in a jar on the class path and unpacked once per data folder.
final class PostgresBinaries {
    static final String POSTGRES_VERSION = "18.6";
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final int MAX_XZ_MEMORY_KIB = 128 * 1024;

    private PostgresBinaries() {}

    /// The folder with `bin/`, below `parent`. It appears in one step, so a crash leaves nothing half unpacked in use.
    static Path unpackedBelow(Path parent) throws IOException {
        var home = parent.resolve("postgres-" + POSTGRES_VERSION);
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(parent);
        var unpacking = Files.createTempDirectory(parent, "postgres-unpacking-");
        try {
            unpack(unpacking);
            moveInto(unpacking, home);
            return home;
        } finally {
            deleteTree(unpacking);
        }
    }

    /// Removes what an unpacking or initialising that was killed has left.
    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void moveInto(Path unpacked, Path home) throws IOException {
        try {
            Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another process may have been first; its copy is as good as ours.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private static void unpack(Path folder) throws IOException {
        var archive = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (archive == null) {
            throw new IllegalStateException("the PostgreSQL archive " + ARCHIVE + " is not on the class path");
        }
        var tar = new ProcessBuilder("tar", "-x", "-C", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (archive; var out = tar.getOutputStream(); var in = new XZInputStream(archive, MAX_XZ_MEMORY_KIB)) {
            in.transferTo(out);
        }
        Commands.requireSuccess(tar, "tar");
    }
}
