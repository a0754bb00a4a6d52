package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// How far something is behind what has graduated.
///
/// @param versions graduated versions that are newer than what it runs; those found bad are not counted
/// @param since when the oldest of them graduated, or the cell joined its ring if that was later
public record Behind(int versions, Optional<Instant> since) {
    public static final Behind NONE = new Behind(0, Optional.empty());

    /// As far as the worse of two, in either respect.
    Behind or(Behind other) {
        var earliest = since.isEmpty() || other.since.filter(since.get()::isAfter).isPresent() ? other.since : since;
        return new Behind(Math.max(versions, other.versions), earliest);
    }
}
