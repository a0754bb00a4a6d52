package cambium.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A fleet as declared. An instance is always sound: what `check` finds is refused by the constructor.
///
/// @param perimeter the last ring that release managers answer for
/// @param rings in order of number; from 0 without gaps, and perhaps quarantine (−1) before them
/// @param rules what holds in every ring, whatever its policy
/// @param measuring where figures of cells come from
/// @param largeChange how much of it the next declaration may touch without a reason
/// @param changeRest how long the next one rests in a ring before the ring outside takes it
public record FleetSpec(String name, Product product, RingNumber perimeter, Graduation graduation,
        List<RingSpec> rings, FleetRules rules, Measuring measuring, LargeChange largeChange,
        ChangeRest changeRest) {
    public static final int MAX_RINGS = 1_000;
    public static final int MAX_CELLS = 100_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    /// Where a product version's packages are found.
    public record Product(String repository, String distribution, List<String> packages) {
        public Product {
            Grammar.text("repository", repository);
            Grammar.text("distribution", distribution);
            packages = List.copyOf(packages);
        }
    }

    /// Whether a version graduates by itself once PDM succeeded on the main cell, or when a person says so.
    public enum Graduation { AUTOMATIC, MANUAL }

    public FleetSpec(String name, Product product, RingNumber perimeter, Graduation graduation,
            List<RingSpec> rings) {
        this(name, product, perimeter, graduation, rings, FleetRules.DEFAULT, Measuring.DEFAULT, LargeChange.DEFAULT,
                ChangeRest.DEFAULT);
    }

    public FleetSpec {
        var problems = check(name, product, perimeter, rings, rules, measuring);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.stream().map(problem -> problem.field() + ": " + problem.text())
                    .collect(Collectors.joining("; ")));
        }
        rings = rings.stream().sorted(java.util.Comparator.comparing(RingSpec::ring)).toList();
    }

    /// Everything that is wrong with a declaration, in reading order; empty when it is sound.
    public static List<SpecProblem> check(String name, Product product, RingNumber perimeter, List<RingSpec> rings,
            FleetRules rules, Measuring measuring) {
        var problems = new ArrayList<SpecProblem>();
        if (!NAME.matcher(name).matches()) {
            problems.add(new SpecProblem("bad_name", "fleet", "the fleet's name must match " + NAME.pattern()));
        }
        if (product.packages().isEmpty()) {
            problems.add(new SpecProblem("no_packages", "product.packages", "the product names no package"));
        }
        checkRingNumbers(rings, problems);
        checkPerimeter(perimeter, rings, problems);
        checkCells(rings, measuring, problems);
        checkMain(perimeter, rings, problems);
        checkMandatory(rings, problems);
        checkWindows(rings, rules, problems);
        return List.copyOf(problems);
    }

    private static void checkRingNumbers(List<RingSpec> rings, List<SpecProblem> problems) {
        Map<RingNumber, Integer> seen = new HashMap<>();
        for (int i = 0; i < rings.size(); i++) {
            Integer before = seen.putIfAbsent(rings.get(i).ring(), i);
            if (before != null) {
                problems.add(new SpecProblem("ring_twice", "rings[" + i + "].ring",
                        "ring " + rings.get(i).ring() + " is already declared by rings[" + before + "]"));
            }
            if (rings.get(i).cells().isEmpty() && !rings.get(i).ring().equals(RingNumber.QUARANTINE)) {
                problems.add(new SpecProblem("ring_empty", "rings[" + i + "].cells",
                        "ring " + rings.get(i).ring() + " has no cell, so nothing could prove a version there"));
            }
        }
        int outermost = rings.stream().mapToInt(ring -> ring.ring().value()).max().orElse(-1);
        if (outermost < 0 || rings.size() > MAX_RINGS) {
            problems.add(new SpecProblem("rings_count", "rings", "a fleet has from 1 to " + MAX_RINGS
                    + " rings, from ring 0 outward"));
        }
        for (int number = 0; number < outermost; number++) {
            if (!seen.containsKey(RingNumber.of(number))) {
                problems.add(new SpecProblem("ring_gap", "rings", "ring " + number
                        + " is missing: rings count from 0 to "
                        + outermost + " without gaps"));
            }
        }
    }

    private static void checkPerimeter(RingNumber perimeter, List<RingSpec> rings, List<SpecProblem> problems) {
        if (perimeter.value() < 0 || rings.stream().noneMatch(ring -> ring.ring().equals(perimeter))) {
            problems.add(new SpecProblem("perimeter_unknown", "perimeter", "the perimeter is ring " + perimeter
                    + ", which is not declared"));
        }
    }

    private static void checkCells(List<RingSpec> rings, Measuring measuring, List<SpecProblem> problems) {
        Map<CellId, RingNumber> ringOf = new HashMap<>();
        for (int i = 0; i < rings.size(); i++) {
            var ring = rings.get(i);
            for (int j = 0; j < ring.cells().size(); j++) {
                var cell = ring.cells().get(j);
                var field = "rings[" + i + "].cells[" + j + "]";
                var other = ringOf.putIfAbsent(cell.cell(), ring.ring());
                if (other != null) {
                    problems.add(new SpecProblem("cell_twice", field + ".cell", "cell " + cell.cell()
                            + " is already in ring " + other));
                }
                if (cell.health().isEmpty() && !cell.pulls()) {
                    problems.add(new SpecProblem("health_missing", field + ".health",
                            "without a health address nobody can see which version cell " + cell.cell() + " runs"));
                }
                if (cell.metrics().isEmpty() && measuring.server().isEmpty()
                        && ring.policy().health() == RingPolicy.HealthGate.REQUIRED) {
                    problems.add(new SpecProblem("metrics_missing", field + ".metrics", "ring " + ring.ring()
                            + " requires health, but cell " + cell.cell()
                            + " has no metrics address; its gate could never open"));
                }
            }
        }
        if (ringOf.size() > MAX_CELLS) {
            problems.add(new SpecProblem("cells_count", "rings", "a fleet has at most " + MAX_CELLS + " cells"));
        }
    }

    private static void checkMain(RingNumber perimeter, List<RingSpec> rings, List<SpecProblem> problems) {
        var inside = new ArrayList<CellId>();
        for (int i = 0; i < rings.size(); i++) {
            for (int j = 0; j < rings.get(i).cells().size(); j++) {
                var cell = rings.get(i).cells().get(j);
                if (cell.kind() == CellSpec.Kind.MAIN) {
                    inside.add(cell.cell());
                    int ring = rings.get(i).ring().value();
                    if (ring < 0 || ring > perimeter.value()) {
                        problems.add(new SpecProblem("main_outside", "rings[" + i + "].cells[" + j + "].kind",
                                "main cell " + cell.cell() + " is in ring " + ring + ", outside the perimeter (ring "
                                + perimeter + ")"));
                    }
                }
            }
        }
        if (inside.size() != 1) {
            problems.add(new SpecProblem("main_count", "rings", inside.isEmpty()
                    ? "no cell inside the perimeter is of kind main, so no version could ever graduate"
                    : "more than one cell is of kind main: " + inside));
        }
    }

    private static void checkMandatory(List<RingSpec> rings, List<SpecProblem> problems) {
        for (int i = 0; i < rings.size(); i++) {
            for (var cell : rings.get(i).policy().mandatory().cells()) {
                if (rings.stream().flatMap(ring -> ring.cells().stream()).noneMatch(declared -> declared.cell()
                        .equals(cell))) {
                    problems.add(new SpecProblem("mandatory_unknown", "rings[" + i + "].policy.mandatory",
                            "mandatory cell " + cell + " is in no ring"));
                }
            }
        }
    }

    private static void checkWindows(List<RingSpec> rings, FleetRules rules, List<SpecProblem> problems) {
        for (int i = 0; i < rings.size(); i++) {
            if (!Schedule.everOpen(List.of(rules.windows(), rings.get(i).policy().windows()))) {
                problems.add(new SpecProblem("never_open", "rings[" + i + "].policy.windows",
                        "the windows of ring " + rings.get(i).ring() + " never open"));
            }
        }
    }

    public FleetSpec with(List<RingSpec> others) {
        return new FleetSpec(name, product, perimeter, graduation, others, rules, measuring, largeChange,
                changeRest);
    }

    public FleetSpec with(FleetRules others) {
        return new FleetSpec(name, product, perimeter, graduation, rings, others, measuring, largeChange,
                changeRest);
    }

    public FleetSpec with(Measuring other) {
        return new FleetSpec(name, product, perimeter, graduation, rings, rules, other, largeChange,
                changeRest);
    }

    public FleetSpec with(LargeChange other) {
        return new FleetSpec(name, product, perimeter, graduation, rings, rules, measuring, other, changeRest);
    }

    public FleetSpec with(ChangeRest other) {
        return new FleetSpec(name, product, perimeter, graduation, rings, rules, measuring, largeChange, other);
    }

    public RingNumber outermost() {
        return rings.getLast().ring();
    }

    /// The cell whose PDM graduates a version.
    public CellSpec mainCell() {
        return rings.stream().flatMap(ring -> ring.cells().stream()).filter(cell -> cell.kind() == CellSpec.Kind.MAIN)
                .findFirst().orElseThrow(() -> new IllegalStateException("a sound fleet has a main cell"));
    }

    public Optional<RingSpec> ring(RingNumber number) {
        return rings.stream().filter(ring -> ring.ring().equals(number)).findFirst();
    }
}
