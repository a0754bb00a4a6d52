package cambium.simulation.traffic;

import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A cell with ordinary users that lives on from one reading to the next, under what strains it meanwhile.
public final class LivingCell {
    private final CellLife life;

    /// @param perSecond requests on average
    public LivingCell(long seed, double perSecond) {
        life = new CellLife(seed, new CellLife.Habits(perSecond, 1e-3, 1, 0.05, 0.7,
                0.4, 0, 0.2, 0), List.of());
    }

    /// What its counters say at the end of such a time.
    public HealthSample reading(Instant end, Duration length, Strain strain) {
        return life.goOn(end, length.toMillis() / 1000.0, strain);
    }
}
