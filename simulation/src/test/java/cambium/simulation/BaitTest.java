package cambium.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The checks are worth something only if they find what is wrong.
class BaitTest {
    private static final int MAX_SEEDS = 2_000;

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void findsThePlantedMistake(Baits planted) {
        for (long seed = 1; seed <= MAX_SEEDS; seed++) {
            var broken = Simulation.run(seed, planted.bait, false).broken();
            if (broken.stream().anyMatch(sentence -> sentence.startsWith(planted.promise))) {
                return;
            }
        }
        fail(planted + " broke no promise " + planted.promise + " in " + MAX_SEEDS + " seeds");
    }
}
