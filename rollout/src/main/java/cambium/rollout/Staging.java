package cambium.rollout;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A new declaration taken ring by ring, as versions are: see [#take].
public sealed interface Staging {
    /// The fleet with that part of the file, and the ring through which to take it next; none once all is taken.
    record Taken(FleetSpec spec, Optional<RingNumber> next) implements Staging {}

    /// @param code stable, like those of commands
    record Refused(String code, String text) implements Staging {}

    /// Takes from a file the rings up to one, with their policies and cells, and leaves the rings outside and what
    /// holds for the whole fleet as they are. Through the last ring of either it is the whole file. A cell is never
    /// in both parts or in neither: one that moves across the border has the file refused there.
    static Staging take(FleetSpec before, FleetSpec file, RingNumber through) {
        if (before.equals(file)) {
            return new Taken(file, Optional.empty());
        }
        var last = last(before, file);
        if (through.value() < 0 || through.compareTo(last) > 0) {
            return new Refused("bad_ring", "a file is taken through a ring from 0 to " + last);
        }
        if (through.equals(last)) {
            return new Taken(file, Optional.empty());
        }
        var crossing = crossing(before, file);
        var here = crossing.entrySet().stream().filter(each -> each.getValue().over(through)).toList();
        if (!here.isEmpty()) {
            var first = here.getFirst();
            return new Refused("cell_crosses", "cell " + first.getKey() + " moves from ring " + first.getValue().from()
                    + " to ring " + first.getValue().to()
                    + (here.size() > 1 ? ", and " + (here.size() - 1) + " more cells move" : "")
                    + " across the border of ring " + through + ": take the file through ring "
                    + next(before, file, crossing, through) + " at once");
        }
        var rings = Stream.concat(file.rings().stream().filter(ring -> ring.ring().compareTo(through) <= 0),
                before.rings().stream().filter(ring -> ring.ring().compareTo(through) > 0)).toList();
        var problems = FleetSpec.check(before.name(), before.product(), before.perimeter(), rings, before.rules(),
                before.measuring());
        if (!problems.isEmpty()) {
            return new Refused("not_sound_alone", "through ring " + through + " alone the file leaves no sound fleet: "
                    + problems.stream().map(SpecProblem::text).collect(Collectors.joining("; "))
                    + "; take it through ring " + next(before, file, crossing, through) + " at once");
        }
        var taken = before.with(rings);
        return new Taken(taken, taken.equals(file) ? Optional.empty()
                : Optional.of(next(before, file, crossing, through)));
    }

    private static RingNumber last(FleetSpec before, FleetSpec file) {
        return before.outermost().compareTo(file.outermost()) > 0 ? before.outermost() : file.outermost();
    }

    /// The innermost ring outside this one that differs and whose border no cell crosses, or else the last.
    private static RingNumber next(FleetSpec before, FleetSpec file, Map<CellId, Move> crossing, RingNumber through) {
        var last = last(before, file);
        for (var ring = through.next(); ring.compareTo(last) < 0; ring = ring.next()) {
            var border = ring;
            if (!before.ring(ring).equals(file.ring(ring))
                    && crossing.values().stream().noneMatch(move -> move.over(border))) {
                return ring;
            }
        }
        return last;
    }

    private static Map<CellId, Move> crossing(FleetSpec before, FleetSpec file) {
        var known = places(before);
        var moves = new TreeMap<CellId, Move>();
        places(file).forEach((cell, ring) -> Optional.ofNullable(known.get(cell)).filter(old -> !old.equals(ring))
                .ifPresent(old -> moves.put(cell, new Move(old, ring))));
        return moves;
    }

    private static Map<CellId, RingNumber> places(FleetSpec spec) {
        var places = new TreeMap<CellId, RingNumber>();
        spec.rings().forEach(ring -> ring.cells().forEach(cell -> places.put(cell.cell(), ring.ring())));
        return places;
    }

    /// A cell that the file has in another ring.
    record Move(RingNumber from, RingNumber to) {
        boolean over(RingNumber border) {
            return from.compareTo(border) > 0 != to.compareTo(border) > 0;
        }
    }
}
