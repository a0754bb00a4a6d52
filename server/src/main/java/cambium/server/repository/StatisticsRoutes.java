package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.statistics.SeriesInterval;
import cambium.server.repository.statistics.UsageQuery;
import cambium.server.repository.statistics.UsageReader;
import cambium.server.repository.statistics.UsageSubject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// Downloads of packages and installs of repositories: how many, in which days, and who; to packagecloud's API. Counts
/// and series are for whoever may read the repository, single events for whoever may push to it.
final class StatisticsRoutes {
    private static final String INSTALLS = "/api/v1/repos/{owner}/{repo}/stats/installs";

    private final RepositoryAccess access;
    private final DistributionCatalog catalog;
    private final PackageFinder finder;
    private final UsageReader usage;
    private final InstantSource clock;

    StatisticsRoutes(RepositoryAccess access, DistributionCatalog catalog, PackageFinder finder, UsageReader usage,
        InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.finder = finder;
        this.usage = usage;
        this.clock = clock;
    }

    /// Finds whose figures a call asks for; empty where there is no such package.
    @FunctionalInterface
    private interface SubjectOf {
        Optional<UsageSubject> find(Call call, StoredRepository repository);
    }

    List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (PackagePath path : PackagePath.values()) {
            routes.addAll(routes(path.ofOne() + "/stats/downloads", (call, repository) ->
                finder.find(call, repository, path).map(found -> new UsageSubject.OfPackage(found.id()))));
        }
        routes.addAll(routes(INSTALLS, (_, repository) -> of(repository, Optional.empty(), Optional.empty())));
        routes.addAll(routes(INSTALLS + "/{distro}", (call, repository) ->
            of(repository, Optional.of(call.param("distro")), Optional.empty())));
        routes.addAll(routes(INSTALLS + "/{distro}/{version}", (call, repository) ->
            catalog.suite(call.param("distro"), call.param("version")).flatMap(suite ->
                of(repository, Optional.of(suite.distribution()), Optional.of(suite.codename())))));
        return routes;
    }

    private static Optional<UsageSubject> of(StoredRepository repository, Optional<String> distribution,
        Optional<String> codename) {
        return Optional.of(new UsageSubject.OfRepository(repository.id(), distribution, codename));
    }

    private List<Route> routes(String prefix, SubjectOf subject) {
        return List.of(
            route(prefix + "/count[.json]", call -> answer(call, subject, this::count)),
            route(prefix + "/detail[.json]", call -> answer(call, subject, this::details)),
            route(prefix + "/series/{interval}[.json]", call -> answer(call, subject, this::series)));
    }

    private static Route route(String path, Handler handler) {
        return new Route(Method.GET, path, Role.WEB, Permission.NONE, handler);
    }

    private Answer answer(Call call, SubjectOf subject, BiFunction<Call, UsageSubject, Answer> answering) {
        return access.readable(call).map(repository -> subject.find(call, repository)
            .map(found -> answering.apply(call, found)).orElseGet(PackageRoutes::unknownPackage))
            .orElseGet(RepositoryAccess::unknown);
    }

    private Answer count(Call call, UsageSubject subject) {
        return Answer.json(200, Map.of("value", usage.count(subject, query(call))));
    }

    private Answer series(Call call, UsageSubject subject) {
        SeriesInterval interval = SeriesInterval.of(call.param("interval")).orElseThrow(() ->
            new Refused(404, "unknown_interval", "a series is hourly, daily, weekly or monthly"));
        return Answer.json(200, Map.of("value", usage.series(subject, query(call), interval)));
    }

    private Answer details(Call call, UsageSubject subject) {
        // Single events are for the owner.
        call.require(Permission.PUSH);
        UsageQuery query = query(call);
        Paging paging = Paging.of(call);
        List<Map<String, Object>> events = usage.events(subject, query, paging.offset(), paging.perPage()).stream()
            .map(StatisticsRoutes::json).toList();
        return paging.answer(call, events, usage.count(subject, query));
    }

    private UsageQuery query(Call call) {
        return StatisticsQuery.of(call, clock.instant());
    }

    /// Downloads name the read token, installs the machine, its distribution and the master token.
    private static Map<String, Object> json(UsageReader.CountedFetch event) {
        var json = new LinkedHashMap<String, Object>();
        boolean isInstall = event.suite().isPresent();
        json.put(isInstall ? "installed_at" : "downloaded_at", PackageJson.time(event.fetch().at()));
        json.put("ip_address", event.fetch().address());
        event.hostname().ifPresent(hostname -> json.put("hostname", hostname));
        json.put("user_agent", event.fetch().userAgent());
        if (isInstall) {
            json.put("master_token", event.fetch().credential().masterToken().orElse(null));
            json.put("distro_version", event.suite().orElseThrow());
        } else {
            json.put("source", event.fetch().source().text());
            json.put("read_token", event.fetch().credential().readToken().orElse(null));
        }
        return json;
    }
}
