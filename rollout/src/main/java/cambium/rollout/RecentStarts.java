package cambium.rollout;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// The deployments of a ring that count against its rate of starts at an instant.
final class RecentStarts {
    private final Optional<Pace.StartRate> rate;
    private final RingNumber ring;
    private long count;
    private Optional<Instant> oldest = Optional.empty();

    /// @param requested whether starts that were asked for count, too
    RecentStarts(RingSpec ring, Collection<Cell> cells, Instant now, boolean requested) {
        this.ring = ring.ring();
        rate = ring.policy().pace().startRate();
        rate.map(Pace.StartRate::per).ifPresent(per -> cells.forEach(cell -> {
            cell.work().starts().recent().stream().filter(start -> start.ring().equals(ring.ring()))
                    .map(Starts.Start::at).filter(at -> at.plus(per).isAfter(now)).forEach(this::add);
            if (requested) {
                cell.last(Step.DEPLOY).filter(attempt -> attempt.ring().equals(ring.ring())
                        && attempt.state() instanceof Attempt.State.Requested).ifPresent(_ -> add(now));
            }
        }));
    }

    private void add(Instant start) {
        count++;
        oldest = oldest.filter(at -> at.isBefore(start)).or(() -> Optional.of(start));
    }

    /// How many more deployments may start now.
    int left() {
        return rate.map(known -> (int) Math.max(0, known.count() - count)).orElse(Integer.MAX_VALUE);
    }

    /// Why none may, if so.
    Optional<Wait> spent(Scope subject) {
        return left() > 0 ? Optional.empty() : Optional.of(wait(subject));
    }

    Wait wait(Scope subject) {
        var known = rate.orElseThrow();
        return new Wait(Wait.Code.START_RATE, subject, "waits for its turn: " + known + " start in ring " + ring,
                oldest.map(at -> at.plus(known.per())));
    }
}
