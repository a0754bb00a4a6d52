package cambium.formats.packed;

import java.io.IOException;
import java.io.InputStream;

/// The bytes of exactly one zstd frame (RFC 8878), followed block by block and ended where the frame ends, so that
/// the decoder behind it never sees further or skippable frames. The window is bounded before any memory is taken.
final class ZstdFrame extends InputStream {
    static final int MAX_WINDOW_LOG = 27;
    private static final int MAX_BLOCK_BYTES = 128 * 1024;

    private final PackedPart part;
    private final PackedBytes in;
    private final boolean checksum;
    private final byte[] blockHead = new byte[3];
    private byte[] head;
    private int headAt;
    private int contentLeft;
    private boolean lastBlock;
    private boolean checksumSeen;

    ZstdFrame(InputStream in, PackedPart part) throws IOException {
        this.part = part;
        this.in = new PackedBytes(in, part);
        byte[] start = take(new byte[5]);
        if (start[0] != 0x28 || (start[1] & 0xff) != 0xb5 || start[2] != 0x2f || (start[3] & 0xff) != 0xfd) {
            throw part.unusual("does not start with a zstd frame");
        }
        int descriptor = start[4] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        if ((descriptor & 0x0b) != 0) {
            throw part.corrupt("is a zstd frame that needs a dictionary or has unknown flags");
        }
        checksum = (descriptor & 4) != 0;
        byte[] rest = take(new byte[(single ? 0 : 1) + contentSizeBytes(descriptor >> 6, single)]);
        if (window(rest, single) > 1L << MAX_WINDOW_LOG) {
            throw part.tooLarge("asks for a larger zstd window than is allowed");
        }
        head = new byte[start.length + rest.length];
        System.arraycopy(start, 0, head, 0, start.length);
        System.arraycopy(rest, 0, head, start.length, rest.length);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int filled = 0;
        while (filled < length && (headAt < head.length || contentLeft > 0 || nextPart())) {
            filled += part(into, from + filled, length - filled);
        }
        return filled == 0 && length > 0 ? -1 : filled;
    }

    private int part(byte[] into, int from, int length) throws IOException {
        if (headAt < head.length) {
            into[from] = head[headAt++];
            return 1;
        }
        if (contentLeft == 0) {
            return 0;
        }
        int count = in.take(into, from, Math.min(length, contentLeft));
        contentLeft -= count;
        return count;
    }

    /// Steps to the next block, or to the checksum behind the last one; false at the end of the frame.
    private boolean nextPart() throws IOException {
        if (lastBlock) {
            boolean more = checksum && !checksumSeen;
            checksumSeen = true;
            contentLeft = more ? 4 : 0;
            if (!more) {
                in.expectEnd();
            }
            return more;
        }
        take(blockHead);
        head = blockHead;
        headAt = 0;
        int header = head[0] & 0xff | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16;
        int type = header >> 1 & 3;
        int size = header >> 3;
        if (type == 3 || size > MAX_BLOCK_BYTES) {
            throw part.corrupt("is a zstd frame with a broken block");
        }
        lastBlock = (header & 1) != 0;
        contentLeft = type == 1 ? 1 : size;
        return true;
    }

    private static int contentSizeBytes(int flag, boolean single) {
        return flag == 0 ? (single ? 1 : 0) : 1 << flag;
    }

    private static long window(byte[] rest, boolean single) {
        if (!single) {
            long base = 1L << 10 + ((rest[0] & 0xff) >> 3);
            return base + base / 8 * (rest[0] & 7);
        }
        long size = 0;
        for (int i = rest.length - 1; i >= 0; i--) {
            size = size << 8 | rest[i] & 0xff;
        }
        return size < 0 ? Long.MAX_VALUE : size;
    }

    private byte[] take(byte[] whole) throws IOException {
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (byte) in.next();
        }
        return whole;
    }
}
