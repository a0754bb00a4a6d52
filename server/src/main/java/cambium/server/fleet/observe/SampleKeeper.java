package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what cells told beyond the life of this process, as thin with age as their histories are, and gives it back:
/// on a thread of its own, as nobody should wait for a day of figures to see how a cell is. Looking goes on without
/// the store: what is held in memory is enough until a restart.
final class SampleKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SampleKeeper.class);
    private static final Duration STORE_SPACING = Duration.ofSeconds(10);
    /// Of a large fleet each cell is stored less often.
    private static final int MAX_STORED_PER_SECOND = 100;
    private static final Duration THIN_SPACING = Duration.ofMinutes(10);
    private static final Duration THINNED_AT_ONCE = Duration.ofHours(1);
    private static final int RECALLED_AT_ONCE = 50;
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    private final Samples samples;
    private Optional<Instant> thinned = Optional.empty();
    private Optional<Instant> troubled = Optional.empty();
    private volatile boolean open = true;

    SampleKeeper(Samples samples) {
        this.samples = samples;
    }

    /// One turn of what is due. True when more is due at once.
    boolean turn(Collection<WatchedCell> cells, String source, Instant now) {
        if (troubled.filter(last -> last.plus(AFTER_TROUBLE).isAfter(now)).isPresent()) {
            return false;
        }
        troubled = Optional.empty();
        try {
            boolean more = recall(cells, now);
            store(cells, source);
            if (!more && thinned.filter(last -> last.plus(THIN_SPACING).isAfter(now)).isEmpty()) {
                thin(now);
            }
            return more;
        } catch (RuntimeException trouble) {
            troubled = Optional.of(now);
            if (open) {
                LOG.warn("fleet: samples cannot be kept or read: {}", trouble.toString());
            }
            return false;
        }
    }

    private boolean recall(Collection<WatchedCell> cells, Instant now) {
        int recalled = 0;
        for (var cell : cells) {
            if (!cell.recalled) {
                if (recalled++ == RECALLED_AT_ONCE) {
                    return true;
                }
                cell.history.recall(samples.since(cell.source.key(), cell.id, now.minus(CellHistory.MAX_AGE)));
                cell.recalled = true;
            }
        }
        return false;
    }

    private void store(Collection<WatchedCell> cells, String source) {
        var scaled = Duration.ofSeconds(cells.size() / MAX_STORED_PER_SECOND);
        var spacing = scaled.compareTo(STORE_SPACING) > 0 ? scaled : STORE_SPACING;
        SequencedMap<CellId, HealthSample> fresh = new LinkedHashMap<>();
        for (var cell : cells) {
            var last = cell.history.newest();
            if (cell.recalled && last.isPresent() && cell.source.key().equals(source)
                    && cell.storedAt.filter(stored -> last.get().at().isBefore(stored.plus(spacing))).isEmpty()) {
                fresh.put(cell.id, last.get());
                cell.storedAt = Optional.of(last.get().at());
            }
        }
        samples.add(source, fresh);
    }

    /// Whole stretches only, each once: what was not thinned while nobody led is made up for.
    private void thin(Instant now) {
        samples.forgetBefore(now.minus(CellHistory.MAX_AGE));
        var from = thinned.orElse(now.minus(CellHistory.MAX_AGE));
        thin(from.minus(CellHistory.FULL), now.minus(CellHistory.FULL), CellHistory.FINE_SPACING);
        thin(from.minus(CellHistory.FINE), now.minus(CellHistory.FINE), CellHistory.COARSE_SPACING);
        thinned = Optional.of(now);
    }

    private void thin(Instant from, Instant to, Duration spacing) {
        var end = floor(to, spacing);
        for (var begin = floor(from, spacing); begin.isBefore(end); begin = begin.plus(THINNED_AT_ONCE)) {
            var next = begin.plus(THINNED_AT_ONCE);
            samples.thin(begin, next.isBefore(end) ? next : end, spacing);
        }
    }

    private static Instant floor(Instant instant, Duration spacing) {
        return instant.minusMillis(Math.floorMod(instant.toEpochMilli(), spacing.toMillis()));
    }

    /// What is under way may fail now, and is not told.
    @Override
    public void close() {
        open = false;
    }
}
