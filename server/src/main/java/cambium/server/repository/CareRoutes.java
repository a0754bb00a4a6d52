package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.token.RepositoryTokens;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the owner of packages does beyond packagecloud's API: yank with a reason, quarantine and release, copy, try to
/// index again. Everything may be repeated: what is so already is answered as if it had been done now.
final class CareRoutes {
    private static final String REPOSITORY = "/api/repositories/{owner}/{repo}";
    private static final String ONE = REPOSITORY + "/packages/{distro}/{version}/{filename}";

    private final RepositoryAccess access;
    private final Repositories repositories;
    private final DistributionCatalog catalog;
    private final Packages packages;
    private final Withdrawals withdrawals;
    private final Promotion promotion;
    private final RepositoryTokens tokens;

    CareRoutes(RepositoryAccess access, Repositories repositories, DistributionCatalog catalog, Packages packages,
        Withdrawals withdrawals, Promotion promotion, RepositoryTokens tokens) {
        this.access = access;
        this.repositories = repositories;
        this.catalog = catalog;
        this.packages = packages;
        this.withdrawals = withdrawals;
        this.promotion = promotion;
        this.tokens = tokens;
    }

    List<Route> routes() {
        return List.of(
            route(Method.GET, REPOSITORY + "/withdrawn", Permission.MANAGE_REPOSITORY, this::withdrawn),
            route(Method.POST, ONE + "/yank", Permission.PUSH, this::yank),
            route(Method.POST, ONE + "/quarantine", Permission.MANAGE_REPOSITORY, this::quarantine),
            route(Method.POST, ONE + "/release", Permission.MANAGE_REPOSITORY, this::release),
            route(Method.POST, ONE + "/copy", Permission.PUSH, this::copy),
            route(Method.POST, ONE + "/reindex", Permission.PUSH, this::reindex),
            route(Method.POST, REPOSITORY + "/reindex", Permission.PUSH, call ->
                Answer.json(200, Map.of("queued", withdrawals.reindex(repository(call).id(), Optional.empty(),
                    Optional.empty())))));
    }

    private static Route route(Method method, String path, Permission permission, Handler handler) {
        return new Route(method, path, Role.WEB, permission, handler);
    }

    private Answer yank(Call call) {
        String why = why(call);
        boolean yanked = withdrawals.yank(repository(call).id(), suite(call), call.param("filename"),
            call.actor().name(), why);
        return yanked || isWithdrawn(call, StoredPackage.IndexState.DELETED) ? state(call, "yanked") : unknown(call);
    }

    private Answer quarantine(Call call) {
        String why = why(call);
        boolean hidden = withdrawals.quarantine(repository(call).id(), suite(call), call.param("filename"),
            call.actor().name(), why);
        return hidden || isWithdrawn(call, StoredPackage.IndexState.QUARANTINED) ? state(call, "quarantined")
            : unknown(call);
    }

    private Answer release(Call call) {
        StoredRepository repository = repository(call);
        boolean released = withdrawals.release(repository.id(), suite(call), call.param("filename"));
        return released || packages.byFilename(repository.id(), suite(call), call.param("filename")).isPresent()
            ? state(call, "offered") : unknown(call);
    }

    private Answer reindex(Call call) {
        StoredRepository repository = repository(call);
        int queued = withdrawals.reindex(repository.id(), Optional.of(suite(call)),
            Optional.of(call.param("filename")));
        return queued > 0 || packages.byFilename(repository.id(), suite(call), call.param("filename")).isPresent()
            ? Answer.json(200, Map.of("queued", queued)) : unknown(call);
    }

    private Answer copy(Call call) throws IOException {
        StoredRepository from = repository(call);
        String destination = call.parameters().first("destination").map(String::strip)
            .filter(text -> !text.isEmpty()).orElseThrow(() -> new Refused(422, "destination_missing",
                "say where to: \"destination\": \"owner/repository\"", "destination"));
        StoredRepository to = RepositoryName.parse(destination).flatMap(repositories::find)
            .filter(found -> RepositoryAccess.shows(call.actor(), found))
            .orElseThrow(() -> new Refused(404, "unknown_destination", "there is no repository '" + destination + "'",
                "destination"));
        if (to.id() == from.id()) {
            throw new Refused(422, "destination_same", "the package is there already", "destination");
        }
        return switch (promotion.bring(Promotion.Way.COPY, from, to, suite(call), call.param("filename"))) {
            case Promotion.Outcome.Arrived(StoredPackage stored) ->
                Answer.json(201, PackageJson.of(call, to, tokens).details(stored));
            case Promotion.Outcome.NoSuchPackage() -> unknown(call);
            case Promotion.Outcome.Taken(String reason) -> packages.byFilename(to.id(), suite(call),
                call.param("filename")).filter(there -> isSame(there, call, from))
                .map(there -> (Answer) Answer.json(200, PackageJson.of(call, to, tokens).details(there)))
                .orElseThrow(() -> new Refused(409, "filename_taken", reason, "filename"));
            case Promotion.Outcome.Unwanted(String reason) ->
                throw new Refused(422, PackagePolicies.CODE, reason, "destination");
        };
    }

    private boolean isSame(StoredPackage there, Call call, StoredRepository from) {
        return packages.byFilename(from.id(), suite(call), call.param("filename"))
            .filter(here -> here.digests().sha256().equals(there.digests().sha256())).isPresent();
    }

    private Answer withdrawn(Call call) {
        return Answer.json(200, Map.of("withdrawn", withdrawals.list(repository(call).id()).stream()
            .map(CareRoutes::json).toList()));
    }

    private static Map<String, Object> json(Withdrawals.Withdrawn withdrawn) {
        StoredPackage stored = withdrawn.stored();
        var json = new LinkedHashMap<String, Object>();
        json.put("state", stored.state() == StoredPackage.IndexState.QUARANTINED ? "quarantined" : "yanked");
        json.put("distribution", stored.suite().distribution() + "/" + stored.suite().codename());
        json.put("filename", stored.filename());
        json.put("sha256", stored.digests().sha256());
        json.put("since", withdrawn.since().toString());
        json.put("by", withdrawn.by());
        json.put("why", withdrawn.why());
        return json;
    }

    private boolean isWithdrawn(Call call, StoredPackage.IndexState state) {
        return withdrawals.withdrawn(repository(call).id(), suite(call), call.param("filename"))
            .filter(state::equals).isPresent();
    }

    private static Answer state(Call call, String state) {
        return Answer.json(200, Map.of("filename", call.param("filename"), "state", state));
    }

    /// A reason is asked for, since the next person who looks will ask for it.
    private static String why(Call call) {
        String why = call.parameters().first("why").map(String::strip).orElse("");
        if (why.isEmpty() || why.length() > Withdrawals.MAX_WHY_CHARACTERS) {
            throw new Refused(422, "why_missing", "say why, in at most " + Withdrawals.MAX_WHY_CHARACTERS
                + " characters", "why");
        }
        return why;
    }

    private StoredRepository repository(Call call) {
        return access.readable(call).orElseThrow(() ->
            new Refused(404, "unknown_repository", "there is no such repository"));
    }

    private KnownSuite suite(Call call) {
        return catalog.suite(call.param("distro"), call.param("version")).orElseThrow(() ->
            new Refused(404, "unknown_distribution", "there is no distribution '" + call.param("distro") + "/"
                + call.param("version") + "'"));
    }

    private static Answer unknown(Call call) {
        throw new Refused(404, "unknown_package", "there is no package '" + call.param("filename") + "' here");
    }
}
