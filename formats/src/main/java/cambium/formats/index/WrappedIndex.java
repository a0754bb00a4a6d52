package cambium.formats.index;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The files of an index that stands in a [Wrapping]: raw, and as one gzip member whose head and tail are blocks of
/// their own, so that the chunks between them stay as they are.
public final class WrappedIndex {
    private WrappedIndex() {}

    /// The whole file; its digest is that of all its bytes, read through `source` and hashed by the JDK, which is many
    /// times faster than hashing with states that can be kept.
    public static VirtualIndex describe(List<PlacedChunk> chunks, IndexForm form, Wrapping wrapping,
            SliceSource source) {
        List<Segment> segments = segments(chunks, form, wrapping);
        MessageDigest digest = sha256();
        long length = 0;
        for (Segment segment : segments) {
            byte[] bytes = switch (segment) {
                case Segment.Literal(byte[] literal) -> literal;
                case Segment.Slice(Chunk chunk, IndexForm of) -> source.bytes(chunk, of);
            };
            if (bytes.length != segment.length()) {
                throw new IllegalStateException("a segment of " + segment.length() + " bytes was read as "
                        + bytes.length);
            }
            digest.update(bytes);
            length += bytes.length;
        }
        return new VirtualIndex(form, length, HexFormat.of().formatHex(digest.digest()), segments);
    }

    /// What the file consists of, in order.
    public static List<Segment> segments(List<PlacedChunk> chunks, IndexForm form, Wrapping wrapping) {
        var segments = new ArrayList<Segment>(chunks.size() + 4);
        switch (form) {
            case RAW -> {
                segments.add(new Segment.Literal(wrapping.head()));
                chunks.forEach(placed -> segments.add(new Segment.Slice(placed.chunk(), form)));
                segments.add(new Segment.Literal(wrapping.tail()));
            }
            case GZ -> {
                segments.add(new Segment.Literal(GzFraming.header()));
                segments.add(new Segment.Literal(GzFraming.stored(wrapping.head())));
                chunks.forEach(placed -> segments.add(new Segment.Slice(placed.chunk(), form)));
                segments.add(new Segment.Literal(GzFraming.stored(wrapping.tail())));
                segments.add(new Segment.Literal(trailer(chunks, wrapping)));
            }
            case XZ -> throw new IllegalArgumentException("an index in a wrapping has no xz form");
        }
        return segments;
    }

    private static byte[] trailer(List<PlacedChunk> chunks, Wrapping wrapping) {
        long between = chunks.stream().mapToLong(placed -> placed.chunk().rawLength()).sum();
        int crcBetween = chunks.isEmpty() ? 0 : chunks.getLast().after().crc32();
        int crc = Crc32Combination.combine(ChunkEncoder.crc32(wrapping.head()), crcBetween, between);
        crc = Crc32Combination.combine(crc, ChunkEncoder.crc32(wrapping.tail()), wrapping.tail().length);
        return GzFraming.trailer(crc, wrapping.head().length + between + wrapping.tail().length);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JDK has SHA-256", never);
        }
    }
}
