package cambium.formats.index;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/// What stands around the blocks of one xz stream. Always *one* stream: apt and libsolv stop at the end of the first,
/// and some then show no packages at all. See the .xz file format, sections 2 and 4.
final class XzFraming {
    private static final byte[] HEADER = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0, 1, 0x69, 0x22, (byte) 0xde, 0x36};

    private XzFraming() {}

    /// A stream header that announces CRC32 checks.
    static byte[] header() {
        return HEADER.clone();
    }

    /// Gathers one record per block, in order.
    static final class Index {
        private final ByteArrayOutputStream records = new ByteArrayOutputStream();
        private int blocks;

        void add(Chunk chunk) {
            number(records, chunk.xzUnpaddedSize());
            number(records, chunk.rawLength());
            blocks++;
        }

        /// The index and the footer; valid for no block at all, too.
        byte[] trailer() {
            var out = new ByteArrayOutputStream(records.size() + 32);
            out.write(0);
            number(out, blocks);
            out.writeBytes(records.toByteArray());
            while (out.size() % 4 != 0) {
                out.write(0);
            }
            out.writeBytes(littleEndian(crc32(out.toByteArray())));
            var footer = new ByteArrayOutputStream(6);
            footer.writeBytes(littleEndian(out.size() / 4 - 1));
            footer.write(0);
            footer.write(1);
            out.writeBytes(littleEndian(crc32(footer.toByteArray())));
            out.writeBytes(footer.toByteArray());
            out.write('Y');
            out.write('Z');
            return out.toByteArray();
        }
    }

    private static void number(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static int crc32(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }
}
