package cambium.formats.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplicedIndexPropertyTest {
    private static final long FIRST_SEED = 1;
    private static final int HISTORIES = 16;
    private static final int STEPS = 40;

    @Test
    void anyHistoryGivesTheFilesThatARebuildWouldGive(@TempDir Path folder) throws IOException {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            try {
                History history = new History(seed);
                for (int step = 0; step < STEPS; step++) {
                    history.step();
                    if (step % 20 == 0) {
                        history.check();
                    }
                }
                history.check();
                Files.write(folder.resolve(seed + ".gz"), history.index.bytes(IndexForm.GZ));
                Files.write(folder.resolve(seed + ".xz"), history.index.bytes(IndexForm.XZ));
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("seed " + seed, broken);
            }
        }
        Shell.run(folder, "gzip -t *.gz; xz -t *.xz; for f in *.gz; do zcat $f > a; xzcat ${f%.gz}.xz | cmp - a; done");
    }

    @Test
    void emptyFilesPassTheRealToolsToo(@TempDir Path folder) throws IOException {
        var index = new MaterialisedIndex();
        Files.write(folder.resolve("e.gz"), index.bytes(IndexForm.GZ));
        Files.write(folder.resolve("e.xz"), index.bytes(IndexForm.XZ));
        Shell.run(folder, "gzip -t e.gz; xz -t e.xz; zcat e.gz | cmp - /dev/null; xzcat e.xz | cmp - /dev/null");
    }

    /// Work is counted, not timed: what is encoded and loaded for each of many single stanzas.
    @Test
    void appendingCostsWhatTheTailCostsHoweverLongTheIndex() {
        var random = new Random(7);
        var index = new MaterialisedIndex();
        long stanzaBytes = 0;
        long encodedBytes = 0;
        int stanzas = 2_000;
        for (int i = 0; i < stanzas; i++) {
            byte[] stanza = stanza(random, i, 500 + random.nextInt(1_000));
            stanzaBytes += stanza.length;
            Change change = SplicedIndex.appended(index.chunks(), stanza, index::load);
            assertTrue(change.keep() >= index.chunks().size() - 20, "a change of many chunks");
            assertEquals(change.placed().size(), change.encoded().size());
            encodedBytes += change.encoded().stream().mapToLong(made -> made.raw().length).sum();
            index.append(change);
        }
        assertTrue(encodedBytes < 6 * stanzaBytes, encodedBytes + " bytes encoded for " + stanzaBytes);
        assertTrue(index.chunks().size() < 30, index.chunks().size() + " chunks");
        assertTrue(index.loads() < stanzas * 4 / 3 + 100, index.loads() + " loads");
        assertTrue(index.chunks().stream().allMatch(placed -> placed.chunk().rawLength() <= TailMerge.SEAL_BYTES));
    }

    @Test
    void oneLargeImportIsCutIntoSealedChunksAtStanzaEnds() throws IOException {
        var random = new Random(8);
        var all = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            all.append(new String(stanza(random, i, 1_000), UTF_8));
        }
        var index = new MaterialisedIndex();
        index.append(all.toString().getBytes(UTF_8));
        assertEquals(3, index.chunks().size());
        SplicedIndexTest.assertFiles(index, all.toString());
    }

    @Test
    void oneStanzaMayBeLargerThanTheSeal() throws IOException {
        byte[] large = stanza(new Random(9), 1, TailMerge.SEAL_BYTES + 100_000);
        var index = new MaterialisedIndex();
        index.append(stanza(new Random(9), 0, 100));
        index.append(large);
        index.append(stanza(new Random(9), 2, 100));
        assertEquals(3, index.chunks().size());
        index.remove(List.of(large));
        assertEquals(2, index.chunks().size());
    }

    static byte[] stanza(Random random, int number, int bytes) {
        var text = new StringBuilder("Package: p" + number + "\n");
        while (text.length() < bytes) {
            text.append("X-").append(text.length()).append(": ");
            for (int i = random.nextInt(60); i >= 0; i--) {
                text.append((char) ('a' + random.nextInt(random.nextInt(26) + 1)));
            }
            text.append(random.nextInt(4) == 0 ? "\n more \u00e4\n" : "\n");
        }
        return text.append('\n').toString().getBytes(UTF_8);
    }

    /// A random history, beside the plain list of stanzas that it must amount to.
    private static final class History {
        private final Random random;
        private final MaterialisedIndex index = new MaterialisedIndex();
        private final List<String> expected = new ArrayList<>();
        private int number;

        History(long seed) {
            random = new Random(seed);
        }

        void step() {
            if (random.nextInt(4) == 0) {
                remove();
            } else {
                append();
            }
        }

        private void append() {
            var added = new StringBuilder();
            for (int i = random.nextInt(3) == 0 ? random.nextInt(12) : 1; i > 0; i--) {
                int bytes = random.nextInt(60) == 0 ? random.nextInt(150_000) : random.nextInt(2_000);
                String stanza = new String(stanza(random, number++, bytes), UTF_8);
                expected.add(stanza);
                added.append(stanza);
            }
            index.append(added.toString().getBytes(UTF_8));
        }

        private void remove() {
            var gone = new ArrayList<byte[]>();
            for (int i = random.nextInt(4); i >= 0 && !expected.isEmpty(); i--) {
                gone.add(expected.remove(random.nextInt(expected.size())).getBytes(UTF_8));
            }
            if (random.nextInt(5) == 0) {
                gone.add("Package: never-there\n\n".getBytes(UTF_8));
            }
            index.remove(gone);
        }

        void check() throws IOException {
            SplicedIndexTest.assertFiles(index, String.join("", expected));
            int stanzas = 0;
            for (PlacedChunk placed : index.chunks()) {
                byte[] raw = index.load(placed.chunk()).raw();
                assertEquals("\n\n", new String(raw, raw.length - 2, 2, UTF_8), "end of a chunk");
                stanzas += placed.chunk().stanzas();
            }
            assertEquals(expected.size(), stanzas);
            var rebuilt = new MaterialisedIndex();
            rebuilt.append(String.join("", expected).getBytes(UTF_8));
            assertEquals(rebuilt.describe(IndexForm.RAW).sha256(), index.describe(IndexForm.RAW).sha256());
        }
    }
}
