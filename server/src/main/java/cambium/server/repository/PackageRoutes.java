package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.repository.statistics.UsageReader;
import cambium.server.repository.token.RepositoryTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lists, shows and searches packages, to packagecloud's API.
final class PackageRoutes {
    private static final String PREFIX = "/api/v1/repos/{owner}/{repo}";
    private static final List<String> GROUPED = List.of("type", "distro", "version", "arch");

    private final RepositoryAccess access;
    private final PackageFilter filter;
    private final PackageFinder finder;
    private final PackageLists lists;
    private final RepositoryTokens tokens;
    private final UsageReader usage;

    PackageRoutes(RepositoryAccess access, PackageFilter filter, PackageFinder finder, PackageLists lists,
        RepositoryTokens tokens, UsageReader usage) {
        this.access = access;
        this.filter = filter;
        this.finder = finder;
        this.lists = lists;
        this.tokens = tokens;
        this.usage = usage;
    }

    List<Route> routes() {
        var routes = new ArrayList<>(List.of(
            route("/packages[.json]", call -> page(call, filter::ofList)),
            route("/search[.json]", call -> page(call, filter::ofSearch))));
        for (int given = 1; given <= GROUPED.size(); given++) {
            List<String> names = GROUPED.subList(0, given);
            routes.add(route("/packages/{" + String.join("}/{", names) + "}[.json]", call -> groups(call, names)));
        }
        for (PackagePath path : PackagePath.values()) {
            routes.add(open(path.ofName() + "/versions[.json]", call -> versions(call, path)));
            routes.add(open(path.ofOne() + "[.json]", call -> details(call, path)));
        }
        return routes;
    }

    private static Route route(String path, Handler handler) {
        return open(PREFIX + path, handler);
    }

    private static Route open(String path, Handler handler) {
        return new Route(Method.GET, path, Role.WEB, Permission.NONE, handler);
    }

    /// Reads the query of a call on a repository; empty where nothing can be meant.
    @FunctionalInterface
    private interface QueryOf {
        Optional<PackageQuery> read(Call call, StoredRepository repository);
    }

    private Answer page(Call call, QueryOf queryOf) {
        return access.readable(call).map(repository -> {
            Paging paging = Paging.of(call);
            Optional<PackageQuery> query = queryOf.read(call, repository);
            PackageJson json = PackageJson.of(call, repository, tokens);
            PackageLists.Page<StoredPackage> page = query.map(wanted ->
                lists.page(wanted, paging.offset(), paging.perPage())).orElse(PackageLists.Page.empty());
            return paging.answer(call, page.items().stream().map(json::fragment).toList(), page.total());
        }).orElseGet(RepositoryAccess::unknown);
    }

    private Answer groups(Call call, List<String> names) {
        return access.readable(call).map(repository -> {
            Paging paging = Paging.of(call);
            Optional<PackageGroupQuery> query = filter.ofGroups(repository, call.param("type"),
                given(call, names, "distro"), given(call, names, "version"), given(call, names, "arch"));
            PackageJson json = PackageJson.of(call, repository, tokens);
            PackageLists.Page<PackageLists.Group> page = query.map(wanted ->
                lists.groups(wanted, paging.offset(), paging.perPage())).orElse(PackageLists.Page.empty());
            return paging.answer(call, page.items().stream().map(json::group).toList(), page.total());
        }).orElseGet(RepositoryAccess::unknown);
    }

    private static Optional<String> given(Call call, List<String> names, String name) {
        return names.contains(name) ? Optional.of(call.param(name)) : Optional.empty();
    }

    private Answer versions(Call call, PackagePath path) {
        return access.readable(call).map(repository -> {
            List<StoredPackage> found = finder.versions(call, repository, path);
            PackageJson json = PackageJson.of(call, repository, tokens);
            return found.isEmpty() ? unknownPackage()
                : (Answer) Answer.json(200, found.stream().map(json::fragment).toList());
        }).orElseGet(RepositoryAccess::unknown);
    }

    private Answer details(Call call, PackagePath path) {
        return access.readable(call).map(repository -> finder.find(call, repository, path)
            .map(stored -> (Answer) Answer.json(200, PackageJson.of(call, repository, tokens)
                .details(stored, usage.downloads(stored.id()))))
            .orElseGet(PackageRoutes::unknownPackage)).orElseGet(RepositoryAccess::unknown);
    }

    static Answer unknownPackage() {
        return Answer.json(404, Map.of("error", "not_found")).with("X-Cambium-Code", "unknown_package");
    }
}
