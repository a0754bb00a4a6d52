package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Verdict;
import cambium.rollout.Watch;
import cambium.rollout.health.HealthInput;
import cambium.rollout.health.HealthJudge;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Gives the judge what it needs: the cell's own past before the deployment, its samples since, and over the same time
/// those of cells of its ring that do not run the version yet. A verdict is kept until there is a newer sample.
final class CellJudge {
    static final int MAX_SIBLINGS = 10;
    static final Duration PAST = Duration.ofHours(1);

    private final Duration maxAge;
    private final Map<CellId, Judged> judged = new TreeMap<>();

    private record Judged(Watch watch, Optional<Instant> lastSample, FleetEvent.VerdictReached event) {}

    CellJudge(Duration maxAge) {
        this.maxAge = maxAge;
    }

    List<FleetEvent> verdicts(Fleet fleet, Map<CellId, WatchedCell> cells, Instant now) {
        var watches = fleet.watches();
        judged.keySet().retainAll(watches.stream().map(Watch::cell).toList());
        return watches.stream().filter(watch -> cells.containsKey(watch.cell()))
                .<FleetEvent>map(watch -> verdict(fleet, watch, cells, now)).toList();
    }

    private FleetEvent.VerdictReached verdict(Fleet fleet, Watch watch, Map<CellId, WatchedCell> cells, Instant now) {
        var history = cells.get(watch.cell()).history;
        var last = history.last();
        var known = judged.get(watch.cell());
        var fresh = last.filter(at -> !at.plus(maxAge).isBefore(now)).isPresent();
        if (known != null && fresh && known.watch().equals(watch) && known.lastSample().equals(last)) {
            return known.event();
        }
        var judgement =
                HealthJudge.judge(new HealthInput(history.between(watch.startedAt().minus(PAST), watch.startedAt()),
                history.between(watch.since(), Instant.MAX), siblings(fleet, watch, cells), now, maxAge));
        var at = judgement.verdict() == Verdict.NO_DATA ? now : last.orElse(now);
        var event = new FleetEvent.VerdictReached(at, watch.cell(), watch.attempt(), watch.version(),
                judgement.verdict(), judgement.samples(), judgement.evidence());
        judged.put(watch.cell(), new Judged(watch, last, event));
        return event;
    }

    private static List<List<HealthSample>> siblings(Fleet fleet, Watch watch, Map<CellId, WatchedCell> cells) {
        return fleet.cells().values().stream()
                .filter(cell -> cell.ring().equals(watch.ring()) && !cell.id().equals(watch.cell()))
                .filter(cell -> cell.reachable() && !cell.runs(watch.version()) && cells.containsKey(cell.id()))
                .limit(MAX_SIBLINGS)
                .map(cell -> cells.get(cell.id()).history.between(watch.since(), Instant.MAX)).toList();
    }
}
