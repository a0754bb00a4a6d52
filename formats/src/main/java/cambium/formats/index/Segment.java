package cambium.formats.index;

/// A part of a virtual file, in order.
public sealed interface Segment {

    /// In bytes.
    long length();

    /// Bytes that stand nowhere else: headers and trailers. Do not alter the array.
    record Literal(byte[] bytes) implements Segment {
        @Override
        public long length() {
            return bytes.length;
        }
    }

    /// One form of a stored chunk, whole.
    record Slice(Chunk chunk, IndexForm form) implements Segment {
        @Override
        public long length() {
            return chunk.length(form);
        }
    }
}
