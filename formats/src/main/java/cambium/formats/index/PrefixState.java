package cambium.formats.index;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Everything needed to go on hashing the three forms of an index after its first n chunks, in at most 320 bytes.
///
/// @param crc32 of the raw form so far, as the trailer of the gz form needs it
public record PrefixState(Sha256State raw, Sha256State gz, Sha256State xz, int crc32) {

    /// Before the first chunk: the compressed forms have had their headers.
    public static PrefixState start() {
        return new PrefixState(Sha256State.start(), Sha256State.start().update(GzFraming.header()),
                Sha256State.start().update(XzFraming.header()), 0);
    }

    /// The state after one more chunk.
    public PrefixState plus(EncodedChunk next) {
        return new PrefixState(raw.update(next.raw()), gz.update(next.gz()), xz.update(next.xz()),
                Crc32Combination.combine(crc32, next.chunk().crc32(), next.chunk().rawLength()));
    }

    /// The state after one more chunk, without hashing it: only the checksum of the raw form goes on.
    PrefixState plus(Chunk next) {
        return new PrefixState(raw, gz, xz, Crc32Combination.combine(crc32, next.crc32(), next.rawLength()));
    }

    Sha256State of(IndexForm form) {
        return switch (form) {
            case RAW -> raw;
            case GZ -> gz;
            case XZ -> xz;
        };
    }

    public byte[] toBytes() {
        byte[][] states = {raw.toBytes(), gz.toBytes(), xz.toBytes()};
        ByteBuffer out = ByteBuffer.allocate(4 + 3 + states[0].length + states[1].length + states[2].length);
        out.putInt(crc32);
        for (byte[] state : states) {
            out.put((byte) state.length).put(state);
        }
        return out.array();
    }

    /// @throws IllegalArgumentException when the bytes were not written by [#toBytes()]
    public static PrefixState fromBytes(byte[] written) {
        try {
            ByteBuffer in = ByteBuffer.wrap(written);
            int crc32 = in.getInt();
            var state = new PrefixState(next(in), next(in), next(in), crc32);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("a written prefix state with something behind it");
            }
            return state;
        } catch (BufferUnderflowException tooShort) {
            throw new IllegalArgumentException("a written prefix state that ends too early", tooShort);
        }
    }

    private static Sha256State next(ByteBuffer in) {
        byte[] state = new byte[in.get() & 0xff];
        in.get(state);
        return Sha256State.fromBytes(state);
    }
}
