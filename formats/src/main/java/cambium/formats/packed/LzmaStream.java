package cambium.formats.packed;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tukaani.xz.LZMAInputStream;

/// Opens a stream of the older .lzma format, whose announced dictionary is brought within bounds as [XzWalk] does.
final class LzmaStream {
    private static final int HEADER_BYTES = 13;
    private static final long LARGEST_HONEST_DICTIONARY_BYTES = 64L << 20;

    private LzmaStream() {}

    static InputStream open(InputStream packed, PackedPart part) throws IOException {
        byte[] header = packed.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES) {
            throw part.corrupt("ends too early in its compressed form");
        }
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        long dictionary = fields.getInt(1) & 0xffffffffL;
        if (dictionary > LARGEST_HONEST_DICTIONARY_BYTES) {
            throw part.tooLarge("asks for a larger lzma dictionary than is allowed");
        }
        long bounded = Math.min(dictionary, 1L << 12 + part.maxXzDictionaryCode() / 2);
        return new LZMAInputStream(new BufferedInputStream(packed), fields.getLong(5), header[0], (int) bounded);
    }
}
