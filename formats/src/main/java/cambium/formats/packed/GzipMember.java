package cambium.formats.packed;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Exactly one gzip member (RFC 1952), checksum and length verified. The JDK's own stream quietly goes on to further
/// members, or ignores garbage behind; readers that differ in what they see are how packages are smuggled.
final class GzipMember extends InputStream {
    private static final int MAX_TEXT_BYTES = 4096;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CRC = 2;

    private final PackedPart part;
    private final PackedBytes in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] packed = new byte[8 * 1024];
    private boolean ended;

    GzipMember(InputStream in, PackedPart part) throws IOException {
        this.part = part;
        this.in = new PackedBytes(in, part);
        readHeader();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        try {
            while (true) {
                int count = inflater.inflate(into, from, length);
                if (count > 0) {
                    crc.update(into, from, count);
                    return count;
                }
                if (inflater.finished()) {
                    readTrailer();
                    ended = true;
                    return -1;
                }
                if (inflater.needsDictionary()) {
                    throw part.corrupt("needs a dictionary");
                }
                feed();
            }
        } catch (DataFormatException broken) {
            throw part.corrupt("is a broken gzip stream");
        }
    }

    private void feed() throws IOException {
        inflater.setInput(packed, 0, in.take(packed, 0, packed.length));
    }

    private void readHeader() throws IOException {
        if (in.next() != 0x1f || in.next() != 0x8b || in.next() != 8) {
            throw part.corrupt("is not gzip");
        }
        int flags = in.next();
        if (flags > 31) {
            throw part.corrupt("has unknown flags in its gzip header");
        }
        for (int i = 0; i < 6; i++) {
            in.next();
        }
        if ((flags & EXTRA) != 0) {
            int length = in.next() | in.next() << 8;
            for (int i = 0; i < length; i++) {
                in.next();
            }
        }
        skipText(flags & NAME);
        skipText(flags & COMMENT);
        if ((flags & HEADER_CRC) != 0) {
            in.next();
            in.next();
        }
    }

    private void skipText(int flag) throws IOException {
        if (flag == 0) {
            return;
        }
        for (int i = 0; i < MAX_TEXT_BYTES; i++) {
            if (in.next() == 0) {
                return;
            }
        }
        throw part.corrupt("has a text in its gzip header of more than " + MAX_TEXT_BYTES + " bytes");
    }

    private void readTrailer() throws IOException {
        in.putBack(inflater.getRemaining());
        if (nextInt() != (int) crc.getValue() || nextInt() != (int) inflater.getBytesWritten()) {
            throw part.corrupt("has a gzip checksum that does not hold");
        }
        in.expectEnd();
    }

    private int nextInt() throws IOException {
        return in.next() | in.next() << 8 | in.next() << 16 | in.next() << 24;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
