package cambium.bench.repository;

import cambium.formats.testing.TestDeb;
import cambium.formats.testing.TestRpm;
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
    private static final int CHANGED_AT = 1_767_225_600;

    private Corpus() {}

    static String name(int number) {
        return "bench-" + WORDS[number % 23] + "-" + number;
    }

    static String version(int number) {
        return "1." + number % 7;
    }

    static byte[] deb(int number) {
        var random = new Random(number);
        var description = new StringBuilder(sentence(random, 5));
        lines(random).forEach(line -> description.append("\n ").append(line));
        return TestDeb.of(name(number), version(number) + "-1", "amd64").field("Section", "utils")
            .field("Priority", "optional").field("Homepage", "https://example.org/" + name(number))
            .field("Depends", String.join(", ", needs(random).stream()
                .map(need -> need.replaceFirst(" >= (.*)", " (>= $1)")).toList()))
            .field("Description", description.toString())
            .file("usr/share/doc/" + name(number) + "/README", sentence(random, 40))
            .file("usr/lib/" + name(number) + "/part", sentence(random, 100)).build();
    }

    static byte[] rpm(int number) {
        var random = new Random(number);
        var rpm = TestRpm.of(name(number), version(number), "1", "x86_64").summary(sentence(random, 5))
            .description(String.join("\n", lines(random)));
        needs(random).forEach(rpm::requires);
        return rpm.change(CHANGED_AT, "Bench <bench@example.org> - " + version(number), "- " + sentence(random, 8))
            .file("/usr/share/doc/" + name(number) + "/README", sentence(random, 40))
            .file("/usr/lib/" + name(number) + "/part", sentence(random, 100)).build();
    }

    private static List<String> lines(Random random) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < DESCRIPTION_LINES; i++) {
            lines.add(sentence(random, WORDS_A_LINE));
        }
        return lines;
    }

    private static List<String> needs(Random random) {
        var needs = new ArrayList<String>(List.of("libc6 >= 2.36"));
        for (int i = 1; i < DEPENDENCIES; i++) {
            needs.add(name(random.nextInt(100_000)) + " >= 1." + random.nextInt(9));
        }
        return needs;
    }

    private static String sentence(Random random, int words) {
        var text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
