package cambium.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.RolloutPlanner;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExplorationTest {
    private static final int DEPTH = 8;

    @Test
    void noWayOfASmallFleetThroughSoManyActsBreaksAPromise() {
        var one = Exploration.of(RolloutPlanner::plan, false, 1, DEPTH);
        var two = Exploration.of(RolloutPlanner::plan, false, 2, DEPTH);
        System.out.println("explored " + one.states() + " states with one version, " + two.states() + " with two");
        assertEquals(Set.of(), one.broken());
        assertEquals(Set.of(), two.broken());
        assertTrue(one.states() > 500 && two.states() > 500, () -> "only " + one.states() + " and " + two.states());
    }

    /// A start without the last look meets a brake that was pulled after it was asked for.
    @Test
    void findsAPlantedMistake() {
        var broken = Exploration.of(RolloutPlanner::plan, true, 1, DEPTH).broken();
        assertTrue(broken.stream().anyMatch(sentence -> sentence.startsWith("C-4")), broken::toString);
    }
}
