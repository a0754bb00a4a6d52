package cambium.formats.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/// Runs what fuzzing has kept: an input for each behaviour that it reached, and each that was once a finding.
class FuzzCorpusTest {
    private static final Path KEPT =
            Path.of(System.getProperty("basedir", "."), "src", "test", "resources", "fuzz");

    @Test
    void everyKeptInputIsJudgedWell() throws IOException {
        run("deb", DebFuzz::fuzzerTestOneInput);
        run("rpm", RpmFuzz::fuzzerTestOneInput);
    }

    private static void run(String target, Consumer<byte[]> fuzz) throws IOException {
        for (var seed : FuzzSeeds.of(target).entrySet()) {
            run("seed-" + seed.getKey(), seed.getValue(), fuzz);
        }
        int inputs = 0;
        try (var kept = new ZipInputStream(Files.newInputStream(KEPT.resolve(target + ".zip")))) {
            for (ZipEntry entry = kept.getNextEntry(); entry != null; entry = kept.getNextEntry()) {
                run(target + ".zip, " + entry.getName(), kept.readAllBytes(), fuzz);
                inputs++;
            }
        }
        assertTrue(inputs > 200, "the kept inputs of " + target + " are missing");
        try (Stream<Path> found = Files.list(KEPT)) {
            for (Path input : found.filter(path -> path.getFileName().toString().startsWith(target + "-found-"))
                    .sorted().toList()) {
                run(input.getFileName().toString(), Files.readAllBytes(input), fuzz);
            }
        }
    }

    private static void run(String name, byte[] input, Consumer<byte[]> fuzz) {
        try {
            fuzz.accept(input);
        } catch (RuntimeException | Error found) {
            throw new AssertionError(name, found);
        }
    }
}
