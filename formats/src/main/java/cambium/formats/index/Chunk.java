package cambium.formats.index;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// What is known of one immutable run of whole stanzas, without its bytes. All lengths are in bytes.
///
/// The compressed lengths belong to the bytes made when the chunk was encoded. Another encoder may make others of the
/// same stanzas, so a stored chunk is never encoded again: the hashes of published indexes depend on its bytes.
///
/// @param sha256OfRaw lower-case hexadecimal
/// @param lines line feeds in the raw form
/// @param crc32 of the raw form, as gzip needs it
/// @param gzLength of the deflate fragment, which ends at a byte boundary and refers to nothing before it
/// @param xzLength of the xz block with its padding and check, a multiple of four; 0 where there is no such form
/// @param xzUnpaddedSize of the xz block, as the index of an xz stream records it; 0 where there is none
public record Chunk(String sha256OfRaw, int rawLength, int stanzas, int lines, int crc32, int gzLength, int xzLength,
        int xzUnpaddedSize) {
    /// More than any chunk that merging makes; one entry of a package with the largest control file, or with the
    /// longest list of files, still fits.
    public static final int MAX_RAW_BYTES = 32 << 20;

    static final int BYTES = 32 + 7 * Integer.BYTES;

    public Chunk {
        if (!sha256OfRaw.matches("[0-9a-f]{64}") || rawLength < 1 || rawLength > MAX_RAW_BYTES || stanzas < 1
                || lines < 2 || gzLength < 1 || xzUnpaddedSize < 0 || xzLength != (xzUnpaddedSize + 3 & ~3)) {
            throw new IllegalArgumentException("not a chunk: " + sha256OfRaw + " of " + rawLength + " bytes");
        }
    }

    /// How many bytes this chunk contributes to an index of that form.
    public int length(IndexForm form) {
        return switch (form) {
            case RAW -> rawLength;
            case GZ -> gzLength;
            case XZ -> xzLength;
        };
    }

    /// Where the bytes of that form begin in [EncodedChunk#toPack()].
    public int packOffset(IndexForm form) {
        return EncodedChunk.PACK_HEADER_BYTES + switch (form) {
            case RAW -> 0;
            case GZ -> rawLength;
            case XZ -> rawLength + gzLength;
        };
    }

    void writeTo(ByteBuffer out) {
        out.put(HexFormat.of().parseHex(sha256OfRaw)).putInt(rawLength).putInt(stanzas).putInt(lines).putInt(crc32)
                .putInt(gzLength).putInt(xzLength).putInt(xzUnpaddedSize);
    }

    static Chunk readFrom(ByteBuffer in) {
        byte[] sha256 = new byte[32];
        in.get(sha256);
        return new Chunk(HexFormat.of().formatHex(sha256), in.getInt(), in.getInt(), in.getInt(), in.getInt(),
                in.getInt(), in.getInt(), in.getInt());
    }
}
