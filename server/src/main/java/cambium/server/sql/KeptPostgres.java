package cambium.server.sql;

import cambium.server.config.HeapDamage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The PostgreSQL of our own, started again whenever it ends unasked: killed, out of memory, its disk full. The first
/// try is at once; each that fails, and each end within a minute, makes the next wait twice as long, from 0.2 s to
/// 15 s. One that hangs is left alone: that is for a person to judge.
public final class KeptPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptPostgres.class);
    private static final Duration FIRST_REST = Duration.ofMillis(200);
    private static final Duration MAX_REST = Duration.ofSeconds(15);
    private static final Duration STEADY = Duration.ofMinutes(1);

    private final AtomicLong ends = new AtomicLong();
    private final Thread keeper;
    private volatile ChildPostgres child;
    private volatile boolean away;
    private volatile boolean closed;

    /// Takes charge of one that runs.
    public KeptPostgres(ChildPostgres child) {
        this.child = child;
        keeper = Thread.ofVirtual().name("keeper of PostgreSQL").start(this::keep);
    }

    /// The same for as long as this is open.
    public DatabaseAddress address() {
        return child.address();
    }

    /// How often it has ended unasked.
    public long ends() {
        return ends.get();
    }

    /// Empty while it runs.
    public Optional<String> problem() {
        return away ? Optional.of("the server's own PostgreSQL has ended and is being started again; the server's log "
                + "says why") : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        keeper.interrupt();
        try {
            keeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        child.close();
    }

    private void keep() {
        try {
            var rest = Duration.ZERO;
            while (true) {
                long since = System.nanoTime();
                int exit = child.awaitEnd();
                rest = System.nanoTime() - since >= STEADY.toNanos() ? Duration.ZERO : rest;
                away = true;
                ends.incrementAndGet();
                LOG.error("PostgreSQL has ended by itself ({}); it is started again", exit);
                rest = startAgain(rest);
                away = false;
                LOG.info("PostgreSQL runs again");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Returns once it runs, with the rest that the next try should take.
    private Duration startAgain(Duration first) throws InterruptedException {
        for (var rest = first; ; rest = longer(rest)) {
            Thread.sleep(rest);
            try {
                child = child.again();
                return longer(rest);
            } catch (IOException | RuntimeException | VirtualMachineError | LinkageError failed) {
                HeapDamage.note(failed);
                if (closed) {
                    throw new InterruptedException();
                }
                LOG.error("PostgreSQL could not be started again and is tried again after {} ms: {}",
                        longer(rest).toMillis(), failed.getMessage());
            }
        }
    }

    private static Duration longer(Duration rest) {
        if (rest.isZero()) {
            return FIRST_REST;
        }
        var twice = rest.multipliedBy(2);
        return twice.compareTo(MAX_REST) > 0 ? MAX_REST : twice;
    }
}
