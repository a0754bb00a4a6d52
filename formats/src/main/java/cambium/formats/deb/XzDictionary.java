package cambium.formats.deb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;

/// Keeps an xz decoder from allocating what the stream merely announces.
///
/// `xz -9` announces a dictionary of 64 MiB whatever the size of the content, and the decoder takes it at once. No
/// match can reach back further than the content is long, and a control archive is never longer than 32 MiB: so the
/// announcement is lowered to that on its way to the decoder. Larger announcements than any preset makes are refused.
/// See the .xz file format, sections 3.1 and 5.3.1.
final class XzDictionary {
    private static final int STREAM_HEADER_BYTES = 12;
    private static final int LZMA2 = 0x21;
    private static final int CODE_OF_32_MIB = 26;
    private static final int CODE_OF_64_MIB = 28;

    private XzDictionary() {}

    /// The same stream, with the dictionary of its first block lowered. A control archive of more than one block is
    /// left to the decoder's own memory limit.
    static InputStream capped(InputStream packed) throws IOException {
        byte[] start = packed.readNBytes(STREAM_HEADER_BYTES + 1);
        if (start.length <= STREAM_HEADER_BYTES || start[STREAM_HEADER_BYTES] == 0) {
            return joined(start, packed);
        }
        int header = ((start[STREAM_HEADER_BYTES] & 0xff) + 1) * 4;
        byte[] rest = packed.readNBytes(header - 1);
        byte[] head = Arrays.copyOf(start, STREAM_HEADER_BYTES + header);
        System.arraycopy(rest, 0, head, start.length, rest.length);
        if (rest.length < header - 1) {
            return joined(Arrays.copyOf(head, start.length + rest.length), packed);
        }
        lower(ByteBuffer.wrap(head, STREAM_HEADER_BYTES, header).slice().order(ByteOrder.LITTLE_ENDIAN));
        return joined(head, packed);
    }

    private static void lower(ByteBuffer header) throws MalformedDeb {
        int crcAt = header.capacity() - 4;
        int at = dictionaryAt(header, crcAt);
        if (at < 0 || header.getInt(crcAt) != crc32(header, crcAt)) {
            return;
        }
        int code = header.get(at) & 0xff;
        if (code > CODE_OF_64_MIB) {
            throw MalformedDeb.tooLarge("the control archive asks for a larger xz dictionary than is allowed");
        }
        if (code > CODE_OF_32_MIB) {
            header.put(at, (byte) CODE_OF_32_MIB);
            header.putInt(crcAt, crc32(header, crcAt));
        }
    }

    /// Where the size of the dictionary stands, or -1 when the block is not of LZMA2 alone.
    private static int dictionaryAt(ByteBuffer header, int end) {
        int flags = header.get(1);
        int at = 2;
        for (int sizes = ((flags & 0x40) == 0 ? 0 : 1) + ((flags & 0x80) == 0 ? 0 : 1); sizes > 0; sizes--) {
            while (at < end && header.get(at) < 0) {
                at++;
            }
            at++;
        }
        boolean plain = (flags & 3) == 0 && at + 3 <= end && header.get(at) == LZMA2 && header.get(at + 1) == 1;
        return plain ? at + 2 : -1;
    }

    private static int crc32(ByteBuffer header, int length) {
        var crc = new CRC32();
        crc.update(header.duplicate().position(0).limit(length));
        return (int) crc.getValue();
    }

    private static InputStream joined(byte[] head, InputStream rest) {
        return new SequenceInputStream(new ByteArrayInputStream(head), rest);
    }
}
