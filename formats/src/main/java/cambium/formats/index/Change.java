package cambium.formats.index;

import java.util.ArrayList;
import java.util.List;

/// What has to be written to turn one list of placed chunks into the next.
///
/// @param keep how many chunks from the start stay as they are, with their states
/// @param placed all chunks after those, in order; some may be old ones in a new place
/// @param encoded the chunks among `placed` that are new: their packs must be stored before the list names them
public record Change(int keep, List<PlacedChunk> placed, List<EncodedChunk> encoded) {
    public Change {
        placed = List.copyOf(placed);
        encoded = List.copyOf(encoded);
    }

    /// The list after the change.
    public List<PlacedChunk> applyTo(List<PlacedChunk> before) {
        var after = new ArrayList<>(before.subList(0, keep));
        after.addAll(placed);
        return List.copyOf(after);
    }
}
