package cambium.server.fleet.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Names a folder of attempts on one machine, to people and to other coordinators: the machine's name and what the
/// folder itself keeps. Only there can be told whether a step's process lives.
final class MachineId {
    private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
    private static final int MAX_HOST_CHARACTERS = 64;

    private MachineId() {}

    /// The same for every process of this machine that uses the folder.
    static String of(Path attempts) {
        try {
            Files.createDirectories(attempts);
            return host() + "/" + kept(attempts.resolve(".machine"));
        } catch (IOException unusable) {
            throw new UncheckedIOException("the folder of attempts cannot be used: " + attempts, unusable);
        }
    }

    /// Made whole or not at all, and by one of several processes that begin at a time.
    private static String kept(Path file) throws IOException {
        if (!Files.exists(file)) {
            var fresh = Files.createTempFile(file.getParent(), ".machine", ".new");
            try {
                Files.writeString(fresh, UUID.randomUUID().toString());
                Files.createLink(file, fresh);
            } catch (FileAlreadyExistsException faster) {
                return Files.readString(file).strip();
            } finally {
                Files.delete(fresh);
            }
        }
        return Files.readString(file).strip();
    }

    private static String host() throws IOException {
        if (!Files.isReadable(HOST)) {
            return "machine";
        }
        var name = Files.readString(HOST, StandardCharsets.ISO_8859_1).strip().replaceAll("[^A-Za-z0-9.-]", "-");
        return name.length() <= MAX_HOST_CHARACTERS ? name : name.substring(0, MAX_HOST_CHARACTERS);
    }
}
