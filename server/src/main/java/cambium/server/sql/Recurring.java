package cambium.server.sql;

import cambium.server.config.HeapDamage;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that is done again and again in a thread of its own, until it is closed. A time that fails is logged, and keeps
/// neither later times nor other work from being done.
public final class Recurring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);

    private final Thread thread;

    private Recurring(Thread thread) {
        this.thread = thread;
    }

    /// One time of the work; it may wait, and ends when it is interrupted.
    @FunctionalInterface
    public interface Work {
        void once() throws InterruptedException;
    }

    /// Begins after `first`, and waits for `between` after each time.
    public static Recurring start(String name, Duration first, Duration between, Work work) {
        return new Recurring(Thread.ofVirtual().name(name).start(() -> {
            try {
                for (Duration wait = first; ; wait = between) {
                    Thread.sleep(wait);
                    once(name, work);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static void once(String name, Work work) throws InterruptedException {
        try {
            work.once();
        } catch (RuntimeException | VirtualMachineError | LinkageError failed) {
            HeapDamage.note(failed);
            LOG.error("{} failed; it is tried again later", name, failed);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
