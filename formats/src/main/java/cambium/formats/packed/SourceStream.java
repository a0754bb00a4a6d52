package cambium.formats.packed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The caller's bytes, counted. A failure of the source itself travels as [UncheckedIOException], so that no decoder
/// on the way can be blamed for it (or swallow it) as if the content were corrupt.
public final class SourceStream extends InputStream {
    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int at;
    private int end;
    private long taken;

    public SourceStream(InputStream in) {
        this.in = in;
    }

    /// Bytes handed out so far.
    public long taken() {
        return taken;
    }

    @Override
    public int read() {
        if (!fill()) {
            return -1;
        }
        taken++;
        return buffer[at++] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(buffer, at, into, from, count);
        at += count;
        taken += count;
        return count;
    }

    private boolean fill() {
        if (at < end) {
            return true;
        }
        try {
            at = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return end > 0;
    }
}
