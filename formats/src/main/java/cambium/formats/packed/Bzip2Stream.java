package cambium.formats.packed;

import java.io.IOException;
import java.io.InputStream;

/// Exactly one bzip2 stream, all checksums verified; several behind each other, as parallel packers make them, are
/// unusual here. It takes 4 MiB of memory whatever the stream says, and no more than [#MAX_BYTES] comes out of it,
/// since bzip2 is the slowest form to expand: some 10 MB a second.
final class Bzip2Stream extends InputStream {
    private static final long MAX_BYTES = 128L << 20;
    private static final long END = 0x177245385090L;
    private static final long BLOCK = 0x314159265359L;
    private static final int BYTES_PER_LEVEL = 100_000;
    /// As many equal bytes are followed by the number of further ones.
    private static final int RUN_BYTES = 4;

    private final PackedPart part;
    private final Bzip2Bits bits;
    private final Bzip2Block block;
    /// Of all bytes of the block, where the next one stands.
    private int at;
    private int left;
    private int last = -1;
    private int equal;
    private int repeats;
    private int blockCrc;
    private int crc;
    private int allCrc;
    private long bytes;
    private boolean inBlock;
    private boolean ended;

    Bzip2Stream(InputStream in, PackedPart part) throws IOException {
        this.part = part;
        this.bits = new Bzip2Bits(in, part);
        int level = bits.take(8) == 'B' && bits.take(8) == 'Z' && bits.take(8) == 'h' ? bits.take(8) - '0' : 0;
        if (level < 1 || level > 9) {
            throw part.corrupt("is not bzip2");
        }
        this.block = new Bzip2Block(bits, part, level * BYTES_PER_LEVEL);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = 0;
        while (count < length && !ended) {
            if (repeats > 0) {
                repeats--;
                into[from + count++] = (byte) out(last);
            } else if (left > 0) {
                int value = next();
                if (equal == RUN_BYTES) {
                    equal = 0;
                    repeats = value;
                } else {
                    equal = value == last ? equal + 1 : 1;
                    last = value;
                    into[from + count++] = (byte) out(value);
                }
            } else {
                nextBlock();
            }
        }
        bytes += count;
        if (bytes > MAX_BYTES) {
            throw part.tooLong();
        }
        return count == 0 ? -1 : count;
    }

    private int next() {
        int entry = block.entry(at);
        at = entry >>> 8;
        left--;
        return entry & 0xff;
    }

    private int out(int value) {
        crc = crc << 8 ^ Bzip2Bits.CRC[crc >>> 24 ^ value];
        return value;
    }

    private void nextBlock() throws IOException {
        if (inBlock && ~crc != blockCrc) {
            throw part.corrupt("has a bzip2 checksum that does not hold");
        }
        long magic = (long) bits.take(24) << 24 | bits.take(24);
        if (magic == END) {
            if (bits.takeInt() != allCrc) {
                throw part.corrupt("has a bzip2 checksum that does not hold");
            }
            bits.expectEnd();
            ended = true;
            return;
        }
        if (magic != BLOCK) {
            throw part.corrupt("is a broken bzip2 stream");
        }
        blockCrc = bits.takeInt();
        allCrc = Integer.rotateLeft(allCrc, 1) ^ blockCrc;
        inBlock = true;
        crc = -1;
        last = -1;
        equal = 0;
        at = block.read();
        left = block.length();
    }
}
