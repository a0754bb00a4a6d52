package cambium.server.fleet;

import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import java.util.List;

/// Finds packages of the repository by name and version.
public interface ProductCatalog {
    /// A package asked for by name; `version` is the package's own version, or its part before the revision.
    record Wanted(String name, String version) {}

    sealed interface Resolution {
        record Resolved(List<PackageRef> packages) implements Resolution {
            public Resolved {
                packages = List.copyOf(packages);
            }
        }

        /// A sentence for every package that cannot be used: absent, not indexed yet, quarantined.
        record Missing(List<String> reasons) implements Resolution {
            public Missing {
                reasons = List.copyOf(reasons);
            }
        }
    }

    /// All of them, in the order asked and fixed by digest, or what is missing.
    Resolution resolve(FleetSpec.Product product, List<Wanted> wanted);

    /// Those that the repository no longer offers, for instance because they were yanked; empty when all is well.
    List<PackageRef> withdrawn(FleetSpec.Product product, List<PackageRef> packages);
}
