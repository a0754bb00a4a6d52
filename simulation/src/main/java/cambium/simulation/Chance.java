package cambium.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/// All that happens by chance in a run comes from its one seed.
final class Chance {
    private final Random random;

    Chance(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
    }

    boolean in(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /// From 0 up to, not including, the bound.
    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    Duration upTo(Duration most) {
        return Duration.ofMillis(1 + (long) (random.nextDouble() * most.toMillis()));
    }
}
