package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SequencedMap;

/// Keeps samples beyond the life of one process, so that a coordinator that takes over knows the cells' past.
public interface Samples {
    /// Adds one sample of each of these cells, all of one source.
    void add(String source, SequencedMap<CellId, HealthSample> samples);

    /// The cell's samples of one source from an instant on, oldest first. Counters of two sources are not compared.
    List<HealthSample> since(String source, CellId cell, Instant from);

    /// Of the samples from an instant (inclusive) to another (exclusive), keeps of each cell the first in every stretch
    /// of that length; stretches are counted from the epoch, so that the same work done again changes nothing.
    void thin(Instant from, Instant to, Duration spacing);

    /// Forgets all samples before an instant.
    void forgetBefore(Instant instant);
}
