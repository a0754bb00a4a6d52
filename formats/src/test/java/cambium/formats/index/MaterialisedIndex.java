package cambium.formats.index;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An index under test: the list of placed chunks, the packs as a blob store would keep them, and what was loaded.
final class MaterialisedIndex {
    private final Map<String, byte[]> packs = new HashMap<>();
    private List<PlacedChunk> chunks = List.of();
    private int loads;

    void append(byte[] stanzas) {
        append(SplicedIndex.appended(chunks, stanzas, this::load));
    }

    void remove(List<byte[]> stanzas) {
        append(SplicedIndex.without(chunks, stanzas, this::load));
    }

    void append(Change change) {
        change.encoded().forEach(made -> packs.put(made.chunk().sha256OfRaw(), made.toPack()));
        chunks = change.applyTo(chunks).stream().map(placed -> PlacedChunk.fromBytes(placed.toBytes())).toList();
    }

    EncodedChunk load(Chunk chunk) {
        loads++;
        return EncodedChunk.fromPack(packs.get(chunk.sha256OfRaw()));
    }

    List<PlacedChunk> chunks() {
        return chunks;
    }

    int loads() {
        return loads;
    }

    VirtualIndex describe(IndexForm form) {
        return SplicedIndex.describe(chunks, form);
    }

    byte[] bytes(IndexForm form) {
        var out = new ByteArrayOutputStream();
        for (Segment segment : describe(form).segments()) {
            switch (segment) {
                case Segment.Literal(byte[] bytes) -> out.writeBytes(bytes);
                case Segment.Slice(var chunk, var wanted) -> out.write(packs.get(chunk.sha256OfRaw()),
                        chunk.packOffset(wanted), chunk.length(wanted));
            }
        }
        return out.toByteArray();
    }
}
