package cambium.server.repository;

import cambium.server.config.HeapDamage;
import cambium.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes whatever waits, channel by channel, oldest request first. A notice wakes it; without one it looks by
/// itself. Any number of workers may run, in any number of processes: channels are held one at a time.
///
/// Each channel has one turn in a round, however much waits in it. One that failed leaves the round and rests; of those
/// that have rested, [#RETRIES_A_ROUND] follow after the round. So a channel waits for one turn of each other channel
/// that can be published and for that many failures, however many there are that cannot.
final class IndexWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWorker.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    /// A root that is due is signed within seconds; one that is not after this long is worth an alarm.
    private static final Duration LATE = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final int PAGE_CHANNELS = 100;
    static final int RETRIES_A_ROUND = 5;

    private final Database database;
    private final LongFunction<ChannelPublisher.Outcome> publisher;
    private final RepositoryMeters meters;
    private final InstantSource clock;
    private final Semaphore wakes = new Semaphore(0);
    private final Map<Long, Instant> retryAt = new ConcurrentHashMap<>();
    private volatile Instant counted = Instant.EPOCH;
    private volatile boolean open = true;
    private final List<Thread> threads;

    /// @param publisher tries to publish the channel with that number
    IndexWorker(Database database, LongFunction<ChannelPublisher.Outcome> publisher, RepositoryMeters meters,
        InstantSource clock, int threads) {
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
            } catch (RuntimeException | VirtualMachineError | LinkageError failed) {
                HeapDamage.note(failed);
                LOG.error("the index worker could not look for work", failed);
                pause();
            }
        }
    }

    /// One round over all channels with work. True when something was published, or more is to be tried again.
    boolean publishAll() {
        measure();
        boolean worked = false;
        var seen = new HashSet<Long>();
        List<Long> page = waiting(seen);
        while (open && !page.isEmpty()) {
            for (long channel : page) {
                worked |= open && publish(channel);
            }
            seen.addAll(page);
            page = waiting(seen);
        }
        List<Long> rested = rested();
        for (long channel : rested.subList(0, Math.min(RETRIES_A_ROUND, rested.size()))) {
            worked |= open && publish(channel);
        }
        return worked || rested.size() > RETRIES_A_ROUND;
    }

    /// Those that failed and may be tried again, the longest rested first.
    private List<Long> rested() {
        Instant now = clock.instant();
        return Map.copyOf(retryAt).entrySet().stream().filter(retry -> !now.isBefore(retry.getValue()))
            .sorted(Map.Entry.<Long, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey).toList();
    }

    private boolean publish(long channel) {
        Instant start = clock.instant();
        try {
            ChannelPublisher.Outcome outcome = publisher.apply(channel);
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
            if (retryAt.put(channel, clock.instant().plus(AFTER_FAILURE)) == null) {
                LOG.error("cannot publish channel {}; the last generation stays visible", channel, failed);
            } else {
                LOG.warn("still cannot publish channel {}: {}", channel, failed.toString());
            }
            return false;
        }
    }

    /// For whoever watches, not at each of the looks that a crowd of pushes causes.
    private void measure() {
        Instant now = clock.instant();
        Instant last = counted;
        if (now.isBefore(last.plus(LOOK)) && !now.isBefore(last)) {
            return;
        }
        counted = now;
        Instant late = now.minus(LATE);
        database.read(sql -> {
            meters.pending(sql.fetchSingle("select count(*) as n from admission where work is not null")
                .get("n", Long.class));
            meters.overdue(sql.fetchSingle("select count(*) as n from channel where due_at < ?::timestamptz", late)
                .get("n", Long.class));
            return late;
        });
    }

    /// The next that have not been seen in this round and did not fail when they were tried last.
    private List<Long> waiting(Set<Long> seen) {
        Instant now = clock.instant();
        Long[] others = Stream.concat(seen.stream(), retryAt.keySet().stream()).toArray(Long[]::new);
        return database.read(sql -> sql.fetch("""
            select id from (
                select channel_id as id, min(id) as first from admission
                where work is not null and not_before <= ?::timestamptz group by channel_id
                union all select id, 0 from channel where generation = 0
                union all select channel_id, 9223372036854775806 from channel_rebuild where done_at is null
                union all select id, 0 from channel where sign_again and generation > 0
                -- After all that somebody waits for.
                union all select id, 9223372036854775807 from channel where due_at <= ?::timestamptz) waiting
            where id <> all(?) group by id order by min(first), id limit ?""", now, now, others, PAGE_CHANNELS)
            .map(row -> row.get("id", Long.class)));
    }

    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
