package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// How each version fared, gathered from the events in their order: when it began and ended, and how long cells ran it.
/// What delivery figures are made of, such as the four of DORA and the exposure to harm. Not for several threads.
public final class DeliveryRecord {
    private final Map<ProductVersion, Fared> versions = new LinkedHashMap<>();
    private final Map<CellId, Stay> cells = new HashMap<>();

    /// One version. It counts from its first rollout on; a later one, after it was released, goes on with the same.
    ///
    /// @param completedAt when the last ring had it
    /// @param blockedAt when it was found bad, unless that was taken back
    /// @param restoredAt when, after that, the last cell had left it
    /// @param cells that were seen with it at any time
    /// @param cellTime how long they were seen with it, added up
    public record Fate(ProductVersion version, Instant startedAt, Optional<Instant> graduatedAt,
            Optional<Instant> completedAt, Optional<Instant> blockedAt, Optional<Instant> restoredAt, int cells,
            Duration cellTime) {
        /// When it was settled whether it is good: it was everywhere, or was found bad.
        public Optional<Instant> endedAt() {
            return blockedAt.or(() -> completedAt);
        }
    }

    private record Stay(ProductVersion version, Instant since) {}

    private static final class Fared {
        Optional<Instant> startedAt = Optional.empty();
        Optional<Instant> graduatedAt = Optional.empty();
        Optional<Instant> completedAt = Optional.empty();
        Optional<Instant> blockedAt = Optional.empty();
        Optional<Instant> restoredAt = Optional.empty();
        final TreeSet<CellId> cells = new TreeSet<>();
        Duration cellTime = Duration.ZERO;
        int now;
    }

    public void take(FleetEvent event) {
        var at = event.at();
        switch (event) {
            case FleetEvent.RolloutStarted started -> {
                var fared = of(started.version());
                fared.startedAt = fared.startedAt.or(() -> Optional.of(at));
            }
            case FleetEvent.VersionGraduated graduated -> of(graduated.version()).graduatedAt = Optional.of(at);
            case FleetEvent.RolloutCompleted completed -> of(completed.version()).completedAt = Optional.of(at);
            case FleetEvent.VersionBlocked blocked -> block(of(blocked.version()), at);
            case FleetEvent.VersionReleased released -> {
                var fared = of(released.version());
                fared.blockedAt = Optional.empty();
                fared.restoredAt = Optional.empty();
            }
            case FleetEvent.CellObserved(var _, var cell, var reachable, var version) when reachable ->
                seen(cell, version, at);
            case FleetEvent.FleetApplied applied -> cells.keySet().stream()
                    .filter(cell -> applied.spec().rings().stream().noneMatch(ring -> ring.cells().stream()
                            .anyMatch(declared -> declared.cell().equals(cell))))
                    .toList().forEach(cell -> seen(cell, Optional.empty(), at));
            default -> { }
        }
    }

    private Fared of(ProductVersion version) {
        return versions.computeIfAbsent(version, _ -> new Fared());
    }

    private static void block(Fared fared, Instant at) {
        fared.blockedAt = fared.blockedAt.or(() -> Optional.of(at));
        if (fared.now == 0) {
            fared.restoredAt = fared.restoredAt.or(() -> Optional.of(at));
        }
    }

    /// A cell out of reach is taken to run what it ran.
    private void seen(CellId cell, Optional<ProductVersion> version, Instant at) {
        var stay = cells.get(cell);
        if (stay != null && version.filter(stay.version()::equals).isPresent()) {
            return;
        }
        if (stay != null) {
            var left = of(stay.version());
            left.cellTime = left.cellTime.plus(Duration.between(stay.since(), at));
            left.now--;
            if (left.now == 0 && left.blockedAt.isPresent()) {
                left.restoredAt = Optional.of(at);
            }
            cells.remove(cell);
        }
        version.ifPresent(next -> {
            var fared = of(next);
            fared.cells.add(cell);
            fared.now++;
            if (fared.blockedAt.isPresent()) {
                fared.restoredAt = Optional.empty();
            }
            cells.put(cell, new Stay(next, at));
        });
    }

    /// The versions that had a rollout, in the order in which they were first known, with the time of cells up to
    /// `now`.
    public List<Fate> versions(Instant now) {
        var open = new HashMap<ProductVersion, Duration>();
        cells.values().forEach(stay -> open.merge(stay.version(), Duration.between(stay.since(), now), Duration::plus));
        return versions.entrySet().stream().filter(entry -> entry.getValue().startedAt.isPresent()).map(entry -> {
            var fared = entry.getValue();
            return new Fate(entry.getKey(), fared.startedAt.get(), fared.graduatedAt, fared.completedAt,
                    fared.blockedAt, fared.restoredAt, fared.cells.size(),
                    fared.cellTime.plus(open.getOrDefault(entry.getKey(), Duration.ZERO)));
        }).toList();
    }
}
