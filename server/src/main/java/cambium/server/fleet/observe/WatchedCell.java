package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// What is known of one cell by looking at it. Written by the one look that is under way and by the keeper of samples,
/// read by the coordinator.
final class WatchedCell {
    final CellId id;
    volatile SampleSource source;
    final CellHistory history = new CellHistory();
    final AtomicBoolean underWay = new AtomicBoolean();
    volatile Optional<Instant> dueAt = Optional.empty();
    volatile Optional<Instant> storedAt = Optional.empty();
    /// Whether its history holds what is known from before this process.
    volatile boolean recalled;
    private volatile Optional<Instant> firstLook = Optional.empty();
    private volatile Optional<CellLook> newest = Optional.empty();
    private volatile Optional<CellLook.Seen> seen = Optional.empty();

    WatchedCell(CellId id, SampleSource source) {
        this.id = id;
        this.source = source;
    }

    /// True when the look shows something else than the one before.
    boolean take(CellLook look) {
        var before = newest;
        firstLook = firstLook.or(() -> Optional.of(look.at()));
        newest = Optional.of(look);
        if (look instanceof CellLook.Seen now) {
            seen = Optional.of(now);
        }
        return !told(before).equals(told(newest));
    }

    private static String told(Optional<CellLook> look) {
        return look.map(known -> switch (known) {
            case CellLook.Seen(_, var version) -> "seen " + version;
            case CellLook.Unseen(_, var reason) -> "unseen " + reason;
        }).orElse("");
    }

    /// This process could not look, which says nothing of the cell: from now on it counts anew how long it is unseen.
    void notLookedAt() {
        firstLook = Optional.empty();
    }

    Optional<Instant> lastLook() {
        return newest.map(CellLook::at);
    }

    /// A cell that answered lately is reachable, also if the very last look failed: it may just be restarting. Not
    /// seen for `patience`, it is unreachable; as long as it was not looked at for that time, nothing is said.
    Optional<FleetEvent.CellObserved> observed(Instant now, Duration patience) {
        var limit = now.minus(patience);
        var fresh = seen.filter(look -> look.at().isAfter(limit));
        if (fresh.isPresent()) {
            return fresh.map(look -> new FleetEvent.CellObserved(look.at(), id, true, look.version()));
        }
        return newest.filter(CellLook.Unseen.class::isInstance)
                .filter(_ -> firstLook.filter(first -> !first.isAfter(limit)).isPresent())
                .map(look -> new FleetEvent.CellObserved(look.at(), id, false, Optional.empty()));
    }
}
