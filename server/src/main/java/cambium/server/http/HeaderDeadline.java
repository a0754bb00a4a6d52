package cambium.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections that drip the head of a request. Jetty's idle timeout starts again with every byte; this counts
/// from the first byte of a head to its end. Silent connections are the idle timeout's.
final class HeaderDeadline implements Connection.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeaderDeadline.class);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private static final Progress IN_REQUEST = new Progress.InRequest();
    private final Duration deadline;
    private final Map<Connection, Progress> connections = new ConcurrentHashMap<>();
    private volatile boolean open = true;
    private volatile Thread watcher;

    HeaderDeadline(Duration deadline) {
        this.deadline = deadline;
    }

    /// Where a connection stands: within a request, or waiting for the head of the next one.
    private sealed interface Progress {
        record InRequest() implements Progress {}

        record Waiting(long bytesBefore) implements Progress {}

        record HeadBegun(long sinceNanos) implements Progress {}
    }

    @Override
    public void onOpened(Connection connection) {
        connections.put(connection, new Progress.Waiting(0));
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    void headArrived(Connection connection) {
        connections.replace(connection, IN_REQUEST);
    }

    void requestDone(Connection connection) {
        connections.replace(connection, new Progress.Waiting(connection.getBytesIn()));
    }

    void watch() {
        watcher = Thread.ofVirtual().name("header-deadline").start(() -> {
            var look = deadline.dividedBy(4).compareTo(LONGEST_LOOK) < 0 ? deadline.dividedBy(4) : LONGEST_LOOK;
            while (open) {
                try {
                    Thread.sleep(look);
                } catch (InterruptedException e) {
                    return;
                }
                connections.forEach((connection, progress) -> look(connection, progress, System.nanoTime()));
            }
        });
    }

    private void look(Connection connection, Progress progress, long now) {
        switch (progress) {
            case Progress.InRequest() -> { }
            case Progress.Waiting(var before) -> {
                if (connection.getBytesIn() > before) {
                    connections.replace(connection, progress, new Progress.HeadBegun(now));
                }
            }
            case Progress.HeadBegun(var since) -> {
                if (now - since > deadline.toNanos() && connections.get(connection) == progress) {
                    LOG.debug("closing a connection whose request head is not complete after {}", deadline);
                    connection.getEndPoint().close();
                }
            }
        }
    }

    @Override
    public void close() {
        open = false;
        var running = watcher;
        if (running != null) {
            running.interrupt();
        }
    }
}
