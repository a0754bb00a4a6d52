package cambium.formats.packed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.tukaani.xz.MemoryLimitException;

/// What comes out of a decoder, within the bounds of its [PackedPart]: so much in all, and after 10 MiB at most 200
/// bytes for each byte that went in. Whatever a decoder does on bad input comes out as `corrupt`; so do bytes left over
/// behind the stream of a control archive.
final class ExpandedStream extends InputStream {
    private static final long MAX_BYTES_FREE_OF_RATIO = 10L << 20;
    private static final int MAX_RATIO = 200;

    private final PackedPart part;
    private final CountedStream packed;
    private final InputStream decoder;
    private long bytes;
    private boolean ended;

    /// Opens a decoder; it may read ahead, but not behind the end of its own stream.
    @FunctionalInterface
    interface Opening {
        InputStream open(InputStream packed) throws IOException;
    }

    ExpandedStream(PackedPart part, CountedStream packed, Opening opening) throws IOException {
        this.part = part;
        this.packed = packed;
        this.decoder = guarded(() -> opening.open(packed));
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
        int count = guarded(() -> decoder.read(into, from, length));
        if (count < 0) {
            ended = true;
            if (packed.read() >= 0) {
                throw part.unusual("is followed by something inside its member");
            }
            return -1;
        }
        bytes += count;
        if (bytes > MAX_BYTES_FREE_OF_RATIO && bytes / MAX_RATIO > packed.bytes()) {
            throw part.tooLarge("expands to far more than its compressed form is worth");
        }
        if (bytes > part.maxBytes()) {
            throw part.tooLong();
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        guarded(() -> {
            decoder.close();
            return 0;
        });
    }

    private interface Step<T> {
        T take() throws IOException;
    }

    /// The decoders are other people's code on hostile bytes: an unchecked exception of theirs means corrupt, too.
    private <T> T guarded(Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (Refusal | UncheckedIOException ours) {
            throw ours;
        } catch (MemoryLimitException tooMuch) {
            throw part.tooLarge("asks for a larger xz dictionary than is allowed");
        } catch (IOException | RuntimeException broken) {
            throw part.corrupt("is broken in its compressed form");
        }
    }
}
