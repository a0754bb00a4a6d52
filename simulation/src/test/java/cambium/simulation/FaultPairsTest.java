package cambium.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What each of two kinds of trouble does alone is no promise of what they do together.
class FaultPairsTest {
    private static final int MAX_SEEDS = 80;

    @Test
    void keepsEveryPromiseUnderEachFaultAloneAndEachPairOfFaults() {
        var broken = new ArrayList<String>();
        var quiet = new ArrayList<Set<Fault>>();
        var mixtures = mixtures();
        for (var faults : mixtures) {
            boolean happened = false;
            for (long seed = 1; seed <= MAX_SEEDS && !happened; seed++) {
                var outcome = Simulation.run(seed, faults, false);
                happened = faults.stream().allMatch(fault -> outcome.kinds().contains("fault " + fault));
                for (var fault : EnumSet.complementOf(EnumSet.copyOf(faults))) {
                    assertTrue(!outcome.kinds().contains("fault " + fault), () -> fault + " in a run of " + faults);
                }
                if (!outcome.broken().isEmpty()) {
                    broken.add("replay with: " + outcome.replay() + "\n    " + outcome.broken().getFirst());
                }
            }
            if (!happened) {
                quiet.add(faults);
            }
        }
        int kinds = Fault.values().length;
        assertEquals(kinds * (kinds + 1) / 2, mixtures.size());
        assertTrue(broken.isEmpty(), () -> "broken promises:\n" + String.join("\n", broken));
        assertEquals(List.of(), quiet, "never happened together in " + MAX_SEEDS + " seeds");
    }

    /// Each kind alone, and each two.
    private static List<Set<Fault>> mixtures() {
        var mixtures = new ArrayList<Set<Fault>>();
        for (var one : Fault.values()) {
            for (var other : Fault.values()) {
                if (one.compareTo(other) <= 0) {
                    mixtures.add(EnumSet.of(one, other));
                }
            }
        }
        return mixtures;
    }
}
