package cambium.server.repository.statistics;

import cambium.server.sql.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts downloads and installs without ever making anyone wait: a bounded queue, written in batches by one thread.
/// Where the database is down or too slow, what does not fit is dropped and counted in `cambium.usage.dropped`.
public final class UsageLog implements AutoCloseable {
    static final int MAX_QUEUED = 20_000;
    private static final int MAX_BATCH = 1_000;
    private static final int MAX_TRIES = 5;
    private static final Duration GATHERING = Duration.ofMillis(200);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(UsageLog.class);

    private final Database database;
    private final InstantSource clock;
    private final Duration kept;
    private final Counter dropped;
    private final ArrayBlockingQueue<UsageEvent> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean open = true;
    private volatile Thread writer;

    /// `kept`: after this time the single events go; totals stay.
    public UsageLog(Database database, MeterRegistry registry, InstantSource clock, Duration kept) {
        this.database = database;
        this.clock = clock;
        this.kept = kept;
        this.dropped = Counter.builder("cambium.usage.dropped")
            .description("Downloads and installs that were not counted").register(registry);
    }

    /// Counts a download of a package. Returns at once.
    public void downloaded(long packageId, Fetch fetch) {
        offer(new UsageEvent.Download(packageId, fetch));
    }

    /// Counts an install: a machine fetched the configuration of a repository for a distribution. Returns at once.
    public void installed(long repositoryId, String distribution, String codename, String hostname, Fetch fetch) {
        offer(new UsageEvent.Install(repositoryId, distribution, codename, hostname, fetch));
    }

    private void offer(UsageEvent event) {
        if (started.compareAndSet(false, true)) {
            writer = Thread.ofVirtual().name("usage").start(this::write);
        }
        if (!open || !queue.offer(event)) {
            dropped.increment();
        }
    }

    /// Within the transaction that takes a package from its place: its downloads begin at nought again.
    public static void forgetDownloads(DSLContext sql, long packageId) {
        sql.execute("delete from package_download where package_id = ?", packageId);
        sql.execute("delete from package_download_total where package_id = ?", packageId);
    }

    /// Deletes single events that are older than they are kept.
    public void forgetOld() {
        UsageTables.deleteBefore(database, clock.instant().minus(kept));
    }

    private void write() {
        try {
            while (open || !queue.isEmpty()) {
                // Not longer, since whoever closes it waits for the end of this.
                var first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    if (open) {
                        Thread.sleep(GATHERING);
                    }
                    var batch = new ArrayList<UsageEvent>(List.of(first));
                    queue.drainTo(batch, MAX_BATCH - 1);
                    store(batch);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void store(List<UsageEvent> batch) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                UsageTables.insert(database, batch);
                return;
            } catch (RuntimeException failed) {
                if (tries == MAX_TRIES || !open) {
                    LOG.warn("{} downloads and installs were not counted: {}", batch.size(), failed.toString());
                    dropped.increment(batch.size());
                    return;
                }
                Thread.sleep(BETWEEN_TRIES.multipliedBy(tries));
            }
        }
    }

    /// Writes what is queued, as far as the database takes it within seconds.
    @Override
    public void close() {
        open = false;
        var writing = writer;
        if (writing == null) {
            return;
        }
        try {
            writing.join(Duration.ofSeconds(5));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        writing.interrupt();
    }
}
