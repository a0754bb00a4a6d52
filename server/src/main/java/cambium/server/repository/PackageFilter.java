package cambium.server.repository;

import cambium.formats.PackageType;
import cambium.server.http.Call;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads what a call wants of a list of packages. Nothing is of a type or in a place that we do not know.
final class PackageFilter {
    private static final Set<String> NONE = Set.of("", "all");
    private static final String ANY = "*";

    private final DistributionCatalog catalog;

    PackageFilter(DistributionCatalog catalog) {
        this.catalog = catalog;
    }

    /// `filter` is a type, in the singular or plural and in any case, or `all`.
    Optional<PackageQuery> ofList(Call call, StoredRepository repository) {
        return ofType(call, repository.id(), "", Optional.empty());
    }

    /// Also `q`, a part of the file name, and `arch`; `dist` is a distribution, or a distribution and its version, and
    /// goes before `filter`.
    Optional<PackageQuery> ofSearch(Call call, StoredRepository repository) {
        String text = call.query("q").orElse("");
        Optional<String> architecture = call.query("arch").filter(value -> !value.isEmpty());
        String place = call.query("dist").orElse("").toLowerCase(Locale.ROOT);
        if (place.isEmpty()) {
            return ofType(call, repository.id(), text, architecture);
        }
        String[] parts = place.split("/", 2);
        if (parts.length == 1 || parts[1].isEmpty()) {
            return Optional.of(new PackageQuery(repository.id(), text, Optional.empty(), Optional.of(parts[0]),
                Optional.empty(), architecture));
        }
        return catalog.suite(parts[0], parts[1]).map(suite -> new PackageQuery(repository.id(), text,
            Optional.empty(), Optional.of(suite.distribution()), Optional.of(suite.codename()), architecture));
    }

    private static Optional<PackageQuery> ofType(Call call, long repositoryId, String text,
        Optional<String> architecture) {
        String filter = call.query("filter").orElse("").toLowerCase(Locale.ROOT);
        Optional<PackageType> type = type(filter);
        return type.isPresent() || NONE.contains(filter) ? Optional.of(new PackageQuery(repositoryId, text, type,
            Optional.empty(), Optional.empty(), architecture)) : Optional.empty();
    }

    private static Optional<PackageType> type(String word) {
        return PackageType.of(word).or(() -> word.endsWith("s")
            ? PackageType.of(word.substring(0, word.length() - 1)) : Optional.empty());
    }

    /// Path segments that narrow a grouped list one after the other; `*` leaves one open.
    Optional<PackageGroupQuery> ofGroups(StoredRepository repository, String type, Optional<String> distribution,
        Optional<String> version, Optional<String> architecture) {
        Optional<String> named = distribution.filter(text -> !text.equals(ANY)).map(text ->
            text.toLowerCase(Locale.ROOT));
        Optional<String> codename = version.filter(text -> !text.equals(ANY)).map(text -> named
            .flatMap(known -> catalog.suite(known, text)).map(KnownSuite::codename).orElse(text));
        return type(type.toLowerCase(Locale.ROOT)).map(known -> new PackageGroupQuery(repository.id(), known, named,
            codename, architecture.filter(text -> !text.equals(ANY))));
    }
}
