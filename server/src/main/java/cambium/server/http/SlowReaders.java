package cambium.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections whose clients take an answer more slowly than the least rate. Jetty's idle timeout starts again
/// with every byte; this counts the time that writes had to wait for the client, and not what it took to make the
/// answer.
final class SlowReaders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlowReaders.class);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
    /// What the system takes into its buffers at once says nothing about the client.
    private static final long NO_WAIT_NANOS = 1_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Duration grace;
    private final int leastRate;
    private final Set<Paced> answers = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;
    private volatile Thread watcher;

    /// `leastRate` in bytes a second, counted once a client has been waited for as long as `grace`.
    SlowReaders(Duration grace, int leastRate) {
        this.grace = grace;
        this.leastRate = leastRate;
    }

    /// Passes on to `out` under watch, until it is forgotten.
    Paced watched(Content.Sink out, EndPoint client) {
        var answer = new Paced(out, client);
        answers.add(answer);
        return answer;
    }

    void forget(Paced watched) {
        answers.remove(watched);
    }

    void watch() {
        watcher = Thread.ofVirtual().name("slow-readers").start(() -> {
            var look = grace.dividedBy(4).compareTo(LONGEST_LOOK) < 0 ? grace.dividedBy(4) : LONGEST_LOOK;
            while (open) {
                try {
                    Thread.sleep(look);
                } catch (InterruptedException e) {
                    return;
                }
                answers.forEach(answer -> answer.look(System.nanoTime()));
            }
        });
    }

    @Override
    public void close() {
        open = false;
        var running = watcher;
        if (running != null) {
            running.interrupt();
        }
    }

    /// One answer on its way. It also takes buffers, which then are not copied.
    final class Paced extends OutputStream implements WritableByteChannel {
        private final Content.Sink out;
        private final EndPoint client;
        private long waitedNanos;
        private long waitedBytes;
        private long writingBytes;
        private long writingSince;

        private Paced(Content.Sink out, EndPoint client) {
            this.out = out;
            this.client = client;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            write(ByteBuffer.wrap(bytes, offset, length));
        }

        /// Takes all of it, and needs it no more on return.
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            begin(length);
            try {
                Content.Sink.write(out, false, bytes);
            } finally {
                end();
            }
            return length;
        }

        @Override
        public boolean isOpen() {
            return client.isOpen();
        }

        private synchronized void begin(int length) {
            writingSince = System.nanoTime();
            writingBytes = length;
        }

        private synchronized void end() {
            var took = System.nanoTime() - writingSince;
            if (took > NO_WAIT_NANOS) {
                waitedNanos += took;
                waitedBytes += writingBytes;
            }
            writingBytes = 0;
        }

        /// What is being written counts as if it had gone: how much of it has, is not known.
        private synchronized void look(long now) {
            if (writingBytes == 0) {
                return;
            }
            var waited = waitedNanos + now - writingSince;
            if (waited > grace.toNanos() && (waitedBytes + writingBytes) * NANOS_PER_SECOND < leastRate * waited) {
                LOG.debug("closing a connection that takes less than {} bytes a second", leastRate);
                client.close();
            }
        }

        /// Commits an answer that has no bytes yet.
        @Override
        public void flush() throws IOException {
            Content.Sink.write(out, false, BufferUtil.EMPTY_BUFFER);
        }

        @Override
        public void close() throws IOException {
            Content.Sink.write(out, true, BufferUtil.EMPTY_BUFFER);
        }
    }
}
