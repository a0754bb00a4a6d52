package cambium.server.repository.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whose figures are asked for.
public sealed interface UsageSubject {
    /// The downloads of one package.
    record OfPackage(long packageId) implements UsageSubject {}

    /// The installs of a repository; only for this distribution, and this codename of it, where given.
    record OfRepository(long repositoryId, Optional<String> distribution, Optional<String> codename)
        implements UsageSubject {}

    /// The table with its condition, for `values()`.
    default String from() {
        return switch (this) {
            case OfPackage _ -> "from package_download where package_id = ?";
            case OfRepository(_, var distribution, var codename) -> "from repository_install where repository_id = ?"
                + distribution.map(_ -> " and distribution = ?").orElse("")
                + codename.map(_ -> " and codename = ?").orElse("");
        };
    }

    default List<Object> values() {
        return switch (this) {
            case OfPackage(var packageId) -> List.of(packageId);
            case OfRepository(var repositoryId, var distribution, var codename) -> {
                var values = new ArrayList<Object>(List.of(repositoryId));
                distribution.ifPresent(values::add);
                codename.ifPresent(values::add);
                yield values;
            }
        };
    }
}
