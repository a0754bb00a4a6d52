package cambium.server.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The way to the brake that needs no database, no network and no login: while a file of this name lies in the data
/// folder, this process starts nothing forward, and it pulls the brake on the fleet as soon as it can. Its first line
/// is the reason. A file that cannot be looked at counts as there (C-5, C-37).
public interface BrakeFile {
    String NAME = "brake";
    /// Of the reason, in bytes; what is longer is cut.
    int MAX_REASON = 400;

    /// For where no data folder is.
    BrakeFile NONE = Optional::empty;

    /// Why nothing may start; empty where no file forbids it.
    Optional<String> reason();

    static BrakeFile in(Path dataFolder) {
        return () -> read(dataFolder.resolve(NAME));
    }

    private static Optional<String> read(Path file) {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(file)) {
            var text = new String(in.readNBytes(MAX_REASON), StandardCharsets.UTF_8);
            var first = text.lines().findFirst().orElse("").replaceAll("[\\p{Cntrl}\uFFFD]", " ").strip();
            return Optional.of(first.isEmpty() ? "the file '" + NAME + "' lies in the data folder" : first);
        } catch (IOException unreadable) {
            // Taken away between the two looks, or not to be read: the latter must not let anything start.
            return Files.notExists(file) ? Optional.empty()
                    : Optional.of("the file '" + NAME + "' in the data folder cannot be read");
        }
    }
}
