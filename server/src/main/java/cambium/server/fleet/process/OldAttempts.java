package cambium.server.fleet.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;

/// Bounds the disk that attempts take. Only folders of attempts that ended long ago go, and only when there are very
/// many: a coordinator may still want to know how a younger one ended.
final class OldAttempts {
    static final int MAX_FOLDERS = 2_000;
    static final Duration KEPT = Duration.ofDays(7);

    private OldAttempts() {}

    private record Aged(Path folder, FileTime changed) {}

    static void forget(Path attempts, Instant now) throws IOException {
        var folders = new ArrayList<Aged>();
        try (var all = Files.newDirectoryStream(attempts, Files::isDirectory)) {
            for (var folder : all) {
                folders.add(new Aged(folder, Files.getLastModifiedTime(folder)));
            }
        }
        var tooMany = folders.size() - MAX_FOLDERS;
        folders.sort(Comparator.comparing(Aged::changed).thenComparing(Aged::folder));
        for (var aged : folders) {
            if (tooMany <= 0 || aged.changed().toInstant().isAfter(now.minus(KEPT))) {
                return;
            }
            if (ended(aged.folder())) {
                delete(aged.folder());
                tooMany--;
            }
        }
    }

    private static boolean ended(Path folder) {
        return switch (new AttemptFolder(folder).standing()) {
            case AttemptFolder.Standing.Untouched(), AttemptFolder.Standing.Running() -> false;
            case AttemptFolder.Standing.Refused(_), AttemptFolder.Standing.Ended(_, _),
                    AttemptFolder.Standing.Lost() -> true;
        };
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
