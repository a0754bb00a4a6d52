package cambium.formats.rpm;

import static cambium.formats.testing.Parsing.parsed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.formats.ParseResult;
import cambium.formats.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvrPropertyTest {
    private static final long SEED = 20261122;
    private static final int PAIRS = 5_000;
    private static final String[] PARTS =
            {"0", "00", "1", "9", "10", "010", "a", "b", "Z", "rc", "~", "~~", "^", "^", "+", ".", ".", "_", "%"};

    record Pair(Evr left, Evr right) {}

    @Test
    void agreesWithRpmOnThousandsOfPairs(@TempDir Path folder) throws IOException {
        var random = new Random(SEED);
        List<Pair> pairs = pairs(random);
        Files.write(folder.resolve("pairs"), pairs.stream().map(pair -> pair.left + " " + pair.right).toList());
        List<String> answers = Shell.run(folder, """
                rpm --eval '%{lua:
                    for line in io.lines("pairs") do
                        local left, right = string.match(line, "(%S+) (%S+)")
                        print(rpm.vercmp(left, right) .. "\\n")
                    end}'
                """).stream().filter(line -> !line.isEmpty()).toList();
        assertEquals(PAIRS, answers.size(), "seed " + SEED);
        for (int i = 0; i < PAIRS; i++) {
            Pair pair = pairs.get(i);
            assertEquals(answers.get(i), Integer.toString(pair.left.compareTo(pair.right)), pair + ", seed " + SEED);
        }
    }

    @Test
    void isAntisymmetric() {
        var random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            Evr a = version(random);
            Evr b = near(a, random);
            assertEquals(-Integer.signum(b.compareTo(a)), Integer.signum(a.compareTo(b)),
                    a + " " + b + ", seed " + SEED);
            assertEquals(a, parsed(Evr.parse(a.toString())));
        }
    }

    private static List<Pair> pairs(Random random) {
        var pairs = new ArrayList<Pair>();
        while (pairs.size() < PAIRS) {
            Evr left = version(random);
            pairs.add(new Pair(left, random.nextInt(10) == 0 ? version(random) : near(left, random)));
        }
        return pairs;
    }

    private static Evr version(Random random) {
        while (true) {
            var text = new StringBuilder(random.nextInt(5) == 0 ? random.nextInt(3) + ":" : "");
            for (int i = random.nextInt(6); i >= 0; i--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            text.append('-').append(PARTS[random.nextInt(PARTS.length)]).append(PARTS[random.nextInt(PARTS.length)]);
            if (Evr.parse(text.toString()) instanceof ParseResult.Parsed<Evr>(var version)) {
                return version;
            }
        }
    }

    /// A version that differs in one place, since random ones nearly always differ at once.
    private static Evr near(Evr version, Random random) {
        while (true) {
            var text = new StringBuilder(version.toString());
            int at = random.nextInt(text.length() + 1);
            int last = Math.min(at, text.length() - 1);
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, PARTS[random.nextInt(PARTS.length)]);
                case 1 -> text.delete(last, last + 1);
                default -> text.replace(last, last + 1, PARTS[random.nextInt(PARTS.length)]);
            }
            if (Evr.parse(text.toString()) instanceof ParseResult.Parsed<Evr>(var near)) {
                return near;
            }
        }
    }
}
