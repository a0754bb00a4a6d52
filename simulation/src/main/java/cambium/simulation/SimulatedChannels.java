package cambium.simulation;

import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.RingNumber;
import cambium.server.fleet.ChannelAddress;
import cambium.server.fleet.Channels;
import java.util.List;

/// Ring channels that take their time.
record SimulatedChannels(World world) implements Channels {
    @Override
    public boolean admit(FleetSpec.Product product, RingNumber ring, List<PackageRef> packages) {
        if (world.strikes(Fault.CHANNEL_SLOW, 5)) {
            throw new IllegalStateException("the repository does not answer");
        }
        return !world.strikes(Fault.CHANNEL_SLOW, 1);
    }

    @Override
    public ChannelAddress address(FleetSpec.Product product, RingNumber ring) {
        return new ChannelAddress("http://repository/rings/" + ring, "bookworm", "http://repository/gpgkey",
                "http://repository/packages");
    }
}
