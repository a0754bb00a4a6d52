package cambium.formats.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.Shell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What bzip2 itself has packed.
class Bzip2StreamTest {
    private static final long SEED = 20_261_128;

    /// A part without bounds that matter here.
    private enum Anything implements PackedPart {
        IT;

        @Override
        public long maxBytes() {
            return 1L << 30;
        }

        @Override
        public int maxXzMemoryKib() {
            return 0;
        }

        @Override
        public int maxXzDictionaryCode() {
            return 0;
        }

        @Override
        public int maxXzBlocks() {
            return 0;
        }

        @Override
        public long maxXzChunks(long packedBytes) {
            return 0;
        }

        @Override
        public Refusal corrupt(String rest) {
            return new Refusal("corrupt", rest, "") {};
        }

        @Override
        public Refusal tooLarge(String rest) {
            return new Refusal("too_large_expanded", rest, "") {};
        }

        @Override
        public Refusal unusual(String rest) {
            return new Refusal("unusual", rest, "") {};
        }

        @Override
        public Refusal tooLong() {
            return new Refusal("too_long", "", "") {};
        }
    }

    private static byte[] expanded(byte[] packed) throws IOException {
        try (var in = PackedForm.BZ2.expand(new ByteArrayInputStream(packed), Anything.IT)) {
            return in.readAllBytes();
        }
    }

    private record Sample(String name, byte[] content) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> samples() {
        var random = new Random(SEED);
        byte[] noise = new byte[1_300_000];
        random.nextBytes(noise);
        byte[] words = new byte[2_100_000];
        for (int i = 0; i < words.length; i++) {
            words[i] = (byte) ("the ring is open ".charAt((i + random.nextInt(3)) % 17));
        }
        byte[] runs = new byte[400_000];
        for (int i = 0; i < runs.length; ) {
            int run = 1 + random.nextInt(random.nextInt(8) == 0 ? 2000 : 8);
            Arrays.fill(runs, i, Math.min(runs.length, i + run), (byte) random.nextInt(3));
            i += run;
        }
        return Stream.concat(Stream.of(new Sample("one byte", new byte[] {7}),
                new Sample("four equal bytes", new byte[4]), new Sample("259 equal bytes", new byte[259]),
                new Sample("noise", noise), new Sample("words", words), new Sample("runs", runs)),
                random.ints(40, 1, 4000).mapToObj(size -> {
                    byte[] some = new byte[size];
                    for (int i = 0; i < size; i++) {
                        some[i] = (byte) random.nextInt(1 + size % 250);
                    }
                    return new Sample(size + " bytes, seed " + SEED, some);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void givesBackWhatWasPacked(Sample sample) throws IOException {
        for (String level : new String[] {"-1", "-9"}) {
            assertArrayEquals(sample.content(), expanded(Shell.piped(sample.content(), "bzip2", level)));
        }
    }

    @Test
    void refusesWhateverIsChangedInItOrGivesTheSame() throws IOException {
        byte[] content = "the ring is open, ".repeat(40).getBytes();
        byte[] packed = RpmPacking.BZ2.pack(content);
        int same = 0;
        for (int at = 0; at < packed.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = packed.clone();
                changed[at] ^= (byte) (1 << bit);
                try {
                    assertArrayEquals(content, expanded(changed));
                    same++;
                } catch (Refusal refused) {
                    assertTrue(Stream.of("corrupt", "unusual").anyMatch(refused.code()::equals), refused.code());
                }
            }
        }
        // The size of the blocks, codes that are not used and the padding at the end: nothing that comes out.
        assertTrue(same * 10 < packed.length * 8, "changes without consequence: " + same);
        for (int end = 0; end < packed.length; end++) {
            byte[] cut = Arrays.copyOf(packed, end);
            assertThrows(Refusal.class, () -> expanded(cut));
        }
    }

    @Test
    void refusesABomb() {
        byte[] bomb = Shell.piped(new byte[60 << 20], "bzip2", "-9");
        assertEquals("too_large_expanded", assertThrows(Refusal.class, () -> expanded(bomb)).code());
    }
}
