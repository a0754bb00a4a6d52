package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.health.HealthSample;
import java.time.Instant;
import java.util.List;
import java.util.SequencedMap;

/// Keeps samples beyond the life of one process, so that a coordinator that takes over knows the cells' past.
public interface Samples {
    /// Adds one sample of each of these cells.
    void add(SequencedMap<CellId, HealthSample> samples);

    /// The cell's samples from an instant on, oldest first.
    List<HealthSample> since(CellId cell, Instant from);

    /// Forgets all samples before an instant.
    void forgetBefore(Instant instant);
}
