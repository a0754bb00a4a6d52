package cambium.formats.deb;

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

class DebVersionPropertyTest {
    private static final long SEED = 20261121;
    private static final int PAIRS = 3_000;
    private static final String[] PARTS =
            {"0", "00", "1", "9", "10", "010", "a", "b", "Z", "rc", "~", "~~", "+", ".", "."};

    record Pair(DebVersion left, DebVersion right) {}

    @Test
    void agreesWithDpkgOnThousandsOfPairs(@TempDir Path folder) throws IOException {
        var random = new Random(SEED);
        List<Pair> pairs = pairs(random, PAIRS);
        Files.write(folder.resolve("pairs"), pairs.stream().map(pair -> pair.left + " " + pair.right).toList());
        List<String> answers = Shell.run(folder, """
                while read -r left right; do
                    if dpkg --compare-versions "$left" lt "$right"; then echo -1
                    elif dpkg --compare-versions "$left" gt "$right"; then echo 1
                    else echo 0; fi
                done < pairs
                """);
        assertEquals(PAIRS, answers.size(), "seed " + SEED);
        for (int i = 0; i < PAIRS; i++) {
            Pair pair = pairs.get(i);
            assertEquals(answers.get(i), Integer.toString(pair.left.compareTo(pair.right)), pair + ", seed " + SEED);
        }
    }

    @Test
    void isATotalOrder() {
        var random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            DebVersion a = version(random);
            DebVersion b = near(a, random);
            DebVersion c = near(b, random);
            assertEquals(-Integer.signum(b.compareTo(a)), Integer.signum(a.compareTo(b)),
                    a + " " + b + ", seed " + SEED);
            if (a.compareTo(b) <= 0 && b.compareTo(c) <= 0) {
                assertEquals(true, a.compareTo(c) <= 0, a + " " + b + " " + c + ", seed " + SEED);
            }
        }
    }

    private static List<Pair> pairs(Random random, int count) {
        var pairs = new ArrayList<Pair>();
        while (pairs.size() < count) {
            DebVersion left = version(random);
            pairs.add(new Pair(left, random.nextInt(10) == 0 ? version(random) : near(left, random)));
        }
        return pairs;
    }

    private static DebVersion version(Random random) {
        var text = new StringBuilder(random.nextInt(5) == 0 ? random.nextInt(3) + ":" : "");
        text.append(random.nextInt(12));
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PARTS[random.nextInt(PARTS.length)]);
        }
        if (random.nextInt(2) == 0) {
            text.append('-').append(PARTS[random.nextInt(PARTS.length)]).append(PARTS[random.nextInt(PARTS.length)]);
        }
        return new DebVersion(text.toString());
    }

    /// A version that differs in one place, since random ones nearly always differ at once.
    private static DebVersion near(DebVersion version, Random random) {
        while (true) {
            var text = new StringBuilder(version.text());
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, PARTS[random.nextInt(PARTS.length)]);
                case 1 -> text.delete(Math.min(at, text.length() - 1), Math.min(at, text.length() - 1) + 1);
                default -> text.replace(Math.min(at, text.length() - 1), Math.min(at, text.length() - 1) + 1,
                        PARTS[random.nextInt(PARTS.length)]);
            }
            if (DebVersion.parse(text.toString()) instanceof ParseResult.Parsed<DebVersion>(var near)) {
                return near;
            }
        }
    }
}
