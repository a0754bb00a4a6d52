package cambium.server.fleet;

import cambium.rollout.CellId;
import cambium.rollout.ProductVersion;
import java.util.List;
import java.util.Set;

/// Finds events in the log by what they are about, oldest first, without reading the whole of it where the store has a
/// better way. At most `limit`, and never more than [FleetStore#MAX_EVENTS_PER_READ].
public interface FleetLog {
    /// The newest about attempts of the cell.
    List<RecordedEvent> ofCell(CellId cell, int limit);

    /// The newest that name the version, and those of its attempts.
    List<RecordedEvent> ofVersion(ProductVersion version, int limit);

    /// The first of these kinds, by the names of their types, after number `after`.
    List<RecordedEvent> ofKinds(Set<String> kinds, long after, int limit);
}
