package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// C-18: a new file reaches the fleet ring by ring.
class StagingTest {
    private static final FleetSpec BEFORE = FleetLab.blueprint(policy -> policy);
    /// All rings retry, and any change may be made without a reason.
    private static final FleetSpec FILE = FleetLab.blueprint(policy -> policy.with(parts -> parts.retries = 2))
            .with(new LargeChange(100));

    private static Staging.Taken taken(FleetSpec before, FleetSpec file, int through) {
        return assertInstanceOf(Staging.Taken.class, Staging.take(before, file, RingNumber.of(through)));
    }

    private static String refusal(FleetSpec before, FleetSpec file, int through) {
        var refused = assertInstanceOf(Staging.Refused.class, Staging.take(before, file, RingNumber.of(through)));
        return refused.code() + ": " + refused.text();
    }

    private static List<Integer> retries(FleetSpec spec) {
        return spec.rings().stream().map(ring -> ring.policy().retries()).toList();
    }

    @Test
    void takesTheRingsUpToOneAndLeavesTheRestAsItIs() {
        var inner = taken(BEFORE, FILE, 0);
        assertEquals(List.of(2, 0, 0, 0), retries(inner.spec()));
        assertEquals(LargeChange.DEFAULT, inner.spec().largeChange(), "what holds for the whole fleet comes last");
        assertEquals(Optional.of(RingNumber.of(1)), inner.next());
        assertEquals(List.of(2, 2, 2, 0), retries(taken(inner.spec(), FILE, 2).spec()));
        assertEquals(new Staging.Taken(FILE, Optional.empty()), taken(BEFORE, FILE, 3));
    }

    @Test
    void namesAsNextOnlyARingThatDiffers() {
        var main = FILE.ring(RingNumber.of(1)).orElseThrow();
        var file = BEFORE.with(BEFORE.rings().stream().map(ring -> ring.ring().value() < 3 ? ring
                : new RingSpec(ring.ring(), main.policy(), ring.cells())).toList());
        assertEquals(Optional.of(RingNumber.of(3)), taken(BEFORE, file, 0).next());
        assertEquals(BEFORE, taken(BEFORE, file, 2).spec());
        assertEquals(new Staging.Taken(BEFORE, Optional.empty()), taken(BEFORE, BEFORE, 1));
    }

    @Test
    void refusesABorderThatACellCrossesAndNamesTheNextOneThatNoneDoes() {
        var file = moved(BEFORE, "c4", 2);
        assertEquals(file, taken(BEFORE, file, 3).spec());
        assertEquals(BEFORE, taken(BEFORE, file, 1).spec());
        assertEquals("cell_crosses: cell c4 moves from ring 3 to ring 2 across the border of ring 2: take the file "
                + "through ring 3 at once", refusal(BEFORE, file, 2));
        var outward = moved(moved(withCell(BEFORE, 0, "new"), "qa", 2), "canary", 2);
        assertTrue(refusal(BEFORE, outward, 1).startsWith(
                "cell_crosses: cell canary moves from ring 0 to ring 2, and 1 more cells move across the border"));
        assertEquals(List.of("new"), taken(BEFORE, outward, 2).spec().rings().getFirst().cells()
                .stream().map(cell -> cell.cell().value()).toList());
    }

    @Test
    void refusesAPartThatIsNoSoundFleet() {
        var mandatory = BEFORE.with(withCell(BEFORE, 3, "new").rings().stream().map(ring -> ring.ring().value() > 0
                ? ring : new RingSpec(ring.ring(), ring.policy().with(parts -> parts.mandatory =
                        new Mandatory(new TreeSet<>(List.of(CellId.of("new"))))), ring.cells())).toList());
        assertEquals("not_sound_alone: through ring 0 alone the file leaves no sound fleet: mandatory cell new is in "
                + "no ring; take it through ring 3 at once", refusal(BEFORE, mandatory, 0));
        assertEquals("bad_ring: a file is taken through a ring from 0 to 3", refusal(BEFORE, FILE, 4));
        assertEquals("bad_ring: a file is taken through a ring from 0 to 3", refusal(BEFORE, FILE, -1));
    }

    @Test
    void takesNewRingsAndLosesOldOnesOnlyWhereTheyAre() {
        var less = BEFORE.with(BEFORE.rings().subList(0, 3));
        assertEquals(BEFORE, taken(BEFORE, less, 2).spec());
        assertEquals(less, taken(BEFORE, less, 3).spec());
        assertEquals(less, taken(less, BEFORE, 2).spec());
        assertEquals(BEFORE, taken(less, BEFORE, 3).spec());
    }

    @Test
    void ringByRingItEndsAtTheWholeFileAndNothingOutsideChangesBefore() {
        int refused = 0;
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            var before = drawn(random);
            var file = drawn(random);
            int last = Math.max(before.outermost().value(), file.outermost().value());
            var now = before;
            for (int ring = 0; ring <= last; ring++) {
                var through = RingNumber.of(ring);
                switch (Staging.take(now, file, through)) {
                    case Staging.Refused(var code, var _) -> {
                        refused++;
                        assertTrue(ring < last, "seed " + seed + ": " + code);
                    }
                    case Staging.Taken(var spec, var next) -> {
                        assertEquals(outside(now, through), outside(ring < last ? spec : now, through), "seed " + seed);
                        assertEquals(inside(file, through), inside(spec, through), "seed " + seed);
                        assertEquals(new Staging.Taken(spec, next), Staging.take(spec, file, through), "seed " + seed);
                        assertEquals(next.isEmpty(), spec.equals(file), "seed " + seed);
                        assertTrue(next.stream().allMatch(after -> after.compareTo(through) > 0), "seed " + seed);
                        now = spec;
                    }
                }
            }
            assertEquals(file, now, "seed " + seed);
            assertEquals(new Staging.Taken(file, Optional.empty()), Staging.take(before, file, RingNumber.of(last)),
                    "seed " + seed);
        }
        assertTrue(refused > 100, "borders that cells cross were among them: " + refused);
    }

    private static List<RingSpec> inside(FleetSpec spec, RingNumber through) {
        return spec.rings().stream().filter(ring -> ring.ring().compareTo(through) <= 0).toList();
    }

    private static List<RingSpec> outside(FleetSpec spec, RingNumber through) {
        return spec.rings().stream().filter(ring -> ring.ring().compareTo(through) > 0).toList();
    }

    /// One to five rings of a few cells out of the same names, so that many are moved from one to the next.
    private static FleetSpec drawn(Random random) {
        var cells = new TreeMap<Integer, List<CellSpec>>();
        int rings = 1 + random.nextInt(5);
        for (int ring = 0; ring < rings; ring++) {
            cells.put(ring, new ArrayList<>(List.of(FleetLab.cell(ring == 0 ? "main" : "own" + ring, ring == 0
                    ? CellSpec.Kind.MAIN : CellSpec.Kind.SECONDARY))));
        }
        for (int cell = 0; cell < 4; cell++) {
            if (random.nextBoolean()) {
                cells.get(random.nextInt(4) > 0 ? cell % rings : random.nextInt(rings)).add(FleetLab.cell("c" + cell,
                        random.nextBoolean() ? CellSpec.Kind.SECONDARY : CellSpec.Kind.QA));
            }
        }
        var specs = new ArrayList<RingSpec>();
        cells.forEach((ring, of) -> specs.add(new RingSpec(RingNumber.of(ring), RingPolicy.DEFAULT.with(parts ->
                parts.retries = random.nextInt(3)), of)));
        return FleetLab.spec(random.nextInt(rings), FleetSpec.Graduation.AUTOMATIC, specs.toArray(RingSpec[]::new))
                .with(new LargeChange(random.nextInt(2) * 50));
    }

    private static FleetSpec moved(FleetSpec spec, String cell, int to) {
        var id = CellId.of(cell);
        var moving = spec.rings().stream().flatMap(ring -> ring.cells().stream()).filter(one -> one.cell().equals(id))
                .findFirst().orElseThrow();
        var rings = spec.rings().stream().map(ring -> new RingSpec(ring.ring(), ring.policy(), Stream.concat(
                ring.cells().stream().filter(one -> !one.cell().equals(id)),
                ring.ring().value() == to ? Stream.of(moving) : Stream.empty()).toList())).toList();
        return spec.with(rings);
    }

    private static FleetSpec withCell(FleetSpec spec, int to, String cell) {
        return spec.with(spec.rings().stream().map(ring -> ring.ring().value() != to ? ring : new RingSpec(ring.ring(),
                ring.policy(), Stream.concat(ring.cells().stream(), Stream.of(FleetLab.cell(cell,
                CellSpec.Kind.SECONDARY))).toList())).toList());
    }

    @Test
    void theCommandMeasuresAndRecordsOnlyWhatItTakes() {
        var lab = FleetLab.blueprint();
        var file = FleetLab.blueprint(policy -> policy.with(parts -> parts.retries = 2));
        assertEquals("large_change", code(lab.command(new FleetCommand.Apply(file))));
        assertEquals("events", code(lab.command(through(file, 0))));
        assertEquals(List.of(2, 0, 0, 0), retries(lab.fleet.spec().orElseThrow()));
        var applied = (FleetEvent.FleetApplied) lab.log.getLast();
        assertEquals(Optional.of(RingNumber.INNERMOST), applied.through());
        int events = lab.log.size();
        lab.command(through(file, 0));
        assertEquals(events, lab.log.size(), "the same again is nothing new");
        lab.command(through(file, 2));
        lab.command(through(file, 3));
        assertEquals(file, lab.fleet.spec().orElseThrow());
        assertEquals(Optional.empty(), ((FleetEvent.FleetApplied) lab.log.getLast()).through(), "now it is whole");
        assertEquals("cell_crosses", code(lab.command(through(moved(file, "c4", 2), 2))));
        assertEquals("no_fleet", code(new FleetLab().command(through(file, 0))));
    }

    private static FleetCommand through(FleetSpec file, int ring) {
        return new FleetCommand.Apply(file, Optional.empty(), Optional.of(RingNumber.of(ring)));
    }

    private static String code(FleetCommand.Answer answer) {
        return answer instanceof FleetCommand.Answer.Refused(var code, var _) ? code : "events";
    }
}
