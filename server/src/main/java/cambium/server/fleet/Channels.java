package cambium.server.fleet;

import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.RingNumber;
import java.util.List;

/// The ring channels of the repository: what each ring's index offers.
public interface Channels {
    /// Makes the ring's channel offer these packages, next to what it offers already. True once they are published;
    /// false when that is under way, then it is asked again. Repeating it changes nothing.
    boolean admit(FleetSpec.Product product, RingNumber ring, List<PackageRef> packages);

    ChannelAddress address(FleetSpec.Product product, RingNumber ring);
}
