package cambium.formats.index;

import java.util.List;

/// A file that is nowhere stored as such: its segments one after another are its bytes.
///
/// @param length in bytes, the sum of the segments
/// @param sha256 of the whole file, in lower-case hexadecimal
public record VirtualIndex(IndexForm form, long length, String sha256, List<Segment> segments) {
    public VirtualIndex {
        segments = List.copyOf(segments);
        long sum = segments.stream().mapToLong(Segment::length).sum();
        if (sum != length) {
            throw new IllegalStateException("an index of " + length + " bytes in segments of " + sum);
        }
    }
}
