package cambium.server.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/// The file with keys for addresses, one a line, `#` begins a comment. The first line signs. For our own addresses a
/// line is 64 hexadecimal digits; for CloudFront it is the id of the public key and the path of the private one.
final class DeliveryKeyFile {
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_KEYS = 8;

    private final Path file;

    DeliveryKeyFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /// [IllegalArgumentException] says what is wrong, in which line, and repeats no key.
    List<byte[]> secrets() {
        return lines(line -> {
            if (!line.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("a key is 64 lower-case hexadecimal digits; make one with: "
                    + "openssl rand -hex 32");
            }
            return HexFormat.of().parseHex(line);
        });
    }

    List<CloudFrontKey> cloudFrontKeys() {
        return lines(line -> {
            String[] parts = line.split("\\s+", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("a line is the id of a CloudFront public key and the path of its "
                    + "private key");
            }
            return CloudFrontKey.ofPem(parts[0], text(file.toAbsolutePath().resolveSibling(parts[1])));
        });
    }

    private <T> List<T> lines(Function<String, T> reading) {
        var keys = new ArrayList<T>();
        int number = 0;
        for (String line : text(file).split("\n")) {
            number++;
            String stripped = line.replaceFirst("#.*", "").strip();
            if (stripped.isEmpty()) {
                continue;
            }
            try {
                keys.add(reading.apply(stripped));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(file + ", line " + number + ": " + wrong.getMessage(), wrong);
            }
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException(file + " must hold one to " + MAX_KEYS + " keys");
        }
        return List.copyOf(keys);
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(file + " is too large for keys");
            }
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read", unreadable);
        }
    }

    /// Changes when the file does.
    String stamp() {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException unreadable) {
            return "unreadable";
        }
    }
}
