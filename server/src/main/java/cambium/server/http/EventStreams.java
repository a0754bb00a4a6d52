package cambium.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// All open streams of server-sent events of a process. A comment line now and then finds out that a client has gone;
/// producers that block are interrupted then, and when the server stops.
final class EventStreams implements AutoCloseable {
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /// Runs the producer on the calling thread until it returns or the stream is over.
    void serve(OutputStream out, Consumer<EventSink> producer) {
        var stream = new Stream(out, Thread.currentThread());
        streams.add(stream);
        var heart = Thread.ofVirtual().name("event-heartbeat").start(stream::beat);
        try {
            stream.write(":\n\n");
            if (stream.isOpen()) {
                producer.accept(stream);
            }
        } catch (RuntimeException e) {
            if (stream.isOpen()) {
                throw e;
            }
        } finally {
            streams.remove(stream);
            stream.open = false;
            heart.interrupt();
            Thread.interrupted();
        }
    }

    @Override
    public void close() {
        stopped = true;
        streams.forEach(Stream::end);
    }

    private final class Stream implements EventSink {
        private final OutputStream out;
        private final Thread producer;
        private volatile boolean open = true;

        Stream(OutputStream out, Thread producer) {
            this.out = out;
            this.producer = producer;
        }

        @Override
        public void send(String event, String data) {
            if (event.indexOf('\n') >= 0 || event.indexOf('\r') >= 0) {
                throw new IllegalArgumentException("the name of an event has a line end");
            }
            var text = new StringBuilder("event: ").append(event).append('\n');
            data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
            if (data.isEmpty()) {
                text.append("data:\n");
            }
            write(text.append('\n').toString());
        }

        @Override
        public boolean isOpen() {
            return open && !stopped;
        }

        private synchronized void write(String text) {
            if (!isOpen()) {
                return;
            }
            try {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (IOException e) {
                open = false;
            }
        }

        private void beat() {
            while (isOpen()) {
                try {
                    Thread.sleep(HEARTBEAT);
                } catch (InterruptedException e) {
                    return;
                }
                write(":\n\n");
            }
            end();
        }

        private void end() {
            open = false;
            producer.interrupt();
        }
    }
}
