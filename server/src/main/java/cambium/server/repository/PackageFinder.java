package cambium.server.repository;

import cambium.server.http.Call;
import java.util.List;
import java.util.Optional;

/// Finds the packages that a path of the API names.
final class PackageFinder {
    private static final String ANYFILE = "anyfile";
    private static final String ANYFILE_VERSION = "1";

    private final DistributionCatalog catalog;
    private final PackageLists lists;

    PackageFinder(DistributionCatalog catalog, PackageLists lists) {
        this.catalog = catalog;
        this.lists = lists;
    }

    /// All versions of the name in the path, newest first.
    List<StoredPackage> versions(Call call, StoredRepository repository, PackagePath path) {
        Optional<KnownSuite> suite = switch (path) {
            case DEB, DSC, RPM -> catalog.suite(call.param("distro"), call.param("version"));
            case ANYFILE -> catalog.suite(ANYFILE, ANYFILE_VERSION);
        };
        String architecture = switch (path) {
            case DEB, DSC, RPM -> call.param("arch");
            case ANYFILE -> "";
        };
        return suite.map(known -> lists.versions(repository.id(), known, path.type(), call.param("name"), architecture))
            .orElse(List.of());
    }

    /// The version in the path may be with or without its epoch.
    Optional<StoredPackage> find(Call call, StoredRepository repository, PackagePath path) {
        String wanted = switch (path) {
            case DEB, DSC, ANYFILE -> call.param("packageVersion");
            case RPM -> call.param("packageVersion") + "-" + call.param("release");
        };
        return versions(call, repository, path).stream().filter(stored ->
            stored.fullVersion().equals(wanted) || stored.fullVersion().endsWith(":" + wanted)).findFirst();
    }
}
