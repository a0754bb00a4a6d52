package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// Tells facts that change something from repetitions of what is known.
final class News {
    private News() {}

    static boolean in(Fleet fleet, FleetEvent event) {
        return switch (event) {
            case FleetEvent.CellObserved observed -> fleet.cell(observed.cell()).filter(cell -> isNews(cell, observed))
                    .isPresent();
            case FleetEvent.VerdictReached reached -> fleet.cell(reached.cell())
                    .filter(cell -> isNews(fleet, cell, reached)).isPresent();
            case FleetEvent.AttemptFinished finished -> fleet.attempt(finished.attempt())
                    .filter(attempt -> attempt.state() instanceof Attempt.State.Started).isPresent();
            case FleetEvent.RingAdmitted admitted -> fleet.version(admitted.version())
                    .filter(version -> !version.admitted().contains(admitted.ring())).isPresent();
            case FleetEvent.PageRaised raised -> !fleet.pages().containsKey(raised.key());
            case FleetEvent other -> true;
        };
    }

    /// Also a look that shows nothing new is news after an attempt ended: from then on it says what the attempt left.
    private static boolean isNews(Cell cell, FleetEvent.CellObserved observed) {
        if (cell.sight().isEmpty()) {
            return true;
        }
        var sight = cell.sight().get();
        if (observed.at().isBefore(sight.at())) {
            return false;
        }
        boolean changed = observed.reachable() != sight.reachable()
                || observed.reachable() && !observed.version().equals(sight.version());
        return changed || lastEnd(cell).filter(end -> !sight.at().isAfter(end) && observed.at().isAfter(end))
                .isPresent();
    }

    private static Optional<Instant> lastEnd(Cell cell) {
        return cell.attempts().values().stream().flatMap(attempt -> attempt.finishedAt().stream())
                .max(Instant::compareTo);
    }

    /// A verdict is news when it differs, or when its samples complete what the bake needs, or have doubled. One that
    /// is older than the start of its attempt cannot be of that attempt.
    private static boolean isNews(Fleet fleet, Cell cell, FleetEvent.VerdictReached reached) {
        boolean current = cell.last(Step.DEPLOY).filter(attempt -> attempt.id().equals(reached.attempt())
                && attempt.version().equals(reached.version()) && attempt.startedAt()
                .filter(start -> !reached.at().isBefore(start)).isPresent()).isPresent();
        if (!current) {
            return false;
        }
        var known = cell.health().filter(health -> health.attempt().equals(reached.attempt()));
        if (known.isEmpty()) {
            return true;
        }
        if (known.get().verdict() == Verdict.HARMFUL || reached.at().isBefore(known.get().at())) {
            return false;
        }
        long needed = fleet.spec().flatMap(spec -> spec.ring(cell.ring())).map(ring -> ring.policy().bake()
                .of(Optional.ofNullable(fleet.rollouts().get(reached.attempt().rollout()))).samples()).orElse(0L);
        long before = known.get().samples();
        boolean trial = fleet.spec().filter(spec -> fleet.trials().isNews(spec, cell, reached)).isPresent();
        return trial || known.get().verdict() != reached.verdict() || before < needed && reached.samples() >= needed
                || reached.samples() >= 2 * before && before > 0;
    }
}
