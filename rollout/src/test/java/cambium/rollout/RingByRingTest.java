package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// C-18: where a fleet asks for it, a change of its declaration goes outward ring by ring and rests in each.
class RingByRingTest {
    private static final ChangeRest HOUR = new ChangeRest(Duration.ofHours(1));
    /// Rings 0 to 3; no change is too large, so that only the order is asked about.
    private static final FleetSpec BEFORE = FleetLab.blueprint(policy -> policy).with(new LargeChange(100)).with(HOUR);
    private static final FleetSpec RETRIES = retrying(BEFORE, 2, 0, 1, 2, 3);

    private final FleetLab lab = new FleetLab().apply(BEFORE);

    private static FleetSpec retrying(FleetSpec spec, int times, Integer... rings) {
        var chosen = List.of(rings);
        return spec.with(spec.rings().stream().map(ring -> !chosen.contains(ring.ring().value()) ? ring
                : new RingSpec(ring.ring(), ring.policy().with(parts -> parts.retries = times), ring.cells()))
                .toList());
    }

    private static FleetSpec cells(FleetSpec spec, UnaryOperator<Stream<CellSpec>> change) {
        return spec.with(spec.rings().stream().map(ring -> new RingSpec(ring.ring(), ring.policy(),
                change.apply(ring.cells().stream()).toList())).toList());
    }

    private String apply(FleetSpec file) {
        return answer(new FleetCommand.Apply(file));
    }

    private String through(FleetSpec file, int ring) {
        return answer(new FleetCommand.Apply(file, Optional.empty(), Optional.of(RingNumber.of(ring))));
    }

    private String answer(FleetCommand command) {
        return switch (lab.command(command)) {
            case FleetCommand.Answer.Refused(var code, var text) -> code + ": " + text;
            case FleetCommand.Answer.Accepted(var events) -> events.isEmpty() ? "nothing" : "taken";
        };
    }

    private Instant in(Duration time) {
        return lab.now.plus(time);
    }

    @Test
    void aChangeOfSeveralRingsIsTakenOneAfterTheOtherWithItsRestBetween() {
        assertEquals("ring_by_ring: the change touches ring 0, ring 1, ring 2, ring 3, and this fleet takes changes "
                + "ring by ring with 1h between: take it through ring 0 first, or say why it goes everywhere at once",
                apply(RETRIES));
        assertEquals(Optional.of(RingNumber.of(0)), RingByRing.first(BEFORE, RETRIES));
        assertEquals("taken", through(RETRIES, 0));
        var over = in(Duration.ofHours(1));
        assertTrue(through(RETRIES, 1).endsWith(" and ring 1 takes one from " + over + " on"), through(RETRIES, 1));
        lab.now = over.minusMillis(1);
        assertTrue(through(RETRIES, 1).startsWith("change_rests: ring 0 took a change at " + over.minusSeconds(3_600)));
        assertTrue(through(RETRIES, 2).startsWith("ring_by_ring: the change touches ring 1, ring 2, "), "not two");
        lab.now = over;
        assertEquals("taken", through(RETRIES, 1));
        assertTrue(through(RETRIES, 2).startsWith("change_rests: ring 1 "));
        lab.now = in(Duration.ofHours(1));
        assertEquals("taken", through(RETRIES, 2));
        lab.now = in(Duration.ofHours(1));
        assertEquals(Optional.empty(), RingByRing.first(lab.fleet.spec().orElseThrow(), RETRIES), "one ring is left");
        assertEquals("taken", apply(RETRIES));
        assertEquals(RETRIES, lab.fleet.spec().orElseThrow());
    }

    @Test
    void whatHoldsForTheWholeFleetComesAfterAllRings() {
        var file = retrying(BEFORE, 2, 1).with(new ChangeRest(Duration.ofMinutes(1)));
        assertTrue(apply(file).startsWith("ring_by_ring: the change touches ring 1 and what holds for the whole"));
        assertEquals("taken", through(file, 1));
        assertTrue(apply(file).startsWith("change_rests: ring 1 took a change at "), "a shorter one waits too");
        assertTrue(apply(file).contains("and what holds for the whole fleet takes one from "));
        lab.now = in(Duration.ofHours(1));
        assertEquals("taken", apply(file));
        assertEquals("taken", apply(file.with(new ChangeRest(Duration.ofDays(1)))), "a longer one is no change of it");
    }

    @Test
    void aChangeOfAnInnerRingHoldsNothingFurtherInAndOneFurtherOutHoldsNothing() {
        assertEquals("taken", apply(retrying(BEFORE, 2, 2)));
        assertEquals("taken", apply(retrying(lab.fleet.spec().orElseThrow(), 2, 0)), "further in it may go at once");
        assertTrue(apply(retrying(lab.fleet.spec().orElseThrow(), 3, 2)).startsWith("change_rests: ring 0 "));
        assertEquals("taken", apply(retrying(lab.fleet.spec().orElseThrow(), 3, 0)), "and be corrected there");
    }

    @Test
    void cellsThatComeGoOrMoveAreNoChangeOfTheirRingButWhatIsSaidOfACellIs() {
        var grown = BEFORE.with(BEFORE.rings().stream().map(ring -> new RingSpec(ring.ring(), ring.policy(),
                Stream.concat(ring.cells().stream(), Stream.of(FleetLab.cell("new" + ring.ring(),
                CellSpec.Kind.SECONDARY))).toList())).toList());
        assertEquals("taken", apply(grown));
        assertEquals("taken", apply(BEFORE), "they leave again");
        assertEquals(BEFORE.rings().size(), lab.fleet.rings().values().stream()
                .filter(ring -> ring.changedAt().isEmpty()).count());
        var renamed = cells(BEFORE, cells -> cells.map(cell -> new CellSpec(cell.cell(), cell.kind(), cell.driver(),
                cell.health(), cell.metrics(), new TreeMap<>(Map.of("region", "north")))));
        assertTrue(apply(renamed).startsWith("ring_by_ring: "), apply(renamed));
    }

    @Test
    void aBrakePulledWhileAChangeRestsHoldsItUntilItIsReleased() {
        answer(new FleetCommand.SetBrake(new Scope.OfRing(RingNumber.of(1)), "hands off", Optional.empty()));
        assertEquals("taken", through(RETRIES, 0));
        lab.now = in(Duration.ofMinutes(10));
        answer(new FleetCommand.SetBrake(new Scope.OfRing(RingNumber.of(0)), "it limps", Optional.empty()));
        lab.now = in(Duration.ofHours(3));
        assertTrue(through(RETRIES, 1).startsWith("change_braked: ring 0 took a change at "), through(RETRIES, 1));
        assertTrue(through(RETRIES, 1).endsWith("ring 0 was braked while it rested there, which may be why: ring 1 "
                + "takes one once that brake is released"), through(RETRIES, 1));
        answer(new FleetCommand.ReleaseBrake(new Scope.OfRing(RingNumber.of(0)), "it was the power"));
        assertEquals("taken", through(RETRIES, 1), "ring 1 was braked before, and for something else");
    }

    @Test
    void aReasonTakesAllAtOnceAndStandsInTheLog() {
        assertEquals("taken", answer(new FleetCommand.Apply(RETRIES, Optional.of("the old values do harm"))));
        assertEquals(Optional.of("the old values do harm"),
                ((FleetEvent.FleetApplied) lab.log.getLast()).largeChange());
        var free = new FleetLab().apply(BEFORE.with(ChangeRest.DEFAULT));
        assertEquals(List.of(), RingByRing.first(free.fleet.spec().orElseThrow(), RETRIES).stream().toList());
        assertFalse(free.command(new FleetCommand.Apply(RETRIES)) instanceof FleetCommand.Answer.Refused,
                "a fleet that asks for no rest takes all at once");
        assertThrows(IllegalArgumentException.class, () -> new ChangeRest(Duration.ofDays(31)));
        assertThrows(IllegalArgumentException.class, () -> new ChangeRest(Duration.ofSeconds(-1)));
    }

    /// Whatever people try, and when: no two rings change together, and none while a change rests further in.
    @Test
    void noOrderOfFilesChangesTwoRingsWithinOneRest() {
        int taken = 0;
        int waited = 0;
        for (long seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            var tried = new RingByRingTest();
            var changedAt = new TreeMap<RingNumber, Instant>();
            for (int step = 0; step < 40; step++) {
                tried.lab.now = tried.in(Duration.ofMinutes(random.nextInt(30)));
                var before = tried.lab.fleet.spec().orElseThrow();
                var file = random.nextInt(3) == 0 ? RETRIES : retrying(before, random.nextInt(4),
                        random.ints(1 + random.nextInt(2), 0, 4).boxed().toArray(Integer[]::new));
                var said = random.nextBoolean() ? tried.apply(file) : tried.through(file, random.nextInt(4));
                var rings = RingByRing.changed(before, tried.lab.fleet.spec().orElseThrow());
                assertTrue(rings.size() <= 1, "seed " + seed + ": " + rings);
                for (var ring : rings) {
                    taken++;
                    for (var inner : changedAt.headMap(ring).entrySet()) {
                        assertFalse(tried.lab.now.isBefore(inner.getValue().plus(HOUR.rest())), "seed " + seed
                                + ": ring " + ring + " at " + tried.lab.now + " after " + inner);
                    }
                    changedAt.put(ring, tried.lab.now);
                }
                waited += said.startsWith("change_rests") ? 1 : 0;
            }
        }
        assertTrue(taken > 1_000 && waited > 1_000, taken + " were taken, " + waited + " waited");
    }
}
