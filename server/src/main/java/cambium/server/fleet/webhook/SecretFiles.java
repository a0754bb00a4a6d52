package cambium.server.fleet.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Secrets beside a driver's `driver.yaml`, a file each, that nobody but their owner and group may read. What was read
/// here is taken out of everything that is kept or shown.
final class SecretFiles {
    private static final int MAX_BYTES = 8192;
    private static final int SHORTEST_TAKEN_OUT = 4;
    private static final Set<PosixFilePermission> TOO_OPEN = Set.of(PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private final Path folder;
    private final List<String> read = new ArrayList<>();

    SecretFiles(Path folder) {
        this.folder = folder;
    }

    String read(String name) throws Unusable {
        var file = folder.resolve(name);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new Unusable("'" + name + "' is no name of a secret");
        }
        try (var in = Files.newInputStream(file)) {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(TOO_OPEN::contains)) {
                throw new Unusable("the file of the secret '" + name + "' may be read or written by others: chmod 600");
            }
            var secret = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
            if (secret.isEmpty()) {
                throw new Unusable("the file of the secret '" + name + "' is empty");
            }
            read.add(secret);
            return secret;
        } catch (IOException unreadable) {
            throw new Unusable("the file of the secret '" + name + "' cannot be read: "
                    + unreadable.getClass().getSimpleName());
        }
    }

    String without(String text) {
        var clean = text;
        for (var secret : read) {
            clean = secret.length() < SHORTEST_TAKEN_OUT ? clean : clean.replace(secret, "[secret]");
        }
        return clean;
    }
}
