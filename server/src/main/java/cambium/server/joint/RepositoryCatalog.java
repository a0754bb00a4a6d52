package cambium.server.joint;

import cambium.formats.MigrationsFile;
import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.server.fleet.ProductCatalog;
import cambium.server.repository.RepositoryReader;
import cambium.server.repository.RingChannels;
import cambium.server.repository.StoredPackage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Packages of a product, as this server's own repository has them. A reference's path is that of the pool below the
/// repository or below one of its rings.
public final class RepositoryCatalog implements ProductCatalog {
    private final RingChannels rings;
    private final RepositoryReader reader;

    public RepositoryCatalog(RingChannels rings, RepositoryReader reader) {
        this.rings = rings;
        this.reader = reader;
    }

    /// A package that is there for several architectures gives one reference for each of them.
    @Override
    public Resolution resolve(FleetSpec.Product product, List<Wanted> wanted) {
        Optional<ProductPlace> place = ProductPlace.of(product, reader);
        if (place.isEmpty() || reader.repository(place.get().repository()).isEmpty()) {
            return new Resolution.Missing(List.of("there is no repository " + product.repository() + " with "
                + product.distribution()));
        }
        var found = new ArrayList<PackageRef>();
        var missing = new ArrayList<String>();
        var declared = new LinkedHashSet<Declaration>();
        for (Wanted one : wanted) {
            List<StoredPackage> stored = rings.find(place.get().repository(), place.get().suite(), one.name(),
                one.version());
            if (stored.isEmpty()) {
                missing.add(one.name() + " " + one.version() + " is not in " + product.repository() + " for "
                    + product.distribution());
            }
            stored.forEach(each -> problem(each).ifPresentOrElse(missing::add, () -> found.add(reference(each))));
            stored.forEach(each -> declaration(each).ifPresent(declared::add));
        }
        return missing.isEmpty() ? new Resolution.Resolved(found, List.copyOf(declared))
            : new Resolution.Missing(missing);
    }

    private static Optional<Declaration> declaration(StoredPackage stored) {
        return stored.description().facts().stream().filter(fact -> fact.name().equals(MigrationsFile.FACT))
            .findFirst().map(fact -> new Declaration(stored.name(), fact.value()));
    }

    private static Optional<String> problem(StoredPackage stored) {
        return switch (stored.state()) {
            case INDEXED -> Optional.empty();
            case PENDING -> Optional.of(stored.filename() + " is not indexed yet");
            case FAILED -> Optional.of(stored.filename() + " cannot be indexed: " + stored.failure().orElse("unknown"));
            case DELETED -> Optional.of(stored.filename() + " was deleted");
            case QUARANTINED -> Optional.of(stored.filename() + " is in quarantine");
        };
    }

    private static PackageRef reference(StoredPackage stored) {
        return new PackageRef(stored.name(), stored.fullVersion(), stored.architecture(), stored.digests().sha256(),
            stored.suite().distribution() + "/" + stored.poolPath());
    }

    @Override
    public List<PackageRef> withdrawn(FleetSpec.Product product, List<PackageRef> packages) {
        return ProductPlace.of(product, reader).map(place -> packages.stream()
            .filter(one -> !rings.isOffered(place.repository(), place.suite(), one.sha256())).toList())
            .orElse(packages);
    }
}
