package cambium.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The checks are worth something only if they find what is wrong.
class BaitTest {
    private static final int MAX_SEEDS = 2_000;
    private static final int LEAST = 50;

    static Stream<Planted> planted() {
        return Stream.<Planted[]>of(Baits.values(), Slips.values(), Misjudgements.values()).flatMap(Arrays::stream);
    }

    @Test
    void plantsAtLeastFifty() {
        assertTrue(planted().count() >= LEAST, () -> planted().count() + " mistakes are planted");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("planted")
    void findsThePlantedMistake(Planted planted) {
        for (long seed = 1; seed <= MAX_SEEDS; seed++) {
            if (outcome(planted, seed).broken().stream().anyMatch(sentence -> sentence.startsWith(planted.promise()))) {
                return;
            }
        }
        fail(planted + " broke no promise " + planted.promise() + " in " + MAX_SEEDS + " seeds");
    }

    /// Only what keeps a fleet from coming right needs the calm, which takes longer than all trouble before it.
    private static Outcome outcome(Planted planted, long seed) {
        return planted.promise().startsWith("C-24") ? Simulation.run(seed, planted.bait(), false)
                : Simulation.troubled(seed, planted.bait());
    }
}
