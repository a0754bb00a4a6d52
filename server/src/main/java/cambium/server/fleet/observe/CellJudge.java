package cambium.server.fleet.observe;

import cambium.rollout.AttemptId;
import cambium.rollout.Cell;
import cambium.rollout.CellId;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Verdict;
import cambium.rollout.Watch;
import cambium.rollout.health.Control;
import cambium.rollout.health.HealthInput;
import cambium.rollout.health.HealthJudge;
import cambium.rollout.health.HealthSample;
import cambium.rollout.health.Judgement;
import cambium.rollout.health.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Gives the judge what it needs: the cell's own past before the deployment, its samples since, and over the same time
/// those of controls. A verdict is kept until there is a newer sample.
final class CellJudge {
    static final int MAX_SIBLINGS = 10;
    static final Duration PAST = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    /// Of a day earlier, what is kept has half an hour between readings.
    private static final Duration AROUND = Duration.ofMinutes(35);

    private final Map<CellId, Judged> judged = new TreeMap<>();

    private record Judged(Watch watch, Pasts pasts, Optional<Instant> lastSample, FleetEvent.VerdictReached event) {}

    /// What cells showed in the hour before an attempt. Histories grow thinner with age, but how much minutes differ
    /// and how long noise lasts must still be known when a fault comes late; so what was read in full is kept, an hour
    /// at most of each cell, while the attempt is watched.
    private record Pasts(AttemptId attempt, Map<CellId, List<HealthSample>> fullest) {
        List<HealthSample> of(CellId cell, CellHistory history, Instant startedAt) {
            return fullest.merge(cell, history.between(startedAt.minus(PAST), startedAt),
                    (was, is) -> was.size() < is.size() ? is : was);
        }
    }

    /// What is known of a cell's figures; empty for one that is not looked at.
    interface Histories {
        Optional<CellHistory> of(CellId cell);
    }

    List<FleetEvent.VerdictReached> verdicts(Fleet fleet, Histories histories, SampleSource source, Instant now) {
        var watches = fleet.watches();
        judged.keySet().retainAll(watches.stream().map(Watch::cell).toList());
        return watches.stream().filter(watch -> histories.of(watch.cell()).isPresent())
                .map(watch -> verdict(fleet, watch, histories, source, now)).toList();
    }

    private FleetEvent.VerdictReached verdict(Fleet fleet, Watch watch, Histories histories,
            SampleSource source, Instant now) {
        var history = histories.of(watch.cell()).orElseThrow();
        var last = history.last();
        var known = judged.get(watch.cell());
        var maxAge = source.maxAge();
        var fresh = last.filter(at -> !at.plus(maxAge).isBefore(now)).isPresent();
        if (known != null && fresh && known.watch().equals(watch) && known.lastSample().equals(last)) {
            return known.event();
        }
        var pasts = known != null && known.pasts().attempt().equals(watch.attempt()) ? known.pasts()
                : new Pasts(watch.attempt(), new TreeMap<>());
        var input = new HealthInput(pasts.of(watch.cell(), history, watch.startedAt()),
                history.between(watch.since(), Instant.MAX), controls(fleet, watch, pasts, histories, now),
                watch.since(), now,
                maxAge, shadow(fleet), trial(fleet, watch));
        var judgement = HealthJudge.judge(input);
        var at = judgement.verdict() == Verdict.NO_DATA ? now : last.orElse(now);
        var event = new FleetEvent.VerdictReached(at, watch.cell(), watch.attempt(), watch.version(),
                judgement.verdict(), judgement.samples(), evidence(judgement, fleet, watch.cell(), source, fresh));
        if (fleet.isNews(event)) {
            event = event.with(event.evidence().drawn(Tracing.of(input)));
        }
        judged.put(watch.cell(), new Judged(watch, pasts, last, event));
        return event;
    }

    private static Set<String> shadow(Fleet fleet) {
        return fleet.spec().map(spec -> Set.copyOf(spec.measuring().shadow())).orElse(Set.of());
    }

    private static Set<String> trial(Fleet fleet, Watch watch) {
        return fleet.spec().map(spec -> fleet.trials().bindingIn(spec, watch.ring())).orElse(Set.of());
    }

    /// Names the source; and where nothing fresh came from it, why.
    private static Evidence evidence(Judgement judgement, Fleet fleet, CellId cell, SampleSource source,
            boolean fresh) {
        var told = judgement.evidence();
        var trouble = fresh ? Optional.<String>empty() : source.trouble(cell);
        return new Evidence(told.text() + trouble.map(reason -> "; " + reason).orElse(""), told.signals())
                .from(source.named(fleet.cells().get(cell).spec()));
    }

    /// Cells of its ring that were not changed; where there is none, cells of other rings that were not; and the cell
    /// itself a day earlier.
    private static List<Control> controls(Fleet fleet, Watch watch, Pasts pasts, Histories histories, Instant now) {
        var controls = new ArrayList<>(controls(fleet, watch, pasts, histories, true));
        if (controls.isEmpty()) {
            controls.addAll(controls(fleet, watch, pasts, histories, false));
        }
        if (watch.since().plus(DAY).isAfter(now)) {
            var history = histories.of(watch.cell()).orElseThrow();
            var start = watch.startedAt().minus(DAY);
            controls.add(new Control(Control.Kind.YESTERDAY, "a day earlier",
                    history.between(start.minus(PAST), start),
                    history.between(now.minus(DAY).minus(AROUND), now.minus(DAY).plus(AROUND))));
        }
        return controls;
    }

    private static List<Control> controls(Fleet fleet, Watch watch, Pasts pasts, Histories histories,
            boolean ofItsRing) {
        return fleet.cells().values().stream()
                .filter(cell -> cell.ring().equals(watch.ring()) == ofItsRing && !cell.id().equals(watch.cell()))
                .filter(cell -> cell.reachable() && !cell.runs(watch.version()) && histories.of(cell.id()).isPresent())
                .filter(cell -> unchanged(cell, watch.startedAt().minus(PAST)))
                .limit(MAX_SIBLINGS)
                .map(cell -> control(watch, pasts, cell.id(), histories.of(cell.id()).orElseThrow())).toList();
    }

    /// A cell on which something was tried lately is no measure for others.
    private static boolean unchanged(Cell cell, Instant since) {
        return cell.attempts().values().stream().flatMap(attempt -> attempt.startedAt().stream())
                .noneMatch(start -> start.isAfter(since));
    }

    private static Control control(Watch watch, Pasts pasts, CellId cell, CellHistory history) {
        return new Control(Control.Kind.CELL, cell.toString(), pasts.of(cell, history, watch.startedAt()),
                history.between(watch.since(), Instant.MAX));
    }
}
