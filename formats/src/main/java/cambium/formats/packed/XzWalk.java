package cambium.formats.packed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;

/// Passes an xz stream on to its decoder, following its structure block by block and chunk by chunk, so that the
/// decoder cannot be made to work or to allocate far beyond what the content is worth.
///
/// `xz -9` announces a dictionary of 64 MiB whatever the size of the content, and the decoder takes it at once. No
/// match can reach back further than the content is long, and a control archive is never longer than 32 MiB: so its
/// announcement is lowered to that on its way. Larger announcements than any preset makes are refused. So are more
/// chunks than an encoder makes of so much content: each costs the decoder a new model, however few bytes it holds.
/// Whatever else is wrong with the stream is left for the decoder to find.
/// See the .xz file format, sections 3 and 5.3.1.
final class XzWalk extends InputStream {
    private static final int STREAM_HEADER_BYTES = 12;
    private static final int[] CHECK_BYTES = {0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64};
    private static final int LZMA2 = 0x21;
    private static final int CODE_OF_64_MIB = 28;
    /// The decoder takes a dictionary for each block, which costs a second for 8 GiB. What several threads pack has no
    /// larger dictionaries than content, and content that is worth its compressed form is at most 200 times as large.
    private static final long FREE_DICTIONARY_BYTES = 2L << 30;
    private static final long MAX_DICTIONARY_BYTES_PER_PACKED_BYTE = 256;

    private final InputStream in;
    private final PackedPart archive;
    private byte[] head;
    private int headAt;
    private int contentLeft;
    private Part next = Part.BLOCK;
    private int blocks;
    private int chunks;
    private int checkBytes;
    private long blockBytes;
    private long packedBytes;
    private long dictionaryBytes;

    /// What comes after the bytes in hand.
    private enum Part { BLOCK, CHUNK, REST }

    XzWalk(InputStream in, PackedPart archive) throws IOException {
        this.in = in;
        this.archive = archive;
        head = in.readNBytes(STREAM_HEADER_BYTES);
        checkBytes = head.length == STREAM_HEADER_BYTES ? CHECK_BYTES[head[7] & 15] : 0;
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
        while (headAt == head.length && contentLeft == 0 && next != Part.REST) {
            nextPart();
        }
        if (headAt < head.length) {
            int count = Math.min(length, head.length - headAt);
            System.arraycopy(head, headAt, into, from, count);
            headAt += count;
            return count;
        }
        int count = in.read(into, from, contentLeft > 0 ? Math.min(length, contentLeft) : length);
        contentLeft -= Math.min(contentLeft, Math.max(0, count));
        return count;
    }

    private void nextPart() throws IOException {
        switch (next) {
            case BLOCK -> startBlock();
            case CHUNK -> startChunk();
            case REST -> throw new IllegalStateException("the rest of an xz stream has no parts");
        }
    }

    private void startBlock() throws IOException {
        int size = in.read();
        if (size <= 0) {
            hold(size < 0 ? new byte[0] : new byte[] {0});
            next = Part.REST;
            return;
        }
        if (++blocks > archive.maxXzBlocks()) {
            throw tooMany();
        }
        byte[] header = new byte[(size + 1) * 4];
        header[0] = (byte) size;
        int count = in.readNBytes(header, 1, header.length - 1);
        boolean whole = count == header.length - 1 && lower(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN));
        hold(Arrays.copyOf(header, 1 + count));
        blockBytes = header.length;
        next = whole ? Part.CHUNK : Part.REST;
    }

    private void startChunk() throws IOException {
        int control = in.read();
        if (control <= 0) {
            endBlock(control);
            return;
        }
        if (++chunks > archive.maxXzChunks(packedBytes)) {
            throw tooMany();
        }
        boolean packed = control >= 0x80;
        byte[] header = new byte[packed ? (control >= 0xc0 ? 6 : 5) : 3];
        header[0] = (byte) control;
        int count = in.readNBytes(header, 1, header.length - 1);
        hold(Arrays.copyOf(header, 1 + count));
        int at = packed ? 3 : 1;
        contentLeft = count < header.length - 1 ? 0 : ((header[at] & 0xff) << 8 | header[at + 1] & 0xff) + 1;
        blockBytes += header.length + contentLeft;
        packedBytes += header.length + contentLeft;
    }

    /// The end marker, the padding to a multiple of four and the check.
    private void endBlock(int control) {
        hold(control < 0 ? new byte[0] : new byte[] {0});
        blockBytes++;
        contentLeft = control < 0 ? 0 : (int) (-blockBytes & 3) + checkBytes;
        next = control < 0 ? Part.REST : Part.BLOCK;
    }

    /// Brings the dictionary within bounds; false when the header is broken, which the decoder will say.
    private boolean lower(ByteBuffer header) throws Refusal {
        int crcAt = header.capacity() - 4;
        if (header.getInt(crcAt) != crc32(header, crcAt)) {
            return false;
        }
        int at = dictionaryAt(header, crcAt);
        int code = header.get(at) & 0xff;
        if (code > CODE_OF_64_MIB) {
            throw archive.tooLarge("asks for a larger xz dictionary than is allowed");
        }
        if (code > archive.maxXzDictionaryCode()) {
            code = archive.maxXzDictionaryCode();
            header.put(at, (byte) code);
            header.putInt(crcAt, crc32(header, crcAt));
        }
        dictionaryBytes += (2L | code & 1) << code / 2 + 11;
        if (dictionaryBytes > FREE_DICTIONARY_BYTES + MAX_DICTIONARY_BYTES_PER_PACKED_BYTE * packedBytes) {
            throw archive.unusual("is an xz stream of small blocks with large dictionaries");
        }
        return true;
    }

    /// Where the size of the dictionary stands. Only LZMA2 alone is known: filters in front of it are for programs.
    private int dictionaryAt(ByteBuffer header, int end) throws Refusal {
        int flags = header.get(1);
        int at = 2;
        for (int sizes = ((flags & 0x40) == 0 ? 0 : 1) + ((flags & 0x80) == 0 ? 0 : 1); sizes > 0; sizes--) {
            while (at < end && header.get(at) < 0) {
                at++;
            }
            at++;
        }
        boolean plain = (flags & 3) == 0 && at + 3 <= end && header.get(at) == LZMA2 && header.get(at + 1) == 1;
        if (!plain) {
            throw archive.unusual("is an xz stream that is not plain LZMA2");
        }
        return at + 2;
    }

    private static int crc32(ByteBuffer header, int length) {
        var crc = new CRC32();
        crc.update(header.duplicate().position(0).limit(length));
        return (int) crc.getValue();
    }

    private void hold(byte[] bytes) {
        head = bytes;
        headAt = 0;
    }

    private Refusal tooMany() {
        return archive.tooLarge("is an xz stream cut into far too many pieces");
    }
}
