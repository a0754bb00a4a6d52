package cambium.server.fleet;

import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import java.util.List;

/// Finds packages of the repository by name and version.
public interface ProductCatalog {
    /// A package asked for by name; `version` is the package's own version, or its part before the revision.
    record Wanted(String name, String version) {}

    /// The text of a package's file of migrations, as its makers wrote it.
    record Declaration(String packageName, String json) {}

    sealed interface Resolution {
        /// @param declarations what the packages declare of their migrations, of those that do
        record Resolved(List<PackageRef> packages, List<Declaration> declarations) implements Resolution {
            public Resolved(List<PackageRef> packages) {
                this(packages, List.of());
            }

            public Resolved {
                packages = List.copyOf(packages);
                declarations = List.copyOf(declarations);
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
