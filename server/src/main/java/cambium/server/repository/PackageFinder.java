package cambium.server.repository;

import cambium.server.http.Call;
import java.util.List;
import java.util.Optional;

/// Finds the packages that a path of the API names.
final class PackageFinder {
    private final DistributionCatalog catalog;
    private final Packages packages;

    PackageFinder(DistributionCatalog catalog, Packages packages) {
        this.catalog = catalog;
        this.packages = packages;
    }

    /// All versions of the name in the path, newest first.
    List<StoredPackage> versions(Call call, StoredRepository repository, PackagePath path) {
        return switch (path) {
            case DEB -> catalog.suite(call.param("distro"), call.param("version"))
                .map(suite -> packages.versions(repository.id(), suite, call.param("name"), call.param("arch")))
                .orElse(List.of());
        };
    }

    /// The version in the path may be with or without its epoch.
    Optional<StoredPackage> find(Call call, StoredRepository repository, PackagePath path) {
        String version = call.param("packageVersion");
        return versions(call, repository, path).stream()
            .filter(stored -> stored.fullVersion().equals(version)
                || stored.fullVersion().endsWith(":" + version))
            .findFirst();
    }
}
