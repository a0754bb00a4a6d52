package cambium.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is allowed in a fleet, holds nothing up, and should be known all the same.
public record Advice(Code code, String text) {
    public enum Code {
        /// Signals that have judged no version inside as they are now.
        UNTRIED_SIGNALS,
        /// A driver that carries versions outside the innermost ring only.
        UNTRIED_DRIVER;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static List<Advice> in(Fleet fleet) {
        return fleet.spec().map(spec -> Stream.concat(signals(fleet, spec).stream(), drivers(spec).stream()).toList())
                .orElse(List.of());
    }

    /// A signal that the program brings along and of which no cell has figures is not spoken of: nobody asked for it.
    private static Optional<Advice> signals(Fleet fleet, FleetSpec spec) {
        var open = new TreeSet<>(fleet.trials().bindingIn(spec, spec.outermost()));
        open.removeAll(spec.measuring().shadow());
        if (open.isEmpty()) {
            return Optional.empty();
        }
        var spoken = new TreeSet<String>();
        spec.measuring().own().forEach(own -> spoken.add(own.signal()));
        fleet.cells().values().forEach(cell -> cell.health().ifPresent(health ->
                health.evidence().signals().forEach(signal -> spoken.add(signal.name()))));
        open.retainAll(spoken);
        return Trials.ring(spec).filter(_ -> !open.isEmpty()).map(ring -> {
            boolean one = open.size() == 1;
            var it = one ? "it" : "them";
            return new Advice(Code.UNTRIED_SIGNALS, (one ? "signal " : "signals ") + String.join(", ", open)
                    + (one ? " has" : " have") + " judged no version in ring " + ring
                    + " yet: outside of it a cell that looks harmed by " + it + " waits and is not rolled back, until "
                    + "a version has baked in ring " + ring + " with figures of " + it);
        });
    }

    private static List<Advice> drivers(FleetSpec spec) {
        var inside = spec.ring(RingNumber.INNERMOST).orElseThrow().cells().stream().map(CellSpec::driver)
                .collect(Collectors.toSet());
        var outside = new TreeMap<String, List<RingNumber>>();
        spec.rings().stream().filter(ring -> ring.ring().value() > 0).forEach(ring -> ring.cells().stream()
                .filter(cell -> !inside.contains(cell.driver()))
                .forEach(cell -> outside.computeIfAbsent(cell.driver(), _ -> new ArrayList<>()).add(ring.ring())));
        return outside.entrySet().stream().map(each -> new Advice(Code.UNTRIED_DRIVER, "driver " + each.getKey()
                + " carries versions to " + cells(each.getValue().size()) + " from ring "
                + each.getValue().stream().min(Comparator.naturalOrder()).orElseThrow()
                + " on and to none of ring 0, so nothing tries it there first: a cell of ring 0 with this driver "
                + "would"))
                .toList();
    }

    private static String cells(int count) {
        return count == 1 ? "1 cell" : count + " cells";
    }
}
