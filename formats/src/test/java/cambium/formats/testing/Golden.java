package cambium.formats.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares whole files with those kept under `src/test/resources/golden`. With `-Dgolden.rewrite=true` it writes
/// them instead, for a person to read the difference; never where the environment says `CI`.
public final class Golden {
    private static final Path FOLDER =
            Path.of(System.getProperty("basedir", "."), "src", "test", "resources", "golden");

    private Golden() {}

    public static void check(String name, byte[] actual) {
        Path kept = FOLDER.resolve(name);
        try {
            if (Boolean.getBoolean("golden.rewrite")) {
                assertFalse(System.getenv().containsKey("CI"), "golden files are rewritten by a person, never in CI");
                Files.createDirectories(kept.getParent());
                Files.write(kept, actual);
            }
            byte[] expected = Files.readAllBytes(kept);
            assertEquals(text(expected), text(actual), name);
            assertArrayEquals(expected, actual, name);
        } catch (IOException failed) {
            throw new UncheckedIOException("no golden file " + name + "; ./dev golden makes it", failed);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
