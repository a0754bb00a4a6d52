package cambium.simulation;

import cambium.rollout.ProductVersion;
import cambium.simulation.traffic.Strain;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What cells have to do, and what a harmful version does to them.
///
/// @param perSecond requests that a cell serves on average
/// @param harm what a harmful version adds to the ordinary life of a cell that runs it
record Traffic(long seed, ToDoubleFunction<SimulatedCell> perSecond, Function<ProductVersion, Strain> harm) {
    private static final double ORDINARY = 5;
    private static final double QUIET = 0.3;
    private static final Strain ERRORS = new Strain(0.2, 1, 0);
    private static final Strain SLOW = new Strain(0, 4, 0.1);

    /// Some cells have few users; some versions fail, the others are slow.
    static Traffic mixed(long seed) {
        return new Traffic(seed, cell -> cell.quiet() ? QUIET : ORDINARY,
                version -> version.value().hashCode() % 2 == 0 ? ERRORS : SLOW);
    }
}
