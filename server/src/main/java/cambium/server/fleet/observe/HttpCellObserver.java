package cambium.server.fleet.observe;

import cambium.rollout.Cell;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Measuring;
import cambium.server.config.CellHosts;
import cambium.server.config.HeapDamage;
import cambium.server.fleet.CellObserver;
import cambium.server.fleet.Nudges;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private final SampleKeeper keeper;
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
        this.keeper = new SampleKeeper(samples);
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
            threads.submit(this::keep);
        }
        hurry(fleet);
        var patience = PATIENCE.plus(interval());
        var events = new ArrayList<FleetEvent>();
        cells.values().forEach(cell -> cell.observed(now, patience).ifPresent(events::add));
        events.addAll(verdicts(fleet, now));
        return events;
    }

    /// Before the past of all is known nobody is judged: without that of controls, the trouble of all would look like
    /// that of one.
    private List<FleetEvent.VerdictReached> verdicts(Fleet fleet, Instant now) {
        boolean known = targets.stream().allMatch(target -> Optional.ofNullable(cells.get(target.cell()))
                .filter(cell -> cell.recalled).isPresent());
        if (!known) {
            return List.of();
        }
        var verdicts = judge.verdicts(fleet, id -> Optional.ofNullable(cells.get(id)).map(cell -> cell.history), source,
                interval(), now);
        if (judge.hasMore()) {
            news.run();
        }
        return verdicts;
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
        while (open) {
            try {
                var seen = wake.nudges();
                var now = time.instant();
                if (isAskedLately(now)) {
                    if (source instanceof PrometheusServer server && server.begins()) {
                        threads.submit(() -> ask(server));
                    }
                    lookAtThoseDue(now);
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

    private void keep() {
        while (open) {
            try {
                var now = time.instant();
                if (!isAskedLately(now) || !keeper.turn(cells.values(), source.key(), now)) {
                    Thread.sleep(MAX_PAUSE);
                }
            } catch (InterruptedException stopping) {
                return;
            } catch (RuntimeException | VirtualMachineError | LinkageError trouble) {
                HeapDamage.note(trouble);
                LOG.error("fleet: keeping samples met trouble", trouble);
            }
        }
    }

    private boolean isAskedLately(Instant now) {
        return asked.filter(last -> last.plus(ASKED_LATELY).isAfter(now)).isPresent();
    }

    private void lookAtThoseDue(Instant now) throws InterruptedException {
        var next = Optional.of(now.plus(interval()));
        for (var target : targets) {
            var cell = cells.computeIfAbsent(target.cell(), id -> new WatchedCell(id, source));
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

    @Override
    public void close() {
        open = false;
        keeper.close();
        wake.nudge();
        threads.shutdownNow();
        fetch.close();
        source.close();
    }
}
