package cambium.rollout;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Notices rings in which nothing has begun or ended for longer than their policy bears.
final class Standstill {
    private Standstill() {}

    /// Since when a ring stands still beyond its deadline on the way to its first bake of the target; empty also while
    /// it waits for what somebody or a schedule holds back, has something that it can start now, or goes back.
    static Optional<Instant> since(Situation situation, RingStanding standing) {
        var progress = standing.spec().policy().pace().progress();
        if (progress.isEmpty() || standing.target().bakedAt().isPresent() || standing.members().stream()
                .anyMatch(member -> member.standing() instanceof CellStanding.Ready
                        || Trouble.of(situation.fleet, member.cell()).isPresent())) {
            return Optional.empty();
        }
        boolean heldBack = standing.unmet().filter(wait -> switch (wait.code()) {
            case APPROVAL, BRAKED, WINDOW, PINNED, PAUSED, HELD, BLOCKED, OVERTAKEN, NOT_GRADUATED, INNER_RING,
                    OLDER_VERSION, OUTER_RING, BACKING_OFF, ROLLBACK_REFUSED, NO_FLEET, DEFERRED, LEAVING, QUARANTINED,
                    MOVED, DRIFTED, PDM_GRACE -> true;
            case CHANNEL, REQUESTED, RUNNING, UNOBSERVED, SETTLING, UNREACHABLE, UNKNOWN, NO_DATA, SAMPLES, BAKING, QA,
                    PDM_MANUAL, PDM, AT_ONCE, START_RATE, CANARY_FIRST, FAILED, NO_PROGRESS, JOINING,
                    TRIES_SPENT -> false;
        }).isPresent();
        var last = last(situation, standing);
        return heldBack || situation.now.isBefore(last.plus(progress.get().within())) ? Optional.empty()
                : Optional.of(last);
    }

    private static Instant last(Situation situation, RingStanding standing) {
        var target = standing.target();
        var bakes = target.convergedAt().map(at -> at.plus(situation.bake(standing).time()));
        var steps = standing.members().stream().flatMap(member -> member.cell().attempts().values().stream())
                .flatMap(attempt -> Stream.of(Optional.of(attempt.requestedAt()), attempt.startedAt(),
                        attempt.finishedAt()));
        return Stream.concat(Stream.of(Optional.of(target.openedAt()), target.begunAt(), bakes), steps)
                .flatMap(Optional::stream).max(Instant::compareTo).orElseThrow();
    }

    static Wait wait(RingStanding standing, Instant since) {
        return Wait.of(Wait.Code.NO_PROGRESS, new Scope.OfRing(standing.spec().ring()), "nothing has begun or ended"
                + " here since " + WholeSeconds.at(since) + ", longer than the "
                + Pace.words(standing.spec().policy().pace().progress().orElseThrow().within()) + " that "
                + standing.target().version() + " has for it");
    }
}
