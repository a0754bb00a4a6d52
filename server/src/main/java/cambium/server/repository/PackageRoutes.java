package cambium.server.repository;

import cambium.formats.PackageType;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.repository.statistics.UsageReader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Lists, shows, searches and deletes packages, to packagecloud's API.
final class PackageRoutes {
    private static final String PREFIX = "/api/v1/repos/{owner}/{repo}";
    private static final String ONE_NAME = PREFIX + "/package/deb/{distro}/{version}/{name}/{arch}";
    private static final Set<String> NO_FILTER = Set.of("", "all");

    private final RepositoryAccess access;
    private final DistributionCatalog catalog;
    private final Packages packages;
    private final UsageReader usage;

    PackageRoutes(RepositoryAccess access, DistributionCatalog catalog, Packages packages, UsageReader usage) {
        this.access = access;
        this.catalog = catalog;
        this.packages = packages;
        this.usage = usage;
    }

    List<Route> routes() {
        return List.of(
            new Route(Method.GET, PREFIX + "/packages[.json]", Role.WEB, Permission.NONE, this::list),
            new Route(Method.GET, PREFIX + "/search[.json]", Role.WEB, Permission.NONE, this::search),
            new Route(Method.GET, ONE_NAME + "/versions[.json]", Role.WEB, Permission.NONE, this::versions),
            new Route(Method.GET, ONE_NAME + "/{packageVersion}[.json]", Role.WEB, Permission.NONE, this::details),
            new Route(Method.DELETE, PREFIX + "/{distro}/{version}/{filename}", Role.WEB, Permission.PUSH,
                this::delete));
    }

    private Answer list(Call call) {
        return access.readable(call).map(repository -> page(call, repository, filtered(call, repository.id(), "",
            Optional.empty()))).orElseGet(RepositoryAccess::unknown);
    }

    /// `filter` is a type in the singular or plural; nothing is of a type that we do not know.
    private static Optional<PackageQuery> filtered(Call call, long repositoryId, String text,
        Optional<String> architecture) {
        String filter = call.query("filter").orElse("").toLowerCase(Locale.ROOT);
        Optional<PackageType> type = PackageType.of(filter).or(() -> filter.endsWith("s")
            ? PackageType.of(filter.substring(0, filter.length() - 1)) : Optional.empty());
        return type.isPresent() || NO_FILTER.contains(filter) ? Optional.of(new PackageQuery(repositoryId, text, type,
            Optional.empty(), Optional.empty(), architecture)) : Optional.empty();
    }

    private Answer search(Call call) {
        return access.readable(call).map(repository -> page(call, repository, query(call, repository)))
            .orElseGet(RepositoryAccess::unknown);
    }

    /// `dist` is a distribution, or a distribution and its version; it goes before `filter`.
    private Optional<PackageQuery> query(Call call, StoredRepository repository) {
        String text = call.query("q").orElse("");
        Optional<String> architecture = call.query("arch").filter(value -> !value.isEmpty());
        String place = call.query("dist").orElse("").toLowerCase(Locale.ROOT);
        if (place.isEmpty()) {
            return filtered(call, repository.id(), text, architecture);
        }
        String[] parts = place.split("/", 2);
        if (parts.length == 1) {
            return Optional.of(new PackageQuery(repository.id(), text, Optional.empty(), Optional.of(place),
                Optional.empty(), architecture));
        }
        return catalog.suite(parts[0], parts[1]).map(suite -> new PackageQuery(repository.id(), text,
            Optional.empty(), Optional.of(suite.distribution()), Optional.of(suite.codename()), architecture));
    }

    private Answer page(Call call, StoredRepository repository, Optional<PackageQuery> query) {
        Paging paging = Paging.of(call);
        var json = new PackageJson(repository, call.baseUrl());
        List<Map<String, Object>> items = query.map(wanted -> packages.page(wanted, paging.offset(), paging.perPage()))
            .orElse(List.of()).stream().map(json::fragment).toList();
        return paging.answer(call, items, query.map(packages::count).orElse(0));
    }

    private Answer versions(Call call) {
        return access.readable(call).map(repository -> {
            var json = new PackageJson(repository, call.baseUrl());
            List<StoredPackage> found = suite(call).map(suite -> packages.versions(repository.id(), suite,
                call.param("name"), call.param("arch"))).orElse(List.of());
            return found.isEmpty() ? unknownPackage()
                : (Answer) Answer.json(200, found.stream().map(json::fragment).toList());
        }).orElseGet(RepositoryAccess::unknown);
    }

    /// The version in the path may be with or without its epoch.
    private Answer details(Call call) {
        return access.readable(call).map(repository -> {
            String version = call.param("packageVersion");
            return suite(call).map(suite -> packages.versions(repository.id(), suite, call.param("name"),
                    call.param("arch"))).orElse(List.of()).stream()
                .filter(stored -> stored.fullVersion().equals(version)
                    || stored.fullVersion().endsWith(":" + version))
                .findFirst()
                .map(stored -> (Answer) Answer.json(200, new PackageJson(repository, call.baseUrl())
                    .details(stored, usage.downloads(stored.id()))))
                .orElseGet(PackageRoutes::unknownPackage);
        }).orElseGet(RepositoryAccess::unknown);
    }

    private Answer delete(Call call) {
        return access.readable(call).map(repository -> {
            boolean deleted = suite(call).map(suite ->
                packages.delete(repository.id(), suite, call.param("filename"))).orElse(false);
            return deleted ? (Answer) Answer.json(200, Map.of()) : notDeleted("filename", "unknown_package");
        }).orElseGet(() -> notDeleted("repository", "unknown_repository"));
    }

    /// The official client joins every value of this body, so each is an array.
    private static Answer notDeleted(String field, String code) {
        return Answer.json(404, Map.of(field, List.of("not found"))).with("X-Cambium-Code", code);
    }

    static Answer unknownPackage() {
        return Answer.json(404, Map.of("error", "not_found")).with("X-Cambium-Code", "unknown_package");
    }

    private Optional<KnownSuite> suite(Call call) {
        return catalog.suite(call.param("distro"), call.param("version"));
    }
}
