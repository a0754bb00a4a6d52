package cambium.server.fleet.observe;

import cambium.rollout.Cell;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Measuring;
import cambium.rollout.health.HealthSample;
import cambium.server.config.CellHosts;
import cambium.server.config.HeapDamage;
import cambium.server.fleet.CellObserver;
import cambium.server.fleet.Nudges;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at all cells over HTTP, many at a time, on threads of its own, for as long as somebody asks. Each cell is
/// looked at about once a second; large fleets less often, so that looking stays below `MAX_LOOKS_PER_SECOND`, and at
/// once after an attempt on the cell has ended.
public final class HttpCellObserver implements CellObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCellObserver.class);
    private static final int MAX_LOOKS_PER_SECOND = 250;
    private static final int MAX_LOOKS_AT_ONCE = 128;
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration ASKED_LATELY = Duration.ofSeconds(15);
    private static final Duration STORE_SPACING = Duration.ofSeconds(10);
    private static final Duration FORGET_SPACING = Duration.ofMinutes(10);

    private final Samples samples;
    private final Runnable news;
    private final InstantSource time;
    private final Path prometheusAccess;
    private final CellHosts hosts;
    private final CellFetch fetch;
    private final ConcurrentSkipListMap<CellId, WatchedCell> cells = new ConcurrentSkipListMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(MAX_LOOKS_AT_ONCE);
    private final Nudges wake = new Nudges();
    private final CellJudge judge = new CellJudge();
    private Optional<Measuring> measuring = Optional.empty();
    private volatile SampleSource source;
    private volatile List<CellSpec> targets = List.of();
    private volatile Optional<Instant> asked = Optional.empty();
    private volatile boolean open = true;
    private boolean started;

    /// `news` is called when a cell looks other than before; it must return soon.
    ///
    /// @param prometheusAccess file of this machine by which a Prometheus server is reached; may be missing
    public HttpCellObserver(Samples samples, Path prometheusAccess, Runnable news, InstantSource time,
            CellHosts hosts) {
        this.samples = samples;
        this.prometheusAccess = prometheusAccess;
        this.news = news;
        this.time = time;
        this.hosts = hosts;
        this.fetch = new CellFetch(hosts);
        this.source = new CellScrape(fetch, PATIENCE, time);
    }

    @Override
    public synchronized List<FleetEvent> observe(Fleet fleet, Instant now) {
        if (asked.filter(last -> last.plus(ASKED_LATELY).isAfter(now)).isEmpty()) {
            cells.clear();   // another led meanwhile, or nobody: what was seen before says nothing of now
        }
        asked = Optional.of(now);
        targets = fleet.cells().values().stream().map(Cell::spec).toList();
        cells.keySet().retainAll(fleet.cells().keySet());
        fleet.spec().ifPresent(spec -> measureBy(spec.measuring()));
        if (!started) {
            started = true;
            threads.submit(this::watch);
        }
        hurry(fleet);
        var patience = PATIENCE.plus(interval());
        var events = new ArrayList<FleetEvent>();
        cells.values().forEach(cell -> cell.observed(now, patience).ifPresent(events::add));
        events.addAll(judge.verdicts(fleet,
                id -> Optional.ofNullable(cells.get(id)).map(cell -> cell.history), source, now));
        return events;
    }

    /// Figures of another source are not compared with those of the one before: all cells begin anew, with what the
    /// store has of it.
    private void measureBy(Measuring wanted) {
        if (measuring.equals(Optional.of(wanted))) {
            return;
        }
        var next = wanted.server().isPresent() ? new PrometheusServer(wanted, prometheusAccess, time, hosts)
                : new CellScrape(fetch, PATIENCE, time);
        var before = source;
        measuring = Optional.of(wanted);
        source = next;
        threads.submit(before::close);
        if (next.key().equals(before.key())) {
            cells.values().forEach(cell -> cell.source = next);
        } else {
            cells.clear();
        }
    }

    /// What an attempt left on a cell is what everybody waits for.
    private void hurry(Fleet fleet) {
        var hurried = false;
        for (var cell : fleet.cells().values()) {
            var watched = cells.get(cell.id());
            var ended = cell.attempts().values().stream().flatMap(attempt -> attempt.finishedAt().stream())
                    .max(Instant::compareTo);
            if (watched != null
                    && ended.filter(end -> watched.lastLook().filter(look -> !look.isAfter(end)).isPresent())
                    .isPresent()) {
                watched.dueAt = Optional.empty();
                hurried = true;
            }
        }
        if (hurried) {
            wake.nudge();
        }
    }

    private Duration interval() {
        var needed = Duration.ofMillis(targets.size() * 1000L / MAX_LOOKS_PER_SECOND);
        return needed.compareTo(MIN_INTERVAL) > 0 ? needed : MIN_INTERVAL;
    }

    private void watch() {
        var forgotten = Instant.MIN;
        while (open) {
            try {
                var seen = wake.nudges();
                var now = time.instant();
                if (asked.filter(last -> last.plus(ASKED_LATELY).isAfter(now)).isPresent()) {
                    if (source instanceof PrometheusServer server && server.begins()) {
                        threads.submit(() -> ask(server));
                    }
                    lookAtThoseDue(now);
                    kept("stored", this::store);
                    if (forgotten.isBefore(now.minus(FORGET_SPACING))) {
                        kept("thinned out", () -> samples.forgetBefore(now.minus(CellHistory.MAX_AGE)));
                        forgotten = now;
                    }
                }
                wake.await(seen, MAX_PAUSE);
            } catch (InterruptedException stopping) {
                return;
            } catch (RuntimeException | VirtualMachineError | LinkageError trouble) {
                HeapDamage.note(trouble);
                LOG.error("fleet: looking at cells met trouble", trouble);
            }
        }
    }

    private void lookAtThoseDue(Instant now) throws InterruptedException {
        var next = Optional.of(now.plus(interval()));
        for (var target : targets) {
            var cell = cells.computeIfAbsent(target.cell(), this::watched);
            if (cell.dueAt.filter(due -> due.isAfter(now)).isEmpty() && cell.underWay.compareAndSet(false, true)) {
                cell.dueAt = next;
                places.acquire();
                threads.submit(() -> look(target, cell));
            }
        }
    }

    private void ask(PrometheusServer server) {
        try {
            server.ask();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            LOG.warn("fleet: Prometheus cannot be asked: {}", trouble.toString());
        }
    }

    private WatchedCell watched(CellId id) {
        var cell = new WatchedCell(id, source);
        kept("read", () -> samples.since(cell.source.key(), id, time.instant().minus(CellHistory.MAX_AGE))
                .forEach(cell.history::add));
        return cell;
    }

    /// Looking goes on without the samples' store: what is held in memory is enough until a restart.
    private void kept(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException trouble) {
            if (open) {
                LOG.warn("fleet: samples cannot be {}: {}", what, trouble.toString());
            }
        }
    }

    private void look(CellSpec target, WatchedCell cell) {
        try {
            if (target.health().isPresent()
                    && cell.take(CellLook.of(time.instant(), fetch.fetch(target.health().get())))) {
                news.run();   // before the metrics, which may be slow
            }
            cell.source.read(target).ifPresent(cell.history::add);
        } catch (CellFetch.Unable unable) {
            cell.notLookedAt();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            LOG.warn("fleet: cell {} cannot be looked at: {}", cell.id, trouble.toString());
        } finally {
            places.release();
            cell.underWay.set(false);
        }
    }

    private void store() {
        SequencedMap<CellId, HealthSample> fresh = new LinkedHashMap<>();
        for (var cell : cells.values()) {
            var last = cell.history.last();
            if (last.isPresent() && cell.source.key().equals(source.key())
                    && cell.storedAt.filter(stored -> last.get().isBefore(stored.plus(STORE_SPACING))).isEmpty()) {
                fresh.put(cell.id, cell.history.between(last.get(), Instant.MAX).getFirst());
                cell.storedAt = last;
            }
        }
        samples.add(source.key(), fresh);
    }

    @Override
    public void close() {
        open = false;
        wake.nudge();
        threads.shutdownNow();
        fetch.close();
        source.close();
    }
}
