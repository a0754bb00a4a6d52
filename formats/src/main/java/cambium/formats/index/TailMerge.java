package cambium.formats.index;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Keeps the number of chunks logarithmic in the number of stanzas: whenever four neighbours at the end are of one
/// tier (sizes within a factor of four), they become one chunk, up to the seal. Only neighbours merge, and their
/// order never changes, so the raw index stays the same and the states before the merge stay valid.
final class TailMerge {
    /// xz loses 7 % against one block at this size, and much more below it.
    static final int SEAL_BYTES = 1 << 20;
    private static final int MERGED_NEIGHBOURS = 4;
    private static final int LOWEST_TIER_BYTES = 4096;

    private final List<PlacedChunk> old;
    private final Function<Chunk, EncodedChunk> load;
    private final List<byte[]> fresh = new ArrayList<>();
    private int keep;

    TailMerge(List<PlacedChunk> old, Function<Chunk, EncodedChunk> load) {
        this.old = old;
        this.load = load;
        this.keep = old.size();
    }

    /// How many of the old chunks are untouched.
    int keep() {
        return keep;
    }

    /// The raw chunks that follow them.
    List<byte[]> fresh() {
        return List.copyOf(fresh);
    }

    void append(byte[] stanzas) {
        byte[] last = stanzas;
        for (int merged = mergeable(last.length); merged > 0; merged = mergeable(last.length)) {
            var joined = new ByteArrayOutputStream();
            List<byte[]> neighbours = takeLast(merged);
            neighbours.forEach(joined::writeBytes);
            joined.writeBytes(last);
            last = joined.toByteArray();
        }
        fresh.add(last);
    }

    /// How many chunks at the end should join one of that size: enough of its own tier, or none.
    private int mergeable(int bytes) {
        int neighbours = 0;
        long sum = bytes;
        while (neighbours < keep + fresh.size()) {
            int length = lengthFromEnd(neighbours);
            if (tier(length) != tier(bytes) || sum + length > SEAL_BYTES) {
                break;
            }
            sum += length;
            neighbours++;
        }
        return neighbours < MERGED_NEIGHBOURS - 1 ? 0 : neighbours;
    }

    private int lengthFromEnd(int back) {
        return back < fresh.size() ? fresh.get(fresh.size() - 1 - back).length
                : old.get(keep - 1 - (back - fresh.size())).chunk().rawLength();
    }

    private List<byte[]> takeLast(int count) {
        var taken = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            if (fresh.isEmpty()) {
                keep--;
                taken.addFirst(load.apply(old.get(keep).chunk()).raw());
            } else {
                taken.addFirst(fresh.removeLast());
            }
        }
        return taken;
    }

    private static int tier(int bytes) {
        int tier = 0;
        for (long size = LOWEST_TIER_BYTES; size < bytes; size *= 4) {
            tier++;
        }
        return tier;
    }
}
