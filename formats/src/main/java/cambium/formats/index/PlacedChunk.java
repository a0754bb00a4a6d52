package cambium.formats.index;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// A chunk in its place in one index: with the state of hashing after it. The same chunk may stand in many indexes;
/// the state belongs to this one.
public record PlacedChunk(Chunk chunk, PrefixState after) {

    /// At most 380 bytes.
    public byte[] toBytes() {
        byte[] state = after.toBytes();
        ByteBuffer out = ByteBuffer.allocate(Chunk.BYTES + state.length);
        chunk.writeTo(out);
        return out.put(state).array();
    }

    /// @throws IllegalArgumentException when the bytes were not written by [#toBytes()]
    public static PlacedChunk fromBytes(byte[] written) {
        try {
            ByteBuffer in = ByteBuffer.wrap(written);
            Chunk chunk = Chunk.readFrom(in);
            byte[] state = new byte[in.remaining()];
            in.get(state);
            return new PlacedChunk(chunk, PrefixState.fromBytes(state));
        } catch (BufferUnderflowException tooShort) {
            throw new IllegalArgumentException("a written chunk that ends too early", tooShort);
        }
    }
}
