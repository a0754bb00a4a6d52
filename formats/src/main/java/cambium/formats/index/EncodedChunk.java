package cambium.formats.index;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/// A chunk with its bytes in the three forms. Do not alter the arrays.
public record EncodedChunk(Chunk chunk, byte[] raw, byte[] gz, byte[] xz) {
    private static final long PACK_MAGIC = 0x63616d6269756d31L; // "cambium1"
    static final int PACK_HEADER_BYTES = Long.BYTES + Chunk.BYTES;

    public EncodedChunk {
        if (raw.length != chunk.rawLength() || gz.length != chunk.gzLength() || xz.length != chunk.xzLength()) {
            throw new IllegalArgumentException("bytes of other lengths than chunk " + chunk.sha256OfRaw() + " has");
        }
    }

    public byte[] form(IndexForm form) {
        return switch (form) {
            case RAW -> raw;
            case GZ -> gz;
            case XZ -> xz;
        };
    }

    /// One blob with a header and the three forms, each at its [Chunk#packOffset(IndexForm)].
    public byte[] toPack() {
        ByteBuffer pack = ByteBuffer.allocate(PACK_HEADER_BYTES + raw.length + gz.length + xz.length);
        pack.putLong(PACK_MAGIC);
        chunk.writeTo(pack);
        return pack.put(raw).put(gz).put(xz).array();
    }

    /// Reads what [#toPack()] wrote, checking lengths and the digest of the raw form.
    ///
    /// @throws IllegalArgumentException when the bytes are not such a pack
    public static EncodedChunk fromPack(byte[] pack) {
        try {
            ByteBuffer in = ByteBuffer.wrap(pack);
            if (in.getLong() != PACK_MAGIC) {
                throw new IllegalArgumentException("not a pack of a chunk");
            }
            Chunk chunk = Chunk.readFrom(in);
            if (in.remaining() != chunk.rawLength() + chunk.gzLength() + chunk.xzLength()) {
                throw new IllegalArgumentException("a pack of another length than its chunk " + chunk.sha256OfRaw());
            }
            var read = new EncodedChunk(chunk, take(in, chunk.rawLength()), take(in, chunk.gzLength()),
                    take(in, chunk.xzLength()));
            if (!ChunkEncoder.sha256Hex(read.raw).equals(chunk.sha256OfRaw())) {
                throw new IllegalArgumentException("a pack whose stanzas are not those of " + chunk.sha256OfRaw());
            }
            return read;
        } catch (BufferUnderflowException tooShort) {
            throw new IllegalArgumentException("a pack that ends too early", tooShort);
        }
    }

    private static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedChunk that && chunk.equals(that.chunk) && Arrays.equals(raw, that.raw)
                && Arrays.equals(gz, that.gz) && Arrays.equals(xz, that.xz);
    }

    @Override
    public int hashCode() {
        return Objects.hash(chunk);
    }

    @Override
    public String toString() {
        return "EncodedChunk[" + chunk + "]";
    }
}
