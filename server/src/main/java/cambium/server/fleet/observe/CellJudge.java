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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Gives the judge what it needs: the cell's own past before the deployment, its samples since, and over the same time
/// those of controls. A verdict is kept until there is a newer sample, or the newest says nothing about now.
final class CellJudge {
    static final Duration PAST = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    /// Of a day earlier, what is kept has half an hour between readings.
    private static final Duration AROUND = Duration.ofMinutes(35);

    /// A round of the coordinator waits for its judgements; those left over are of the next round.
    private static final int MAX_JUDGED_AT_ONCE = 50;

    private final Map<CellId, Judged> judged = new TreeMap<>();
    private boolean more;

    /// @param state of its samples at the time at which it was judged
    private record Judged(Watch watch, Pasts pasts, State state, Instant at, FleetEvent.VerdictReached event) {}

    /// As long as it is the same, so is the verdict.
    ///
    /// @param fresh whether the last sample says something about now
    /// @param trouble why there is no fresh one, where that is known
    private record State(Optional<Instant> lastSample, boolean fresh, Optional<String> trouble) {}

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

    /// The newest verdict on each cell that is watched, where there is one.
    ///
    /// @param interval how long a cell is not looked at between two looks
    List<FleetEvent.VerdictReached> verdicts(Fleet fleet, Histories histories, SampleSource source, Duration interval,
            Instant now) {
        var watches = fleet.watches();
        judged.keySet().retainAll(watches.stream().map(Watch::cell).collect(Collectors.toSet()));
        var round = new Round(fleet, histories, source, source.maxAge().plus(interval), new Siblings(fleet, histories),
                now);
        var due = watches.stream().filter(round::isDue).toList();
        more = due.size() > MAX_JUDGED_AT_ONCE;
        due.stream().sorted(Comparator.comparing(this::judgedAt)).limit(MAX_JUDGED_AT_ONCE)
                .forEach(watch -> judged.put(watch.cell(), round.judged(watch)));
        return watches.stream().flatMap(watch -> Optional.ofNullable(judged.get(watch.cell()))
                .filter(known -> known.watch().equals(watch)).map(Judged::event).stream()).toList();
    }

    /// Whether some were left over by the last round.
    boolean hasMore() {
        return more;
    }

    private Instant judgedAt(Watch watch) {
        return Optional.ofNullable(judged.get(watch.cell())).map(Judged::at).orElse(Instant.MIN);
    }

    /// All judgements of one round rest on these.
    private final class Round {
        private final Fleet fleet;
        private final Histories histories;
        private final SampleSource source;
        private final Duration maxAge;
        private final Siblings siblings;
        private final Instant now;

        Round(Fleet fleet, Histories histories, SampleSource source, Duration maxAge, Siblings siblings, Instant now) {
            this.fleet = fleet;
            this.histories = histories;
            this.source = source;
            this.maxAge = maxAge;
            this.siblings = siblings;
            this.now = now;
        }

        /// Whether there is something new since it was judged last.
        boolean isDue(Watch watch) {
            var known = judged.get(watch.cell());
            return histories.of(watch.cell()).filter(history -> known == null || !known.watch().equals(watch)
                    || !known.state().equals(state(watch.cell(), history))).isPresent();
        }

        private State state(CellId cell, CellHistory history) {
            var last = history.last();
            boolean fresh = last.filter(at -> !at.plus(maxAge).isBefore(now)).isPresent();
            return new State(last, fresh, fresh ? Optional.empty() : source.trouble(cell));
        }

        Judged judged(Watch watch) {
            var history = histories.of(watch.cell()).orElseThrow();
            var state = state(watch.cell(), history);
            var known = Optional.ofNullable(judged.get(watch.cell()));
            var pasts = known.map(Judged::pasts).filter(past -> past.attempt().equals(watch.attempt()))
                    .orElseGet(() -> new Pasts(watch.attempt(), new TreeMap<>()));
            var input = new HealthInput(pasts.of(watch.cell(), history, watch.startedAt()),
                    history.between(watch.since(), Instant.MAX), controls(watch, pasts), watch.since(), now, maxAge,
                    shadow(fleet), trial(fleet, watch));
            var judgement = HealthJudge.judge(input);
            var at = judgement.verdict() == Verdict.NO_DATA ? now : state.lastSample().orElse(now);
            var event = new FleetEvent.VerdictReached(at, watch.cell(), watch.attempt(), watch.version(),
                    judgement.verdict(), judgement.samples(), evidence(judgement, watch.cell(), state.trouble()));
            if (fleet.isNews(event)) {
                event = event.with(event.evidence().drawn(Tracing.of(input)));
            }
            return new Judged(watch, pasts, state, now, event);
        }

        /// Names the source; and where nothing fresh came from it, why.
        private Evidence evidence(Judgement judgement, CellId cell, Optional<String> trouble) {
            var told = judgement.evidence();
            return new Evidence(told.text() + trouble.map(reason -> "; " + reason).orElse(""), told.signals())
                    .from(source.named(fleet.cells().get(cell).spec()));
        }

        /// Cells of its ring that were not changed; where there is none, cells of other rings that were not; and the
        /// cell itself a day earlier.
        private List<Control> controls(Watch watch, Pasts pasts) {
            var controls = new ArrayList<Control>();
            siblings.of(watch, watch.startedAt().minus(PAST)).forEach(cell -> {
                var history = histories.of(cell).orElseThrow();
                controls.add(new Control(Control.Kind.CELL, cell.toString(),
                        pasts.of(cell, history, watch.startedAt()), history.between(watch.since(), Instant.MAX)));
            });
            if (watch.since().plus(DAY).isAfter(now)) {
                var history = histories.of(watch.cell()).orElseThrow();
                var start = watch.startedAt().minus(DAY);
                controls.add(new Control(Control.Kind.YESTERDAY, "a day earlier",
                        history.between(start.minus(PAST), start),
                        history.between(now.minus(DAY).minus(AROUND), now.minus(DAY).plus(AROUND))));
            }
            return controls;
        }
    }

    private static Set<String> shadow(Fleet fleet) {
        return fleet.spec().map(spec -> Set.copyOf(spec.measuring().shadow())).orElse(Set.of());
    }

    private static Set<String> trial(Fleet fleet, Watch watch) {
        return fleet.spec().map(spec -> fleet.trials().bindingIn(spec, watch.ring())).orElse(Set.of());
    }
}
