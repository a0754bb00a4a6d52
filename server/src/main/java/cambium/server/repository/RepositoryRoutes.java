package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Parameters;
import cambium.server.http.Route;
import cambium.server.repository.statistics.UsageReader;
import cambium.server.repository.token.RepositoryTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Distributions, and creating, listing and showing repositories, to packagecloud's API.
final class RepositoryRoutes {
    private static final String GEM_VERSION = "{\"major\":\"0\",\"minor\":\"2\",\"patch\":\"1\"}";

    private final Repositories repositories;
    private final RepositoryAccess access;
    private final DistributionCatalog catalog;
    private final RepositoryTokens tokens;
    private final UsageReader usage;
    private final InstantSource clock;

    RepositoryRoutes(Repositories repositories, RepositoryAccess access, DistributionCatalog catalog,
        RepositoryTokens tokens, UsageReader usage, InstantSource clock) {
        this.repositories = repositories;
        this.access = access;
        this.catalog = catalog;
        this.tokens = tokens;
        this.usage = usage;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
            new Route(Method.GET, "/api/v1/distributions[.json]", Role.WEB, Permission.READ_REPOSITORY,
                _ -> Answer.bytes(200, "application/json; charset=utf-8", catalog.json())),
            // Asked by packagecloud's Ruby library alone, which compares it with its own version.
            new Route(Method.GET, "/api/v1/gem_version[.json]", Role.WEB, Permission.NONE, _ ->
                Answer.bytes(200, "application/json; charset=utf-8", GEM_VERSION.getBytes(StandardCharsets.UTF_8))),
            // A licence belongs to packagecloud's own program; nobody needs one here, so none is known.
            new Route(Method.GET, "/api/v1/licenses/{key}/license[.json]", Role.WEB, Permission.NONE,
                RepositoryRoutes::noLicence),
            new Route(Method.GET, "/api/v1/licenses/{key}/licenses[.json]", Role.WEB, Permission.NONE,
                RepositoryRoutes::noLicence),
            new Route(Method.GET, "/api/v1/repos[.json]", Role.WEB, Permission.READ_REPOSITORY, this::list),
            new Route(Method.POST, "/api/v1/repos[.json]", Role.WEB, Permission.MANAGE_REPOSITORY, this::create),
            new Route(Method.GET, "/api/v1/repos/{owner}/{repo}[.json]", Role.WEB, Permission.NONE, this::show));
    }

    private static Answer noLicence(Call call) {
        return Answer.json(404, Map.of("error", "not_found")).with("X-Cambium-Code", "no_licences");
    }

    private Answer list(Call call) {
        Paging paging = Paging.of(call);
        List<Map<String, Object>> items = repositories.list(paging.offset(), paging.perPage()).stream()
            .map(repository -> json(call, repository)).toList();
        return paging.answer(call, items, repositories.count());
    }

    private Answer show(Call call) {
        return access.readable(call).map(repository -> {
            Map<String, Object> json = json(call, repository);
            json.put("total_installs_count", usage.installs(repository.id()));
            json.put("paths", paths(repository));
            json.put("urls", Map.of("install_script", installAddress(call, repository) + "/install/repositories/"
                + repository.name() + "/script.:package_type.sh"));
            return (Answer) Answer.json(200, json);
        }).orElseGet(RepositoryAccess::unknown);
    }

    /// The official client fetches the script of a private repository with this address alone, so it holds a master
    /// token, for whoever may see master tokens.
    private String installAddress(Call call, StoredRepository repository) {
        return repository.isPrivate() && call.actor().may(Permission.MANAGE_REPOSITORY) ? call.baseUrl()
            .replaceFirst("://", "://" + tokens.defaultMaster(repository.id()).value() + ":@") : call.baseUrl();
    }

    private Answer create(Call call) {
        Parameters parameters = call.parameters();
        Optional<String> text = parameters.first("repository[name]").map(String::strip).filter(t -> !t.isEmpty());
        if (text.isEmpty()) {
            return refused("name", "can't be blank", "name_missing");
        }
        Optional<RepositoryName> name = text.get().contains("/") ? RepositoryName.parse(text.get())
            : RepositoryName.of(call.actor().name(), text.get());
        if (name.isEmpty()) {
            return refused("name", "can only have letters, digits, '.', '_' and '-'", "name_invalid");
        }
        if (name.get().isReserved()) {
            return refused("name", "starts with a reserved word", "name_reserved");
        }
        boolean isPrivate = parameters.first("repository[private]").filter(value ->
            value.equals("1") || value.equals("true")).isPresent();
        return repositories.create(name.get(), isPrivate)
            .map(created -> (Answer) Answer.json(201, Map.of("url", call.baseUrl() + "/" + created.name())))
            .orElseGet(() -> refused("name", "has already been taken", "name_taken"));
    }

    private static Answer refused(String field, String message, String code) {
        return Answer.json(422, Map.of(field, List.of(message))).with("X-Cambium-Code", code);
    }

    private Map<String, Object> json(Call call, StoredRepository repository) {
        Repositories.Figures figures = repositories.figures(repository.id());
        var json = new LinkedHashMap<String, Object>();
        json.put("name", repository.name().name());
        json.put("created_at", PackageJson.time(repository.createdAt()));
        json.put("url", call.baseUrl() + "/" + repository.name());
        json.put("last_push_human", figures.lastPush().map(this::ago).orElse("never"));
        json.put("package_count_human", figures.packages() + (figures.packages() == 1 ? " package" : " packages"));
        json.put("private", repository.isPrivate());
        json.put("fqname", repository.name().toString());
        return json;
    }

    /// The official client takes the addresses of all further calls from here.
    private static Map<String, Object> paths(StoredRepository repository) {
        String self = "/api/v1/repos/" + repository.name();
        var paths = new LinkedHashMap<String, Object>();
        paths.put("self", self);
        paths.put("create_package", self + "/packages.json");
        paths.put("package_contents", self + "/packages/contents.json");
        paths.put("master_tokens", self + "/master_tokens");
        paths.put("create_master_token", self + "/master_tokens");
        paths.put("gpg_keys", self + "/gpg_keys.json");
        return paths;
    }

    private String ago(Instant then) {
        Duration since = Duration.between(then, clock.instant());
        if (since.toMinutes() < 1) {
            return "less than a minute ago";
        }
        if (since.toHours() < 1) {
            return count(since.toMinutes(), "minute");
        }
        return since.toDays() < 1 ? count(since.toHours(), "hour") : count(since.toDays(), "day");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s") + " ago";
    }
}
