package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Evidence;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.util.Optional;

/// Where samples of cells come from. An answer is a whole sample or none: half a sample is no data. What is wrong with
/// one cell's figures does no harm to another's.
interface SampleSource extends AutoCloseable {
    /// The newest sample; the same one again while there is none newer.
    Optional<HealthSample> read(CellSpec cell) throws InterruptedException;

    /// Why nothing can be read at present, where that is known.
    Optional<String> trouble(CellId cell);

    /// What evidence names.
    Evidence.Source named(CellSpec cell);

    /// Readings older than this say nothing about now.
    Duration maxAge();

    /// Tells samples of one source from those of another in the store.
    String key();

    /// It is asked no more.
    @Override
    default void close() {}
}
