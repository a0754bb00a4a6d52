package cambium.server.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/// Lets a request end whose answer was written before its body was read. Closing at once would reset the connection,
/// and whoever still sends would lose the answer with it; so what comes is thrown away, for two seconds and 8 MiB at
/// most. Then the connection is closed, whatever is still to come.
final class UnreadRest implements Callback {
    private static final long MAX_WAIT_MILLIS = 2_000;
    private static final long MAX_BYTES = 8L << 20;

    private static final int MAX_READS = 16;

    private final Request request;
    private final Callback whole;
    private final AtomicBoolean ended = new AtomicBoolean();
    private long bytes;

    UnreadRest(Request request, Callback whole) {
        this.request = request;
        this.whole = whole;
    }

    /// Whether the body ends within what has come already. Jetty's own way of asking would end it.
    static boolean isNone(Request request) {
        for (int read = 0; read < MAX_READS; read++) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                return false;
            }
            boolean isFailure = Content.Chunk.isFailure(chunk);
            boolean isLast = chunk.isLast();
            chunk.release();
            if (isFailure || isLast) {
                return !isFailure;
            }
        }
        return false;
    }

    /// The answer is written.
    @Override
    public void succeeded() {
        request.getComponents().getScheduler().schedule(this::end, MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        throwAway();
    }

    @Override
    public void failed(Throwable broken) {
        if (ended.compareAndSet(false, true)) {
            whole.failed(broken);
        }
    }

    private void throwAway() {
        while (!ended.get()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this::throwAway);
                return;
            }
            bytes += chunk.remaining();
            boolean isEnd = chunk.isLast() || Content.Chunk.isFailure(chunk) || bytes > MAX_BYTES;
            chunk.release();
            if (isEnd) {
                end();
            }
        }
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            whole.succeeded();
        }
    }
}
