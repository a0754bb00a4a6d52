package cambium.simulation;

import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.server.fleet.ProductCatalog;
import java.util.List;

/// A repository that has every package, and at times does not answer.
record SimulatedCatalog(World world) implements ProductCatalog {
    @Override
    public Resolution resolve(FleetSpec.Product product, List<Wanted> wanted) {
        return new Resolution.Resolved(List.of());
    }

    @Override
    public List<PackageRef> withdrawn(FleetSpec.Product product, List<PackageRef> packages) {
        if (world.strikes(Fault.CHANNEL_SLOW, 10)) {
            throw new IllegalStateException("the repository does not answer");
        }
        return List.of();
    }
}
