package cambium.server.delivery;

import java.time.Duration;
import java.time.Instant;

/// Makes the address that leads a client to a blob. It depends on the settings and the parcel alone, is good for that
/// one blob, for reading, and for at most [#VALIDITY]. Who may have it was decided before.
@FunctionalInterface
public interface Delivery {
    Duration VALIDITY = Duration.ofMinutes(15);

    /// An absolute address, or a path of this server.
    String address(Parcel parcel, Instant now);
}
