package cambium.rollout;

import java.util.Optional;

/// Opens rings for versions, from the outermost inward, so that what a ring has proved moves out before something newer
/// comes in behind it.
final class Opening {
    private final Situation situation;
    private final Draft draft;
    private Optional<RingNumber> openedOutside = Optional.empty();

    Opening(Situation situation, Draft draft) {
        this.situation = situation;
        this.draft = draft;
    }

    void decide() {
        for (var ring : situation.spec.rings().reversed()) {
            if (ring.ring().value() >= 0) {
                decide(ring.ring());
            }
        }
        endRollouts();
    }

    private void decide(RingNumber ring) {
        int taken = situation.standing(ring).map(standing -> standing.target().rollout()).orElse(0);
        var contender = ring.value() == 0 ? nextStarted(taken) : provedInside(ring, taken);
        if (contender.isEmpty()) {
            return;
        }
        var hindrance = hindrance(ring, contender.get());
        if (hindrance.isPresent()) {
            draft.wait(hindrance.get());
            if (hindrance.get().code() == Wait.Code.APPROVAL) {
                ApprovalGate.page(draft, situation, ring, contender.get().rollout(), contender.get().version(),
                        hindrance.get());
            }
        } else {
            var version = situation.version(contender.get().version());
            draft.decide(new Decision.Open(contender.get().rollout(), version.version(), ring, version.packages()));
            openedOutside = Optional.of(ring);
        }
    }

    private record Contender(int rollout, ProductVersion version) {}

    private Optional<Contender> nextStarted(int taken) {
        var newer = situation.fleet.rollouts().tailMap(taken, false);
        boolean inTurn = supersede(RingNumber.INNERMOST) == Supersede.QUEUE;
        var pinned = situation.pinned(new Scope.OfRing(RingNumber.INNERMOST)).map(Pin::version);
        var first = Optional.<Contender>empty();
        for (var rollout : (inTurn ? newer : newer.descendingMap()).values()) {
            if (rollout.state() == Rollout.State.ACTIVE && situation.version(rollout.version()).blocked().isEmpty()) {
                var contender = Optional.of(new Contender(rollout.number(), rollout.version()));
                if (pinned.isEmpty() || pinned.get().equals(rollout.version())) {
                    return contender;   // what the ring is pinned to goes before what must wait for that
                }
                first = first.or(() -> contender);
            }
        }
        return first;
    }

    private Optional<Contender> provedInside(RingNumber ring, int taken) {
        var inner = situation.standing(ring.inner()).filter(standing -> standing.target().rollout() > taken);
        if (inner.isPresent() && !inner.get().proved()) {
            draft.wait(situation.innerRing(new Scope.OfRing(ring), inner.get()));
        }
        return inner.filter(RingStanding::proved)
                .map(standing -> new Contender(standing.target().rollout(), standing.target().version()));
    }

    private Optional<Wait> hindrance(RingNumber ring, Contender contender) {
        var scope = new Scope.OfRing(ring);
        var brake = situation.brakeOn(ring, contender.version());
        if (brake.isPresent()) {
            return Optional.of(Waits.brake(scope, brake.get()));
        }
        var pin = situation.pinOn(ring, contender.version());
        if (pin.isPresent()) {
            return Optional.of(Waits.pinned(scope, pin.get(), contender.version()));
        }
        var paused = ring.value() == 0 ? Lateness.before(situation, contender.rollout(), contender.version())
                : Optional.<Wait>empty();
        if (paused.isPresent()) {
            return paused;
        }
        var order = order(ring, scope, contender);
        var approval = order.isPresent() ? Optional.<Wait>empty()
                : ApprovalGate.beforeOpening(situation, ring, contender.version());
        return approval.or(() -> situation.closed(ring, scope)).or(() -> order);   // people first: they take time
    }

    private Optional<Wait> order(RingNumber ring, Scope scope, Contender contender) {
        if (situation.outsidePerimeter(ring) && situation.version(contender.version()).graduatedAt().isEmpty()) {
            return Optional.of(VersionWaits.graduation(situation, scope, contender.version()));
        }
        var own = situation.standing(ring);
        if (own.filter(this::unfinished).filter(busy -> !replaceable(busy)).isPresent()) {
            return Optional.of(Wait.of(Wait.Code.OLDER_VERSION, scope, contender.version() + " comes after "
                    + own.get().target().version() + ", which the ring finishes first"));
        }
        return own.flatMap(standing -> outerRing(scope, standing, contender));
    }

    /// Begun, not at its end, and still able to get there by itself. What has come to its turn counts as begun.
    private boolean unfinished(RingStanding standing) {
        boolean begun = standing.target().begunAt().isPresent()
                || supersede(standing.spec().ring()) == Supersede.QUEUE;
        return begun && !finished(standing) && !standing.stalled();
    }

    /// Where the newest wins, it does not win over what is proved, nor twice in a row.
    private boolean replaceable(RingStanding busy) {
        return supersede(busy.spec().ring()) == Supersede.NEWEST_WINS && !busy.proved()
                && situation.fleet.rings().get(busy.spec().ring()).targets().stream().filter(target ->
                target.begunAt().isPresent() && target.provedAt().isEmpty()).count() <= 1;
    }

    private Supersede supersede(RingNumber ring) {
        return situation.spec.ring(ring).map(declared -> declared.policy().supersede()).orElse(Supersede.DEFAULT);
    }

    private boolean finished(RingStanding standing) {
        return standing.proved() && Migrating.settled(situation, standing);
    }

    /// The ring outside may start a version only while this ring runs it, so this one keeps it until that one is
    /// through, unless it cannot prove it any more by itself.
    private Optional<Wait> outerRing(Scope scope, RingStanding own, Contender contender) {
        var outer = own.spec().ring().next();
        if (outer.compareTo(situation.spec.outermost()) > 0 || own.stalled()) {
            return Optional.empty();
        }
        boolean taking = openedOutside.equals(Optional.of(outer)) || situation.standing(outer)
                .filter(standing -> standing.target().rollout() == own.target().rollout())
                .filter(standing -> !standing.converged() && !standing.stalled()).isPresent();
        boolean queues = supersede(outer) == Supersede.QUEUE && own.proved()
                && !openedOutside.equals(Optional.of(outer))
                && situation.standing(outer).map(standing -> standing.target().rollout()).orElse(0)
                < own.target().rollout() && situation.mayStillLeave(outer, own.target().version());
        return !taking && !queues ? Optional.empty()
                : Optional.of(Wait.of(Wait.Code.OUTER_RING, scope, contender.version()
                + " comes once ring " + outer + " has taken " + own.target().version() + " from here"));
    }

    private void endRollouts() {
        int innermost = situation.standing(RingNumber.INNERMOST).map(standing -> standing.target().rollout()).orElse(0);
        var outermost = situation.standing(situation.spec.outermost());
        for (var rollout : situation.fleet.rollouts().values()) {
            if (rollout.state() != Rollout.State.ACTIVE) {
                continue;
            }
            var there = outermost.filter(standing -> standing.target().rollout() == rollout.number());
            if (there.filter(this::finished).isPresent()) {
                draft.decide(new Decision.Complete(rollout.number(), rollout.version()));
            } else if (rollout.number() < innermost && nowhere(rollout)) {
                draft.decide(new Decision.Supersede(rollout.number(), rollout.version(), innermost));
            }
        }
    }

    private boolean nowhere(Rollout rollout) {
        return situation.fleet.rings().values().stream()
                .noneMatch(ring -> ring.targets().stream().anyMatch(target -> target.rollout() == rollout.number()));
    }
}
