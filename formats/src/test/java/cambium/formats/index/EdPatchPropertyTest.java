package cambium.formats.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdPatchPropertyTest {
    private static final long SEED = 20261122;
    private static final int HISTORIES = 12;
    private static final int STEPS = 25;
    private static final int MAX_BYTES = 8 << 20;

    /// apt's own program applies every patch of random histories, in which merges happen on the way.
    @Test
    void aptMakesEachStateFromTheOneBefore(@TempDir Path folder) throws IOException {
        var random = new Random(SEED);
        int patches = 0;
        for (int i = 0; i < HISTORIES; i++) {
            var index = new MaterialisedIndex();
            var held = new ArrayList<byte[]>();
            for (int step = 0; step < STEPS; step++) {
                List<PlacedChunk> before = index.chunks();
                byte[] old = index.bytes(IndexForm.RAW);
                change(index, held, random);
                byte[] patch = EdPatch.between(before, index.chunks(), index::load, MAX_BYTES).orElseThrow();
                byte[] now = index.bytes(IndexForm.RAW);
                if (patch.length > 0) {
                    Files.write(folder.resolve(patches + ".old"), old);
                    Files.write(folder.resolve(patches + ".patch"), patch);
                    Files.write(folder.resolve(patches++ + ".new"), now);
                } else {
                    assertArrayEquals(old, now, "seed " + SEED);
                }
            }
        }
        assertEquals(List.of(Integer.toString(patches)), Shell.run(folder, """
                for new in *.new; do
                    n=${new%.new}
                    /usr/lib/apt/methods/rred -t $n.old $n.made $n.patch 2>/dev/null
                    cmp $n.made $new
                done
                ls *.made | wc -l
                """), "seed " + SEED);
    }

    private static void change(MaterialisedIndex index, List<byte[]> held, Random random) {
        if (!held.isEmpty() && random.nextInt(3) == 0) {
            var gone = new ArrayList<byte[]>();
            for (int i = random.nextInt(Math.min(5, held.size())); i >= 0; i--) {
                gone.add(held.remove(random.nextInt(held.size())));
            }
            index.remove(gone);
        }
        var text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(6) == 0 ? 60 : 3); i > 0; i--) {
            byte[] stanza = SplicedIndexPropertyTest.stanza(random, random.nextInt(40), 50 + random.nextInt(3_000));
            held.add(stanza);
            text.append(new String(stanza, UTF_8));
        }
        index.append(text.toString().getBytes(UTF_8));
    }

    @Test
    void oneMorePackageIsItsStanzaAndTwoShortLines() {
        var index = filled(300);
        List<PlacedChunk> before = index.chunks();
        int lines = before.stream().mapToInt(placed -> placed.chunk().lines()).sum();
        byte[] stanza = "Package: new\nVersion: 1\n\n".getBytes(UTF_8);
        int loads = index.loads();
        index.append(stanza);
        byte[] patch = EdPatch.between(before, index.chunks(), index::load, MAX_BYTES).orElseThrow();
        assertEquals(lines + "a\nPackage: new\nVersion: 1\n\n.\n", new String(patch, UTF_8));
        assertTrue(index.loads() - loads < 20, "loaded " + (index.loads() - loads));
    }

    @Test
    void removingFromTheMiddleIsOneLineAndLoadsTheTwoStatesOfOneChunk() {
        var index = filled(300);
        List<PlacedChunk> before = index.chunks();
        index.remove(List.of("Package: p150\nVersion: 1\nX: y\n\n".getBytes(UTF_8)));
        int loads = index.loads();
        byte[] patch = EdPatch.between(before, index.chunks(), index::load, MAX_BYTES).orElseThrow();
        assertEquals("601,604d\n", new String(patch, UTF_8));
        assertEquals(2, index.loads() - loads);
    }

    @Test
    void mergingAloneGivesNoCommands() {
        var apart = new MaterialisedIndex();
        var together = new MaterialisedIndex();
        var all = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            apart.append(("Package: p" + i + "\n\n").getBytes(UTF_8));
            all.append("Package: p").append(i).append("\n\n");
        }
        together.append(all.toString().getBytes(UTF_8));
        assertEquals(1, together.chunks().size());
        byte[] patch = EdPatch.between(apart.chunks(), together.chunks(),
                chunk -> apart.chunks().stream().anyMatch(placed -> placed.chunk().equals(chunk)) ? apart.load(chunk)
                        : together.load(chunk), MAX_BYTES).orElseThrow();
        assertEquals(0, patch.length);
    }

    @Test
    void givesUpWhenThePatchWouldBeTooLongAndRefusesALoneDot() {
        var index = filled(10);
        assertEquals(Optional.empty(), EdPatch.between(List.of(), index.chunks(), index::load, 100));
        var dotted = new MaterialisedIndex();
        dotted.append("Package: a\n.\n\n".getBytes(UTF_8));
        assertThrows(IllegalArgumentException.class,
                () -> EdPatch.between(List.of(), dotted.chunks(), dotted::load, 100));
    }

    private static MaterialisedIndex filled(int stanzas) {
        var index = new MaterialisedIndex();
        for (int i = 0; i < stanzas; i++) {
            index.append(("Package: p" + i + "\nVersion: 1\nX: y\n\n").getBytes(UTF_8));
        }
        return index;
    }
}
