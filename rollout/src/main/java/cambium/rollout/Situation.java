package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a fleet's state means at an instant. Worked out on demand, once, for each plan.
final class Situation {
    final Fleet fleet;
    final FleetSpec spec;
    final Instant now;
    private final List<Brake> brakes;
    private final List<RingStanding> inOrder = new ArrayList<>();
    private final Map<RingNumber, Optional<RingStanding>> standings = new TreeMap<>();
    private final Map<RingNumber, Optional<Schedule.Closed>> closures = new TreeMap<>();

    Situation(Fleet fleet, FleetSpec spec, Instant now) {
        this.fleet = fleet;
        this.spec = spec;
        this.now = now;
        brakes = Stream.concat(fleet.log().brake().stream(), fleet.brakes().values().stream()).toList();
    }

    /// The widest brake that forbids starts of a version in a ring.
    Optional<Brake> brakeOn(RingNumber ring, ProductVersion version) {
        return brakes.stream().filter(brake -> switch (brake.scope()) {
            case Scope.FleetWide() -> true;
            case Scope.OfRing(var braked) -> braked.equals(ring);
            case Scope.OfCell(var _) -> false;
            case Scope.OfVersion(var braked) -> braked.equals(version);
        }).findFirst();
    }

    Optional<Brake> brakeOn(Cell cell, ProductVersion version) {
        var wide = brakeOn(cell.ring(), version);
        return wide.or(() -> brakes.isEmpty() ? Optional.empty()
                : Optional.ofNullable(fleet.brakes().get(new Scope.OfCell(cell.id()))));
    }

    /// The pin that keeps a ring off a version.
    Optional<Pin> pinOn(RingNumber ring, ProductVersion version) {
        return pinned(new Scope.OfRing(ring)).filter(pin -> !pin.version().equals(version));
    }

    /// The pin that keeps a cell off a version, wherever it is set.
    Optional<Pin> pinOn(Cell cell, ProductVersion version) {
        return pinOn(cell.ring(), version).or(() -> pinned(new Scope.OfCell(cell.id()))
                .filter(pin -> !pin.version().equals(version)));
    }

    Optional<Pin> pinned(Scope scope) {
        return fleet.pins().isEmpty() ? Optional.empty() : Optional.ofNullable(fleet.pins().get(scope));
    }

    /// Why the schedules of fleet and ring forbid forward starts now, as a wait of this subject, if they do.
    Optional<Wait> closed(RingNumber ring, Scope subject) {
        var closed = closures.get(ring);
        if (closed == null) {
            var own = spec.ring(ring).map(declared -> declared.policy().windows()).orElse(Schedule.DEFAULT);
            closed = own.alwaysOpen() && spec.rules().windows().alwaysOpen() ? Optional.empty()
                    : Schedule.closed(List.of(spec.rules().windows(), own), now);
            closures.put(ring, closed);
        }
        return closed.map(known -> new Wait(Wait.Code.WINDOW, subject, "ring " + ring + " is closed, " + known.why()
                + known.opensAt().map(at -> "; it opens at " + WholeSeconds.end(at)).orElse("; it does not open again"),
                known.opensAt()));
    }

    /// What the target of a ring needs there after converging.
    Bake bake(RingStanding standing) {
        return standing.spec().policy().bake().of(rollout(standing));
    }

    /// How the target's bake is called where a wait tells of it.
    String bakeWord(RingStanding standing) {
        var hotfix = rollout(standing).flatMap(Rollout::hotfix);
        return hotfix.isPresent() && standing.spec().policy().bake().hotfix().isPresent()
                ? " as a hotfix (" + hotfix.get() + ")" : "";
    }

    private Optional<Rollout> rollout(RingStanding standing) {
        return Optional.ofNullable(fleet.rollouts().get(standing.target().rollout()));
    }

    boolean outsidePerimeter(RingNumber ring) {
        return ring.compareTo(spec.perimeter()) > 0;
    }

    /// A version that the main cell has left without graduating never crosses the perimeter: nothing waits for it.
    boolean mayStillLeave(RingNumber ring, ProductVersion version) {
        var main = fleet.cells().get(spec.mainCell().cell()).ring();
        return !outsidePerimeter(ring) || version(version).graduatedAt().isPresent()
                || standing(main).filter(standing -> standing.target().version().equals(version)).isPresent();
    }

    VersionRecord version(ProductVersion version) {
        return fleet.version(version)
                .orElseThrow(() -> new IllegalStateException("a target names unknown version " + version));
    }

    Optional<RingStanding> standing(RingNumber ring) {
        var known = standings.get(ring);
        if (known == null) {
            known = ring.value() < 0 ? Optional.empty()
                    : fleet.rings().get(ring).target().map(target -> stand(ring, target));
            standings.put(ring, known);
        }
        return known;
    }

    /// Standings are worked out from the innermost ring outward, since each asks for the one inside it.
    List<RingStanding> standings() {
        if (inOrder.isEmpty()) {
            spec.rings().forEach(ring -> standing(ring.ring()).ifPresent(inOrder::add));
        }
        return inOrder;
    }

    private RingStanding stand(RingNumber number, Ring.Target target) {
        var ring = spec.ring(number).orElseThrow();
        var hindrance = ringHindrance(number, target);
        var cells = new CellStandings(this, ring, target, hindrance);
        var members = new ArrayList<RingStanding.Member>(ring.cells().size());
        int leftBusy = 0;
        for (var declared : ring.cells()) {
            var cell = fleet.cells().get(declared.cell());
            if (cell.ring().equals(number)) {
                members.add(cells.member(cell));
            } else {
                leftBusy += deploying(cell) ? 1 : 0;
            }
        }
        return RingStanding.of(ring, target, members, leftBusy);
    }

    static boolean deploying(Cell cell) {
        return cell.current().filter(attempt -> attempt.id().step() == Step.DEPLOY && attempt.startedAt().isPresent())
                .isPresent();
    }

    /// The cells that stand in the ring now; one that is quarantined does not.
    Stream<Cell> members(RingSpec ring) {
        return ring.cells().stream().map(declared -> fleet.cells().get(declared.cell()))
                .filter(cell -> cell.ring().equals(ring.ring()));
    }

    /// The policy of the ring that the cell is declared in, also while it is quarantined.
    RingPolicy policyOf(Cell cell) {
        return spec.ring(cell.membership().home()).orElseThrow().policy();
    }

    /// What forbids any forward start of the target in the ring now, whatever the cell.
    Optional<CellStanding> ringHindrance(RingNumber ring, Ring.Target target) {
        var scope = new Scope.OfRing(ring);
        var version = version(target.version());
        if (version.blocked().isPresent()) {
            return Optional.of(new CellStanding.Stuck(Wait.of(Wait.Code.BLOCKED, scope,
                    version.version() + " is " + version.blocked().get().ground().word() + ": "
                            + version.blocked().get().why())));
        }
        var brake = brakeOn(ring, target.version());
        if (brake.isPresent()) {
            return Optional.of(new CellStanding.Stuck(Waits.brake(scope, brake.get())));
        }
        var pin = pinOn(ring, target.version());
        if (pin.isPresent()) {
            return Optional.of(new CellStanding.Stuck(Waits.pinned(scope, pin.get(), target.version())));
        }
        var takenBack = ApprovalGate.takenBack(this, ring, target.version());
        if (takenBack.isPresent()) {
            return takenBack.map(CellStanding.Stuck::new);
        }
        if (outsidePerimeter(ring) && version.graduatedAt().isEmpty()) {
            return Optional.of(new CellStanding.Pending(notGraduated(scope, version.version())));
        }
        if (ring.value() > 0) {
            var inner = innerHindrance(ring, target);
            if (inner.isPresent()) {
                return inner;
            }
        }
        return version.admitted().contains(ring) ? Optional.empty()
                : Optional.of(new CellStanding.Pending(Wait.of(Wait.Code.CHANNEL, scope,
                        "the channel of ring " + ring + " does not offer " + version.version() + " yet")));
    }

    Wait notGraduated(Scope scope, ProductVersion version) {
        return Wait.of(Wait.Code.NOT_GRADUATED, scope,
                version + " has not graduated, so it may not leave the perimeter (ring " + spec.perimeter() + ")");
    }

    /// A cell starts a version only while the ring inside runs it, healthy and fully baked, at that very instant.
    private Optional<CellStanding> innerHindrance(RingNumber ring, Ring.Target target) {
        var scope = new Scope.OfRing(ring);
        var inner = standing(ring.inner());
        if (inner.isEmpty() || !inner.get().target().version().equals(target.version())) {
            var now = inner.map(other -> " has moved on to " + other.target().version()).orElse(" has no target");
            return Optional.of(new CellStanding.Stuck(Wait.of(Wait.Code.OVERTAKEN, scope,
                    "ring " + ring.inner() + now + "; " + target.version() + " starts here no more")));
        }
        return inner.get().proved() ? Optional.empty()
                : Optional.of(new CellStanding.Pending(innerRing(scope, inner.get())));
    }

    Wait innerRing(Scope scope, RingStanding inner) {
        var why = inner.unmet().map(wait -> ": " + wait.subject() + " " + wait.text()).orElse("");
        return Wait.of(Wait.Code.INNER_RING, scope, "ring " + inner.spec().ring() + " has not proved "
                + inner.target().version() + " (" + inner.convergedCells() + " of " + inner.members().size()
                + " cells converged" + why + ")");
    }
}
