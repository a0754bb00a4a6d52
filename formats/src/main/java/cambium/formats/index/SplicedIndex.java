package cambium.formats.index;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/// An index as an ordered list of chunks: how it changes, and how its files come out.
///
/// The order of stanzas is the order of admission and never changes otherwise. `load` brings a chunk's bytes back
/// from where the caller keeps them; it is asked only for chunks that a change touches.
public final class SplicedIndex {
    private SplicedIndex() {}

    /// Puts stanzas at the end. The cost follows the size of the new stanzas and of the few chunks at the end that
    /// they merge with, not the size of the index.
    ///
    /// @param newStanzas whole stanzas, each ended by a blank line; may be none
    public static Change appended(List<PlacedChunk> chunks, byte[] newStanzas, Function<Chunk, EncodedChunk> load) {
        return appended(chunks, newStanzas, load, Splicing.PLAIN);
    }

    /// The same for an index whose chunks are made in that way.
    public static Change appended(List<PlacedChunk> chunks, byte[] newStanzas, Function<Chunk, EncodedChunk> load,
            Splicing splicing) {
        var tail = new TailMerge(chunks, load);
        Stanzas.cut(newStanzas, TailMerge.SEAL_BYTES).forEach(tail::append);
        var placing = new Placing(chunks, tail.keep(), splicing);
        // Each is a function of its bytes alone, and compressing takes nearly all of the time.
        tail.fresh().parallelStream().map(raw -> ChunkEncoder.encode(raw, splicing.forms())).toList()
                .forEach(placing::take);
        return placing.change();
    }

    /// Takes stanzas out, each named by its exact bytes, the last occurrence of each. The chunks that held them are
    /// made anew, and all after the first of those are hashed again, but not compressed again.
    ///
    /// @param gone runs of whole stanzas with their blank lines; one that the index does not hold is no error
    public static Change without(List<PlacedChunk> chunks, List<byte[]> gone, Function<Chunk, EncodedChunk> load) {
        return without(chunks, gone, load, Splicing.PLAIN);
    }

    /// The same for an index whose chunks are made in that way.
    public static Change without(List<PlacedChunk> chunks, List<byte[]> gone, Function<Chunk, EncodedChunk> load,
            Splicing splicing) {
        var left = new ArrayList<byte[]>();
        gone.forEach(run -> left.addAll(Stanzas.split(run)));
        var remade = new TreeMap<Integer, byte[]>();
        for (int i = chunks.size() - 1; i >= 0 && !left.isEmpty(); i--) {
            byte[] raw = load.apply(chunks.get(i).chunk()).raw();
            byte[] kept = without(raw, left);
            if (kept.length < raw.length) {
                remade.put(i, kept);
            }
        }
        int first = remade.isEmpty() ? chunks.size() : remade.firstKey();
        var placing = new Placing(chunks, first, splicing);
        for (int i = first; i < chunks.size(); i++) {
            byte[] kept = remade.get(i);
            if (kept == null) {
                placing.place(chunks.get(i).chunk(), load);
            } else if (kept.length > 0) {
                placing.encode(kept);
            }
        }
        return placing.change();
    }

    /// The file of one form: length, digest and the segments that make it up. An index of no chunks is a valid file.
    public static VirtualIndex describe(List<PlacedChunk> chunks, IndexForm form) {
        PrefixState state = chunks.isEmpty() ? PrefixState.start() : chunks.getLast().after();
        var segments = new ArrayList<Segment>(chunks.size() + 2);
        if (form != IndexForm.RAW) {
            segments.add(new Segment.Literal(form == IndexForm.GZ ? GzFraming.header() : XzFraming.header()));
        }
        chunks.forEach(placed -> segments.add(new Segment.Slice(placed.chunk(), form)));
        byte[] trailer = trailer(chunks, form, state);
        if (trailer.length > 0) {
            segments.add(new Segment.Literal(trailer));
        }
        Sha256State whole = state.of(form).update(trailer);
        return new VirtualIndex(form, whole.length(), whole.digestHex(), segments);
    }

    private static byte[] trailer(List<PlacedChunk> chunks, IndexForm form, PrefixState state) {
        return switch (form) {
            case RAW -> new byte[0];
            case GZ -> GzFraming.trailer(state.crc32(), state.raw().length());
            case XZ -> {
                var index = new XzFraming.Index();
                chunks.forEach(placed -> index.add(placed.chunk()));
                yield index.trailer();
            }
        };
    }

    /// The run without the stanzas found in it, which are also taken off the list.
    private static byte[] without(byte[] raw, List<byte[]> gone) {
        var kept = new ArrayList<byte[]>();
        for (byte[] stanza : Stanzas.split(raw).reversed()) {
            int found = indexOf(gone, stanza);
            if (found < 0) {
                kept.addFirst(stanza);
            } else {
                gone.remove(found);
            }
        }
        var out = new ByteArrayOutputStream(raw.length);
        kept.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static int indexOf(List<byte[]> stanzas, byte[] wanted) {
        for (int i = 0; i < stanzas.size(); i++) {
            if (Arrays.equals(stanzas.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }

    /// Gathers the chunks after the kept ones, hashing on from the state stored with the last of those.
    private static final class Placing {
        private final int keep;
        private final Splicing splicing;
        private final List<PlacedChunk> placed = new ArrayList<>();
        private final List<EncodedChunk> encoded = new ArrayList<>();
        private PrefixState state;

        Placing(List<PlacedChunk> chunks, int keep, Splicing splicing) {
            this.keep = keep;
            this.splicing = splicing;
            this.state = keep == 0 ? PrefixState.start() : chunks.get(keep - 1).after();
        }

        void encode(byte[] raw) {
            take(ChunkEncoder.encode(raw, splicing.forms()));
        }

        void take(EncodedChunk made) {
            encoded.add(made);
            place(made.chunk(), _ -> made);
        }

        void place(Chunk chunk, Function<Chunk, EncodedChunk> load) {
            state = splicing.hashed() ? state.plus(load.apply(chunk)) : state.plus(chunk);
            placed.add(new PlacedChunk(chunk, state));
        }

        Change change() {
            return new Change(keep, placed, encoded);
        }
    }
}
