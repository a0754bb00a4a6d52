package cambium.simulation;

import cambium.rollout.BehindLimit;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingSpec;
import cambium.rollout.Scope;
import cambium.rollout.Step;
import cambium.rollout.Supersede;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The promises about which of several versions goes first.
final class OrderChecks {
    private OrderChecks() {}

    /// Judged only while a cell of the ring, for which the ring waits, is at work on the version: whoever sees no cell
    /// move cannot tell from outside whether the ring could still finish.
    static Optional<String> finishes(FleetEvent event, History before) {
        return replaced(event, before, Supersede.FINISH);
    }

    static Optional<String> replacesOnce(FleetEvent event, History before) {
        return replaced(event, before, Supersede.NEWEST_WINS)
                .filter(_ -> before.begun.getOrDefault(((FleetEvent.RingOpened) event).ring(), List.of()).size() > 1);
    }

    private static Optional<String> replaced(FleetEvent event, History before, Supersede rule) {
        if (!(event instanceof FleetEvent.RingOpened opened) || !rule(before, opened.ring()).equals(Optional.of(rule))
                || !before.target.containsKey(opened.ring())) {
            return Optional.empty();
        }
        var busy = before.target.get(opened.ring()).version();
        if (before.provedAt.containsKey(new History.InRing(opened.ring(), busy))) {
            return Optional.empty();
        }
        return before.cellsOf(opened.ring()).stream().filter(id -> before.cell(id).open.stream().anyMatch(asked ->
                asked.startedAt.isPresent() && asked.request.attempt().step() == Step.DEPLOY
                        && asked.request.version().equals(busy) && asked.request.ring().equals(opened.ring()))
                && !before.passedOver(id, opened.ring(), busy, event.at())).findFirst()
                .map(id -> "ring " + opened.ring() + " leaves " + busy + ", which cell " + id + " is being given");
    }

    static Optional<String> inTurn(FleetEvent event, History before) {
        if (!(event instanceof FleetEvent.RingOpened opened) || opened.ring().value() > 0
                || !rule(before, opened.ring()).equals(Optional.of(Supersede.QUEUE))
                || opened.version().equals(before.pins.get(new Scope.OfRing(opened.ring())))) {
            return Optional.empty();
        }
        int taken = Optional.ofNullable(before.target.get(opened.ring())).map(FleetEvent.RingOpened::rollout).orElse(0);
        return before.rollouts.subMap(taken, false, opened.rollout(), false).values().stream()
                .filter(version -> !before.openedAt.containsKey(new History.InRing(opened.ring(), version))).findFirst()
                .map(passed -> passed + " came before " + opened.version());
    }

    /// Judged only while something newer is on its way to the late ring as far as can be told from outside.
    static Optional<String> pauses(FleetEvent event, History before) {
        if (!(event instanceof FleetEvent.RingOpened opened) || opened.ring().value() != 0
                || before.hotfixes.contains(opened.rollout())
                || before.rulings.spokenFor(new History.InRing(opened.ring(), opened.version()))) {
            return Optional.empty();
        }
        return before.spec.stream().flatMap(spec -> spec.rings().stream()).map(RingSpec::ring).filter(ring ->
                ring.value() > 0 && late(before, ring, event.at()) && newerComes(before, ring, event.at()))
                .findFirst().map(late -> opened.version() + " begins while ring " + late + " is late");
    }

    private static boolean late(History before, RingNumber ring, Instant now) {
        var limit = before.spec.flatMap(spec -> spec.ring(ring)).flatMap(known -> known.policy().cells().mostBehind())
                .filter(known -> known.then() == BehindLimit.Then.PAUSE);
        return limit.isPresent() && !before.pins.containsKey(new Scope.OfRing(ring))
                && isPassed(limit.get(), missed(before, ring, now), now);
    }

    private static boolean isPassed(BehindLimit limit, List<List<Instant>> missed, Instant now) {
        return missed.stream().anyMatch(times -> limit.versions().filter(most -> times.size() > most).isPresent()
                || limit.time().filter(most -> times.stream().anyMatch(at -> at.plus(most).isBefore(now))).isPresent());
    }

    /// When what it misses graduated: by what the ring takes; by each of its cells where it takes nothing.
    private static List<List<Instant>> missed(History before, RingNumber ring, Instant now) {
        var target = before.target.get(ring);
        if (target != null) {
            return List.of(newer(before, before.numbers.get(target.version()), now));
        }
        return before.cellsOf(ring).stream().filter(id -> before.cell(id).reachable && !before.away(id, now)
                && before.cell(id).hold.isEmpty() && !before.pins.containsKey(new Scope.OfCell(id)))
                .map(id -> sinceItJoined(newer(before, before.cell(id).seen.map(before.numbers::get).orElse(0), now),
                        before.cell(id))).toList();
    }

    private static List<Instant> sinceItJoined(List<Instant> times, History.CellHistory cell) {
        return times.stream().map(at -> at.isBefore(cell.since) ? cell.since : at).toList();
    }

    private static boolean newerComes(History before, RingNumber ring, Instant now) {
        int passed = before.target.containsKey(ring) ? before.target.get(ring).rollout() : 0;
        for (var inner = ring; inner.value() > 0;) {
            inner = inner.inner();
            var target = before.target.get(inner);
            if (target != null && target.rollout() > passed) {
                passed = target.rollout();
                if (mayGetTo(before, ring, target) && goesOn(before, target, now)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean mayGetTo(History before, RingNumber ring, FleetEvent.RingOpened target) {
        var spec = before.spec.orElseThrow();
        return spec.rings().stream().map(RingSpec::ring).noneMatch(between -> between.compareTo(target.ring()) > 0
                && between.compareTo(ring) < 0 && before.pinnedOff(new Scope.OfRing(between), target.version()))
                && (before.graduated.containsKey(target.version()) || ring.compareTo(spec.perimeter()) <= 0);
    }

    /// A cell is being given the version, or all have baked it and nothing was said against it since.
    private static boolean goesOn(History before, FleetEvent.RingOpened target, Instant now) {
        var cells = before.cellsOf(target.ring()).stream().filter(id -> !before.away(id, now)).toList();
        return cells.stream().anyMatch(id -> isGiven(before, id, target, now))
                || !cells.isEmpty() && cells.stream().allMatch(id -> keeps(before, id, target.version()));
    }

    private static boolean isGiven(History before, CellId id, FleetEvent.RingOpened target, Instant now) {
        return !before.passedOver(id, target.ring(), target.version(), now)
                && before.cell(id).open.stream().anyMatch(asked -> asked.startedAt.isPresent()
                && asked.request.attempt().step() == Step.DEPLOY && asked.request.version().equals(target.version()));
    }

    private static boolean keeps(History before, CellId id, ProductVersion version) {
        var cell = before.cell(id);
        return cell.bakedAt.containsKey(version) && cell.hold.isEmpty()
                && !before.softFailures.getOrDefault(version, Map.of()).containsKey(id)
                && (!cell.reachable || cell.seen.filter(version::equals).isPresent());
    }

    /// Versions that graduated earlier: what is decided at the same instant does not know of each other.
    private static List<Instant> newer(History before, int rollout, Instant now) {
        return before.graduated.entrySet().stream().filter(known -> known.getValue().isBefore(now)
                && !before.blocked.containsKey(known.getKey()) && before.numbers.get(known.getKey()) > rollout)
                .map(Map.Entry::getValue).toList();
    }

    private static Optional<Supersede> rule(History before, RingNumber ring) {
        return before.spec.flatMap(spec -> spec.ring(ring)).map(RingSpec::policy).map(policy -> policy.supersede());
    }
}
