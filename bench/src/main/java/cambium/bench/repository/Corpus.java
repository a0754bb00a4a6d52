package cambium.bench.repository;

import cambium.formats.testing.TestDeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Make-believe packages of about 1 kB of metadata each. Package number `i` is a function of `i` alone, so a corpus of
/// 1,000 is the beginning of one of 100,000. Every package has its own name, since reprepro keeps one version a name.
final class Corpus {
    private static final String[] WORDS = ("agent broker cache daemon editor filter gateway hook index journal kernel "
        + "loader mapper notary oracle parser queue relay sensor tracer updater viewer worker settings socket buffer "
        + "operator detail state request local number size level answer grows local measured component").split(" ");
    private static final int DESCRIPTION_LINES = 5;
    private static final int WORDS_A_LINE = 9;
    private static final int DEPENDENCIES = 6;

    private Corpus() {}

    static String name(int number) {
        return "bench-" + WORDS[number % 23] + "-" + number;
    }

    static byte[] deb(int number) {
        var random = new Random(number);
        var description = new StringBuilder(sentence(random, 5));
        for (int i = 0; i < DESCRIPTION_LINES; i++) {
            description.append("\n ").append(sentence(random, WORDS_A_LINE));
        }
        var dependencies = new ArrayList<String>(List.of("libc6 (>= 2.36)"));
        for (int i = 1; i < DEPENDENCIES; i++) {
            dependencies.add(name(random.nextInt(100_000)) + " (>= 1." + random.nextInt(9) + ")");
        }
        return TestDeb.of(name(number), "1." + number % 7 + "-1", "amd64").field("Section", "utils")
            .field("Priority", "optional").field("Homepage", "https://example.org/" + name(number))
            .field("Depends", String.join(", ", dependencies)).field("Description", description.toString())
            .file("usr/share/doc/" + name(number) + "/README", sentence(random, 40))
            .file("usr/lib/" + name(number) + "/part", sentence(random, 100)).build();
    }

    private static String sentence(Random random, int words) {
        var text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }

    static Path file(Path folder, int number) {
        return folder.resolve(name(number) + "_1." + number % 7 + "-1_amd64.deb");
    }

    /// Writes the packages `from` (included) to `to` (excluded); what is there already stays.
    static Path write(Path folder, int from, int to) throws IOException {
        Files.createDirectories(folder);
        for (int number = from; number < to; number++) {
            if (!Files.exists(file(folder, number))) {
                Files.write(file(folder, number), deb(number));
            }
        }
        return folder;
    }
}
