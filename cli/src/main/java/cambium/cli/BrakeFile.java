package cambium.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The file by which a server's data folder stops the fleet, for when nobody answers. Its first line is the reason.
final class BrakeFile {
    private static final String NAME = "brake";
    private static final int MAX_REASON = 400;

    private final Path folder;

    BrakeFile(Path folder) {
        this.folder = folder;
    }

    Optional<String> reason() {
        try (var in = Files.newInputStream(file())) {
            return Optional.of(new String(in.readNBytes(MAX_REASON), StandardCharsets.UTF_8).lines().findFirst()
                    .orElse(""));
        } catch (IOException absent) {
            return Files.notExists(file()) ? Optional.empty() : Optional.of("it cannot be read");
        }
    }

    /// Whole or not at all, since a server may look at any time.
    void write(String why) {
        Path unfinished = folder.resolve(NAME + ".new");
        try {
            Files.writeString(unfinished, why.lines().findFirst().orElse("") + "\n");
            Files.move(unfinished, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException refused) {
            throw Stop.refused("cannot write " + file() + ": " + refused.getMessage(),
                    "name the folder that the server was given as --data, as a user who may write there");
        }
    }

    /// False where there was none.
    boolean remove() {
        try {
            return Files.deleteIfExists(file());
        } catch (IOException refused) {
            throw Stop.refused("cannot remove " + file() + ": " + refused.getMessage(), "remove it by hand");
        }
    }

    private Path file() {
        return folder.resolve(NAME);
    }
}
