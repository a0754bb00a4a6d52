package cambium.formats.packed;

import java.io.IOException;
import java.io.InputStream;

/// The compressed bytes in front of a decoder of ours, buffered; the decoder says where its own stream has ended, and
/// that must be the end of everything.
final class PackedBytes {
    private final InputStream in;
    private final PackedPart part;
    private final byte[] buffer = new byte[8 * 1024];
    private int at;
    private int end;

    PackedBytes(InputStream in, PackedPart part) {
        this.in = in;
        this.part = part;
    }

    int next() throws IOException {
        if (at == end) {
            fill();
        }
        return buffer[at++] & 0xff;
    }

    /// At least one byte, at most `length`.
    int take(byte[] into, int from, int length) throws IOException {
        if (at == end) {
            fill();
        }
        int count = Math.min(length, end - at);
        System.arraycopy(buffer, at, into, from, count);
        at += count;
        return count;
    }

    /// Puts back the last bytes that were taken and not used.
    void putBack(int count) {
        at -= count;
    }

    void expectEnd() throws IOException {
        if (at < end || in.read() >= 0) {
            throw part.unusual("is followed by something inside its member");
        }
    }

    private void fill() throws IOException {
        int count = in.read(buffer);
        if (count <= 0) {
            throw part.corrupt("ends too early in its compressed form");
        }
        at = 0;
        end = count;
    }
}
