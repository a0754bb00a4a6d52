package cambium.server.repository;

import cambium.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes whatever waits, channel by channel, oldest request first. A notice wakes it; without one it looks by
/// itself. Any number of workers may run, in any number of processes: channels are held one at a time.
final class IndexWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWorker.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    /// A root that is due is signed within seconds; one that is not after this long is worth an alarm.
    private static final Duration LATE = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final int MAX_CHANNELS = 100;

    private final Database database;
    private final ChannelPublisher publisher;
    private final RepositoryMeters meters;
    private final InstantSource clock;
    private final Semaphore wakes = new Semaphore(0);
    private final Map<Long, Instant> retryAt = new ConcurrentHashMap<>();
    private volatile Instant counted = Instant.EPOCH;
    private volatile boolean open = true;
    private final List<Thread> threads;

    IndexWorker(Database database, ChannelPublisher publisher, RepositoryMeters meters, InstantSource clock,
        int threads) {
        this.database = database;
        this.publisher = publisher;
        this.meters = meters;
        this.clock = clock;
        this.threads = java.util.stream.IntStream.range(0, threads)
            .mapToObj(number -> Thread.ofVirtual().name("index-" + number).unstarted(this::run)).toList();
    }

    void start() {
        threads.forEach(Thread::start);
    }

    void wake() {
        wakes.release(threads.size());
    }

    /// Ends after the generation that is being made.
    @Override
    public void close() {
        open = false;
        wake();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(30));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        while (open) {
            try {
                if (!publishAll()) {
                    wakes.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    wakes.drainPermits();
                }
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failed) {
                LOG.error("the index worker could not look for work", failed);
                pause();
            }
        }
    }

    /// One round over all channels with work. True when something was published.
    boolean publishAll() {
        boolean worked = false;
        for (long channel : channels()) {
            Instant retry = retryAt.get(channel);
            if (open && (retry == null || !clock.instant().isBefore(retry))) {
                worked |= publish(channel);
            }
        }
        return worked;
    }

    private boolean publish(long channel) {
        Instant start = clock.instant();
        try {
            ChannelPublisher.Outcome outcome = publisher.publish(channel);
            retryAt.remove(channel);
            return switch (outcome) {
                case ChannelPublisher.Outcome.Published published -> {
                    Instant now = clock.instant();
                    meters.published(Duration.between(start, now));
                    published.requests().forEach(request -> meters.visible(Duration.between(request, now)));
                    yield true;
                }
                case ChannelPublisher.Outcome.Idle() -> false;
                case ChannelPublisher.Outcome.Busy() -> false;
            };
        } catch (RuntimeException failed) {
            LOG.error("cannot publish channel {}; the last generation stays visible", channel, failed);
            retryAt.put(channel, clock.instant().plus(AFTER_FAILURE));
            return false;
        }
    }

    private List<Long> channels() {
        Instant now = clock.instant();
        return database.read(sql -> {
            count(sql, now);
            return sql.fetch("""
                select id, first from (
                    select channel_id as id, min(id) as first from admission
                    where work is not null and not_before <= ?::timestamptz group by channel_id
                    union all select id, 0 from channel where generation = 0
                    union all select channel_id, 9223372036854775806 from channel_rebuild where done_at is null
                    union all select id, 0 from channel where sign_again and generation > 0
                    -- After all that somebody waits for.
                    union all select id, 9223372036854775807 from channel where due_at <= ?::timestamptz) waiting
                order by first, id limit ?""", now, now, MAX_CHANNELS).map(row -> row.get("id", Long.class));
        });
    }

    /// For whoever watches, not at each of the looks that a crowd of pushes causes.
    private void count(DSLContext sql, Instant now) {
        Instant last = counted;
        if (now.isBefore(last.plus(LOOK)) && !now.isBefore(last)) {
            return;
        }
        counted = now;
        meters.pending(sql.fetchSingle("select count(*) as n from admission where work is not null")
            .get("n", Long.class));
        meters.overdue(sql.fetchSingle("select count(*) as n from channel where due_at < ?::timestamptz",
            now.minus(LATE)).get("n", Long.class));
    }

    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
