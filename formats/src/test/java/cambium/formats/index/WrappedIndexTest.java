package cambium.formats.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class WrappedIndexTest {
    private static final long SEED = 20261122;

    private final Map<Chunk, EncodedChunk> store = new HashMap<>();
    private List<PlacedChunk> chunks = List.of();

    private static Wrapping wrapping(int count) {
        return new Wrapping(("<head count=\"" + count + "\">\n").getBytes(StandardCharsets.UTF_8),
                "</head>\n".getBytes(StandardCharsets.UTF_8));
    }

    private void apply(Change change) {
        change.encoded().forEach(made -> store.put(made.chunk(), made));
        chunks = change.applyTo(chunks);
    }

    private byte[] file(VirtualIndex index) {
        var out = new ByteArrayOutputStream();
        for (Segment segment : index.segments()) {
            switch (segment) {
                case Segment.Literal(byte[] bytes) -> out.writeBytes(bytes);
                case Segment.Slice(Chunk chunk, IndexForm form) -> out.writeBytes(store.get(chunk).form(form));
            }
        }
        return out.toByteArray();
    }

    private VirtualIndex described(IndexForm form, Wrapping wrapping) {
        return WrappedIndex.describe(chunks, form, wrapping, (chunk, of) -> store.get(chunk).form(of));
    }

    private void check(List<byte[]> entries) throws Exception {
        Wrapping wrapping = wrapping(entries.size());
        var raw = new ByteArrayOutputStream();
        raw.writeBytes(wrapping.head());
        entries.forEach(raw::writeBytes);
        raw.writeBytes(wrapping.tail());
        VirtualIndex gz = described(IndexForm.GZ, wrapping);
        byte[] file = file(gz);
        assertEquals(gz.length(), file.length);
        assertEquals(ChunkEncoder.sha256Hex(file), gz.sha256());
        assertArrayEquals(raw.toByteArray(), new GZIPInputStream(new ByteArrayInputStream(file)).readAllBytes());
        assertArrayEquals(raw.toByteArray(), file(described(IndexForm.RAW, wrapping)));
        assertEquals(entries.size(), chunks.stream().mapToInt(placed -> placed.chunk().stanzas()).sum());
    }

    private static byte[] entry(Random random, int number) {
        return ("<entry number=\"" + number + "\">" + "x".repeat(random.nextInt(3000)) + "</entry>\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void staysTheFileOfItsEntriesWhateverIsAddedAndTakenOut() throws Exception {
        var random = new Random(SEED);
        var entries = new ArrayList<byte[]>();
        check(entries);
        for (int i = 0; i < 150; i++) {
            if (!entries.isEmpty() && random.nextInt(5) == 0) {
                byte[] gone = entries.remove(random.nextInt(entries.size()));
                apply(SplicedIndex.without(chunks, List.of(gone), store::get, Splicing.WRAPPED));
            } else {
                entries.add(entry(random, i));
                apply(SplicedIndex.appended(chunks, entries.getLast(), store::get, Splicing.WRAPPED));
            }
            check(entries);
        }
        store.values().forEach(made -> assertEquals(0, made.xz().length, "no form that nobody asks for"));
    }

    @Test
    void readsBackOnlyAsFarAsWhatIsTakenOutStands() {
        for (int i = 0; i < 3; i++) {
            byte[] big = ("<entry>" + "y".repeat(1 << 20) + i + "</entry>\n\n").getBytes(StandardCharsets.UTF_8);
            apply(SplicedIndex.appended(chunks, big, store::get, Splicing.WRAPPED));
        }
        byte[] middle = store.get(chunks.get(1).chunk()).raw();
        var read = new ArrayList<Chunk>();
        Change change = SplicedIndex.without(chunks, List.of(middle), chunk -> {
            read.add(chunk);
            return store.get(chunk);
        }, Splicing.WRAPPED);
        assertEquals(List.of(chunks.get(2).chunk(), chunks.get(1).chunk()), read, "the last one only once");
        assertEquals(chunks.get(2).chunk(), change.placed().getLast().chunk());
    }

    @Test
    void noticesBytesOfAnotherLength() {
        apply(SplicedIndex.appended(chunks, entry(new Random(SEED), 0), store::get, Splicing.WRAPPED));
        assertThrows(IllegalStateException.class,
                () -> WrappedIndex.describe(chunks, IndexForm.GZ, wrapping(1), (_, _) -> new byte[3]));
        assertThrows(IllegalArgumentException.class, () -> described(IndexForm.XZ, wrapping(1)));
    }

    @Test
    void packsOfOneFormLessComeBackEqual() {
        apply(SplicedIndex.appended(chunks, entry(new Random(SEED), 0), store::get, Splicing.WRAPPED));
        EncodedChunk made = store.get(chunks.getFirst().chunk());
        assertEquals(made, EncodedChunk.fromPack(made.toPack()));
        assertEquals(chunks.getFirst(), PlacedChunk.fromBytes(chunks.getFirst().toBytes()));
    }
}
