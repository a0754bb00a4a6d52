package cambium.server.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Ends a body that drips: after a time of grace the mean rate since its start must stay above the minimum.
/// A body that stops altogether is ended by the idle timeout.
final class PacedStream extends FilterInputStream {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final HttpSettings settings;
    private long startNanos;
    private long waitedNanos;
    private long bytes;

    PacedStream(InputStream in, HttpSettings settings) {
        super(in);
        this.settings = settings;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        startNanos = System.nanoTime();
        var count = super.read(buffer, offset, length);
        // Only the time that we waited for the client counts, not what the reader did with the bytes in between.
        waitedNanos += System.nanoTime() - startNanos;
        bytes += Math.max(0, count);
        if (count > 0 && waitedNanos > settings.bodyGrace().toNanos()
                && bytes < settings.minBodyRate() * (waitedNanos / NANOS_PER_SECOND)) {
            throw new Refused(408, "too_slow", "the body came slower than " + settings.minBodyRate()
                    + " bytes a second");
        }
        return count;
    }
}
