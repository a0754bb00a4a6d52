package cambium.server.fleet.source;

import java.time.Instant;
import java.util.Optional;

/// Asks whether and how the fleet follows a repository.
public interface FollowedSource {
    /// People declare the fleet.
    FollowedSource NONE = () -> new SourceState(false, "", "", "", Optional.empty(), Optional.empty(),
            Optional.empty(), new SourceState.Standing(SourceState.State.STARTING, Optional.empty(), Instant.EPOCH),
            Optional.empty());

    SourceState state();
}
