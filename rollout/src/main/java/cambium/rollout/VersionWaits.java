package cambium.rollout;

import java.util.Optional;

/// Says of each rollout that is not at its end why it is where it is.
final class VersionWaits {
    private VersionWaits() {}

    static void add(Situation situation, Draft draft) {
        for (var rollout : situation.fleet.rollouts().values()) {
            if (rollout.state() == Rollout.State.ACTIVE) {
                of(situation, draft, rollout).ifPresent(draft::wait);
            }
        }
    }

    private static Optional<Wait> of(Situation situation, Draft draft, Rollout rollout) {
        var scope = new Scope.OfVersion(rollout.version());
        var frontier = situation.standings().reversed().stream()
                .filter(standing -> standing.target().rollout() == rollout.number()).findFirst();
        if (frontier.isEmpty()) {
            return queued(situation, draft, rollout, scope);
        }
        var ring = frontier.get().spec().ring();
        if (!frontier.get().proved()) {
            return draft.waitOf(new Scope.OfRing(ring)).map(wait -> about(scope, ring, wait));
        }
        if (ring.equals(situation.spec.outermost())) {
            return frontier.get().members().stream()
                    .flatMap(member -> draft.waitOf(new Scope.OfCell(member.cell().id())).stream()).findFirst()
                    .map(wait -> new Wait(wait.code(), scope, wait.subject() + ": " + wait.text(), wait.until()));
        }
        var next = ring.next();
        return draft.waitOf(new Scope.OfRing(next)).map(wait -> about(scope, next, wait));
    }

    private static Optional<Wait> queued(Situation situation, Draft draft, Rollout rollout, Scope scope) {
        var newest = situation.fleet.rollouts().descendingMap().values().stream()
                .filter(other -> other.state() == Rollout.State.ACTIVE).findFirst().orElseThrow();
        boolean overtaken = situation.standing(RingNumber.INNERMOST)
                .filter(standing -> standing.target().rollout() > rollout.number()).isPresent();
        var before = situation.fleet.rollouts().headMap(rollout.number(), false).descendingMap().values().stream()
                .filter(other -> other.state() == Rollout.State.ACTIVE).findFirst();
        boolean inTurn = situation.spec.ring(RingNumber.INNERMOST).orElseThrow().policy().supersede()
                == Supersede.QUEUE;
        if (inTurn && !overtaken && before.isPresent()) {
            return Optional.of(Wait.of(Wait.Code.OLDER_VERSION, scope, "comes in its turn, after "
                    + before.get().version()));
        }
        if (newest.number() != rollout.number() && !inTurn || overtaken) {
            return Optional.of(Wait.of(Wait.Code.OVERTAKEN, scope, newest.version() + " is newer and goes instead"));
        }
        return draft.waitOf(new Scope.OfRing(RingNumber.INNERMOST))
                .map(wait -> about(scope, RingNumber.INNERMOST, wait));
    }

    private static Wait about(Scope scope, RingNumber ring, Wait wait) {
        return new Wait(wait.code(), scope, "ring " + ring + ": " + wait.text(), wait.until());
    }

    /// What a version still lacks to leave the perimeter.
    static Wait graduation(Situation situation, Scope scope, ProductVersion version) {
        var main = situation.fleet.cells().get(situation.spec.mainCell().cell());
        var policy = situation.spec.ring(main.ring()).orElseThrow().policy();
        var text = version + " has not graduated: ";
        boolean proved = situation.standing(main.ring())
                .filter(standing -> standing.target().version().equals(version) && standing.proved()).isPresent();
        if (!proved) {
            return Wait.of(Wait.Code.NOT_GRADUATED, scope, text + "ring " + main.ring() + ", which has main cell "
                    + main.id() + ", does not prove it");
        }
        var onMain = text + "main cell " + main.id() + ": ";
        return switch (Migration.of(situation, main, version, policy, policy.pdm() != RingPolicy.Pdm.MANUAL)) {
            case Migration.Done _ -> Wait.of(Wait.Code.NOT_GRADUATED, scope, text + graduator(situation, version));
            case Migration.Ready _ -> Wait.of(Wait.Code.NOT_GRADUATED, scope, onMain + "PDM comes next");
            case Migration.UnderWay(var wait) ->
                new Wait(Wait.Code.NOT_GRADUATED, scope, onMain + wait.text(), wait.until());
            case Migration.Hindered(var wait) -> new Wait(wait.code(), scope, onMain + wait.text(), wait.until());
            case Migration.Failed(var _, var wait) -> new Wait(wait.code(), scope, onMain + wait.text(), wait.until());
        };
    }

    private static String graduator(Situation situation, ProductVersion version) {
        return switch (situation.spec.graduation()) {
            case MANUAL -> "a person must say so, cambium graduate " + version;
            case AUTOMATIC -> "it is about to";
        };
    }
}
