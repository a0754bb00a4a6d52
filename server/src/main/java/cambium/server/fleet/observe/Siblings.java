package cambium.server.fleet.observe;

import cambium.rollout.Cell;
import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.RingNumber;
import cambium.rollout.Watch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The cells that can be a measure for others, by ring; worked out once for all that are judged in a round, as in a
/// large fleet nearly all are looked through for each. A cell in quarantine is none.
final class Siblings {
    static final int MAX = 10;

    private final Fleet fleet;
    private final CellJudge.Histories histories;
    private Optional<SortedMap<RingNumber, List<Quiet>>> byRing = Optional.empty();

    /// @param changed when something was tried on it last
    private record Quiet(Cell cell, Instant changed) {}

    Siblings(Fleet fleet, CellJudge.Histories histories) {
        this.fleet = fleet;
        this.histories = histories;
    }

    /// At most `MAX` cells of its ring that do not run its version and on which nothing was tried since that instant;
    /// where there is none, such cells of other rings.
    List<CellId> of(Watch watch, Instant unchangedSince) {
        var all = byRing.orElseGet(this::byRing);
        byRing = Optional.of(all);
        var own = unchanged(all.getOrDefault(watch.ring(), List.of()).stream(), watch, unchangedSince);
        return own.isEmpty() ? unchanged(all.entrySet().stream().filter(ring -> !ring.getKey().equals(watch.ring()))
                .flatMap(ring -> ring.getValue().stream()), watch, unchangedSince) : own;
    }

    private static List<CellId> unchanged(Stream<Quiet> cells, Watch watch, Instant since) {
        return cells.filter(each -> !each.changed().isAfter(since) && !each.cell().runs(watch.version())
                        && !each.cell().id().equals(watch.cell()))
                .map(each -> each.cell().id()).limit(MAX).toList();
    }

    private SortedMap<RingNumber, List<Quiet>> byRing() {
        var found = new TreeMap<RingNumber, List<Quiet>>();
        fleet.cells().values().stream()
                .filter(cell -> !cell.ring().equals(RingNumber.QUARANTINE) && cell.reachable()
                        && histories.of(cell.id()).isPresent())
                .forEach(cell -> found.computeIfAbsent(cell.ring(), _ -> new ArrayList<>())
                        .add(new Quiet(cell, lastChange(cell))));
        return found;
    }

    private static Instant lastChange(Cell cell) {
        return cell.attempts().values().stream().flatMap(attempt -> attempt.startedAt().stream())
                .max(Instant::compareTo).orElse(Instant.MIN);
    }
}
