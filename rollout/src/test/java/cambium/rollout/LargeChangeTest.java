package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A declaration that touches too much of the fleet needs a reason, and the fleet before it says how much is too much.
class LargeChangeTest {
    /// Rings of 1, 3 and 6 cells; half of the ten may change without a reason.
    private static final FleetSpec TEN = ten();

    private static FleetSpec ten() {
        return FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, ring(0, "main"), ring(1, "a", "b", "c"),
                ring(2, "d", "e", "f", "g", "h", "i"));
    }

    private static RingSpec ring(int number, String... cells) {
        return new RingSpec(RingNumber.of(number), RingPolicy.DEFAULT, List.of(cells).stream().map(name ->
                FleetLab.cell(name, name.equals("main") ? CellSpec.Kind.MAIN : CellSpec.Kind.SECONDARY)).toList());
    }

    private static FleetSpec without(FleetSpec spec, int ring) {
        return spec.with(spec.rings().subList(0, ring));
    }

    private static FleetSpec baking(FleetSpec spec, int... rings) {
        var changed = new ArrayList<>(spec.rings());
        for (int ring : rings) {
            changed.set(ring, new RingSpec(RingNumber.of(ring), spec.rings().get(ring).policy().with(parts ->
                    parts.bake = new Bake(Duration.ofSeconds(1), 0)), spec.rings().get(ring).cells()));
        }
        return spec.with(changed);
    }

    private static String answer(FleetLab lab, FleetSpec spec, Optional<String> why) {
        return switch (FleetCommands.decide(lab.fleet, new FleetCommand.Apply(spec, why), "ops", lab.now)) {
            case FleetCommand.Answer.Refused(var code, var _) -> code;
            case FleetCommand.Answer.Accepted(var events) -> events.stream().map(event ->
                    "applied" + ((FleetEvent.FleetApplied) event).largeChange().map(reason -> ": " + reason).orElse(""))
                    .findFirst().orElse("nothing");
        };
    }

    private static String answer(FleetSpec before, FleetSpec after) {
        return answer(new FleetLab().apply(before), after, Optional.empty());
    }

    @Test
    void theFirstDeclarationNeedsNoReason() {
        assertEquals("applied", answer(new FleetLab(), TEN, Optional.empty()));
    }

    @Test
    void moreThanTheShareNeedsAReasonWhichStandsInTheLog() {
        var lab = new FleetLab().apply(TEN);
        var less = without(TEN, 2);
        assertEquals(new FleetCommand.Answer.Refused("large_change", "the change touches 6 of 10 cells (60 %): "
                + "6 removed; more than 50 % needs a reason"), lab.command(new FleetCommand.Apply(less)));
        assertEquals(TEN, lab.fleet.spec().orElseThrow(), "refused is not done");
        assertEquals("why_missing", answer(lab, less, Optional.of(" ")));
        assertEquals("applied: the region is closed", answer(lab, less, Optional.of("the region is closed")));
        assertEquals("nothing", answer(lab, TEN, Optional.of("nothing differs")));
    }

    @Test
    void exactlyTheShareNeedsNone() {
        assertEquals("applied", answer(TEN, FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, ring(0, "main"),
                ring(1, "a", "b", "c"), ring(2, "d"))), "5 of 10");
        assertEquals("applied", answer(new FleetLab().apply(TEN), baking(TEN, 1), Optional.of("never needed")),
                "a reason that was not needed calls no small change a large one");
    }

    @Test
    void noFileWidensTheShareAndUsesIt() {
        var all = new LargeChange(100);
        assertEquals("large_change", answer(TEN, without(TEN, 2).with(all)));
        assertEquals("large_change", answer(TEN, TEN.with(all)), "nor one after the other");
        assertEquals("applied", answer(TEN, TEN.with(new LargeChange(20))), "it may be narrowed");
        assertEquals("large_change", answer(TEN.with(new LargeChange(20)), baking(TEN.with(new LargeChange(20)), 1)));
        assertEquals("applied", answer(TEN.with(all), without(TEN, 2)), "the fleet before says so");
        assertEquals("large_change", answer(TEN.with(new LargeChange(0)), baking(TEN.with(new LargeChange(0)), 0)));
    }

    @Test
    void cellsAddedBesideMakeNoChangeLookSmaller() {
        var more = FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, ring(0, "main"), ring(1, "a", "b", "c"),
                ring(2, "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"));
        var share = ChangeShare.between(TEN, more);
        assertEquals("15 of 19 cells (78 %): 6 removed, 9 added", share.told());
        assertTrue(share.large());
    }

    @Test
    void eachCellCountsOnceForTheFirstThatTouchesIt() {
        var spec = FleetLab.spec(1, FleetSpec.Graduation.AUTOMATIC, ring(0, "main"), ring(1, "a", "b", "d"),
                new RingSpec(RingNumber.of(2), RingPolicy.DEFAULT, List.of(FleetLab.cell("c", CellSpec.Kind.SECONDARY),
                        FleetLab.cell("e", CellSpec.Kind.QA), FleetLab.cell("new", CellSpec.Kind.SECONDARY),
                        FleetLab.cell("f", CellSpec.Kind.SECONDARY), FleetLab.cell("g", CellSpec.Kind.SECONDARY))));
        assertEquals("7 of 11 cells (63 %): 2 removed, 1 added, 2 moved, 1 with fields of their own, "
                + "1 by the policy or side of their ring", ChangeShare.between(TEN, baking(spec, 0)).told());
        assertEquals("0 of 10 cells (0 %)", ChangeShare.between(TEN, ten()).told());
    }

    @Test
    void whatHoldsForTheWholeFleetTouchesAllOfIt() {
        assertEquals("large_change", answer(TEN, FleetLab.spec(1, FleetSpec.Graduation.MANUAL,
                TEN.rings().toArray(RingSpec[]::new))));
        assertEquals("large_change", answer(TEN, new FleetSpec("another", TEN.product(), TEN.perimeter(),
                TEN.graduation(), TEN.rings())), "the file of another fleet");
        assertEquals("large_change", answer(TEN, FleetLab.spec(2, FleetSpec.Graduation.AUTOMATIC,
                TEN.rings().toArray(RingSpec[]::new))), "six cells change sides");
        assertEquals("applied", answer(TEN, FleetLab.spec(0, FleetSpec.Graduation.AUTOMATIC,
                TEN.rings().toArray(RingSpec[]::new))), "three do");
    }
}
