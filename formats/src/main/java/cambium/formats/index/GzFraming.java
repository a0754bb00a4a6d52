package cambium.formats.index;

import java.io.ByteArrayOutputStream;

/// What stands around the deflate fragments of one gzip member. One member, since some readers stop after the first.
final class GzFraming {
    /// No name and no time, so that equal content gives equal bytes; operating system unknown. See RFC 1952.
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /// A last, empty block of fixed codes.
    private static final byte[] LAST_BLOCK = {3, 0};

    static final int MAX_STORED_BYTES = 0xffff;

    private GzFraming() {}

    /// Bytes as one stored block, which is not the last: not compressed, so the same whatever the encoder. Nothing for
    /// nothing. See RFC 1951, 3.2.4.
    static byte[] stored(byte[] raw) {
        if (raw.length == 0) {
            return raw;
        }
        var out = new ByteArrayOutputStream(raw.length + 5);
        out.write(0);
        out.write(raw.length);
        out.write(raw.length >>> 8);
        out.write(~raw.length);
        out.write(~raw.length >>> 8);
        out.writeBytes(raw);
        return out.toByteArray();
    }

    static byte[] header() {
        return HEADER.clone();
    }

    /// @param rawLength of the whole content; gzip records it modulo 2^32
    static byte[] trailer(int crc32, long rawLength) {
        var out = new ByteArrayOutputStream(10);
        out.writeBytes(LAST_BLOCK);
        out.writeBytes(XzFraming.littleEndian(crc32));
        out.writeBytes(XzFraming.littleEndian((int) rawLength));
        return out.toByteArray();
    }
}
