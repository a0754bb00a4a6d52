package cambium.server.sql;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;

/// The migration scripts that this program carries, each with the checksum that Flyway keeps of it: the CRC-32 of its
/// lines without their ends.
final class MigrationScripts {
    private static final String FOLDER = "/db/migration";
    /// Read once, at the start: who asks later may have no file descriptor left to open the program with.
    private static final SortedMap<String, Integer> CHECKSUMS = Collections.unmodifiableSortedMap(read());

    private MigrationScripts() {}

    /// By file name, as `V1__access.sql`.
    static SortedMap<String, Integer> checksums() {
        return CHECKSUMS;
    }

    private static SortedMap<String, Integer> read() {
        try {
            var uri = folder();
            if (!uri.getScheme().equals("jar")) {
                return checksums(Path.of(uri));
            }
            try (var jar = FileSystems.newFileSystem(uri, Map.of())) {
                return checksums(jar.getPath(FOLDER));
            }
        } catch (IOException e) {
            throw new IllegalStateException("the migrations on the class path cannot be read", e);
        }
    }

    private static URI folder() {
        var url = MigrationScripts.class.getResource(FOLDER);
        if (url == null) {
            throw new IllegalStateException("there are no migrations on the class path");
        }
        try {
            return url.toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SortedMap<String, Integer> checksums(Path folder) throws IOException {
        var checksums = new TreeMap<String, Integer>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(f -> f.toString().endsWith(".sql")).toList()) {
                var crc = new CRC32();
                for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    crc.update(line.getBytes(StandardCharsets.UTF_8));
                }
                checksums.put(file.getFileName().toString(), (int) crc.getValue());
            }
        }
        return checksums;
    }
}
