package cambium.formats.deb;

import java.io.IOException;
import java.io.InputStream;

/// The bytes of exactly one zstd frame (RFC 8878), followed block by block and ended where the frame ends, so that
/// the decoder behind it never sees further or skippable frames. The window is bounded before any memory is taken.
final class ZstdFrame extends InputStream {
    static final int MAX_WINDOW_LOG = 27;
    private static final int MAX_BLOCK_BYTES = 128 * 1024;

    private final InputStream in;
    private final boolean checksum;
    private byte[] head;
    private int headAt;
    private int contentLeft;
    private boolean lastBlock;
    private boolean checksumSeen;

    ZstdFrame(InputStream in) throws IOException {
        this.in = in;
        byte[] start = take(5);
        if (start[0] != 0x28 || (start[1] & 0xff) != 0xb5 || start[2] != 0x2f || (start[3] & 0xff) != 0xfd) {
            throw MalformedDeb.corrupt("the control archive is not one zstd frame");
        }
        int descriptor = start[4] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        if ((descriptor & 0x0b) != 0) {
            throw MalformedDeb.corrupt("the zstd frame needs a dictionary or has unknown flags");
        }
        checksum = (descriptor & 4) != 0;
        byte[] rest = take((single ? 0 : 1) + contentSizeBytes(descriptor >> 6, single));
        if (window(rest, single) > 1L << MAX_WINDOW_LOG) {
            throw MalformedDeb.tooLarge("the zstd frame asks for a larger window than is allowed");
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
        if (length == 0) {
            return 0;
        }
        while (headAt == head.length && contentLeft == 0) {
            if (!nextPart()) {
                return -1;
            }
        }
        if (headAt < head.length) {
            int count = Math.min(length, head.length - headAt);
            System.arraycopy(head, headAt, into, from, count);
            headAt += count;
            return count;
        }
        int count = in.read(into, from, Math.min(length, contentLeft));
        if (count < 0) {
            throw MalformedDeb.corrupt("the zstd frame ends too early");
        }
        contentLeft -= count;
        return count;
    }

    /// Steps to the next block, or to the checksum behind the last one; false at the end of the frame.
    private boolean nextPart() throws IOException {
        if (lastBlock) {
            boolean more = checksum && !checksumSeen;
            checksumSeen = true;
            contentLeft = more ? 4 : 0;
            return more;
        }
        head = take(3);
        headAt = 0;
        int header = head[0] & 0xff | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16;
        int type = header >> 1 & 3;
        int size = header >> 3;
        if (type == 3 || size > MAX_BLOCK_BYTES) {
            throw MalformedDeb.corrupt("the zstd frame has a broken block");
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

    private byte[] take(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw MalformedDeb.corrupt("the zstd frame ends too early");
        }
        return bytes;
    }
}
