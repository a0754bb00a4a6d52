package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.repository.token.RepositoryTokens;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Deletes and promotes packages, to packagecloud's API. The official client joins every value of a refusal, so each is
/// an array; a deletion answers an empty object, since some clients read what they get.
final class MoveRoutes {
    private static final String PREFIX = "/api/v1/repos/{owner}/{repo}";
    private static final String ONE = PREFIX + "/{distro}/{version}/{filename}";
    /// Packages of types that have no home here yet: they are never found, and the refusal is the same.
    private static final String GEM = PREFIX + "/gems/{filename}";
    private static final String JAVA = PREFIX + "/java/maven2/{group}/{filename}";
    private static final String PROMOTE = "/promote[.json]";

    private final RepositoryAccess access;
    private final Repositories repositories;
    private final DistributionCatalog catalog;
    private final Withdrawals withdrawals;
    private final Promotion promotion;
    private final RepositoryTokens tokens;

    MoveRoutes(RepositoryAccess access, Repositories repositories, DistributionCatalog catalog, Withdrawals withdrawals,
        Promotion promotion, RepositoryTokens tokens) {
        this.access = access;
        this.repositories = repositories;
        this.catalog = catalog;
        this.withdrawals = withdrawals;
        this.promotion = promotion;
        this.tokens = tokens;
    }

    List<Route> routes() {
        return List.of(route(Method.DELETE, ONE, this::delete), route(Method.POST, ONE + PROMOTE, this::promote),
            route(Method.DELETE, GEM, MoveRoutes::unknown), route(Method.POST, GEM + PROMOTE, MoveRoutes::unknown),
            route(Method.POST, JAVA + PROMOTE, MoveRoutes::unknown));
    }

    private static Route route(Method method, String path, Handler handler) {
        return new Route(method, path, Role.WEB, Permission.PUSH, handler);
    }

    private Answer delete(Call call) {
        return access.readable(call).map(repository -> {
            boolean deleted = suite(call).map(suite ->
                withdrawals.yank(repository.id(), suite, call.param("filename"),
                    call.actor().name(), "")).orElse(false);
            return deleted ? (Answer) Answer.json(200, Map.of()) : unknown("filename", "unknown_package");
        }).orElseGet(() -> unknown("repository", "unknown_repository"));
    }

    private Answer promote(Call call) throws IOException {
        Optional<StoredRepository> from = access.readable(call);
        if (from.isEmpty()) {
            return unknown("repository", "unknown_repository");
        }
        Optional<String> destination = call.parameters().first("destination").map(String::strip)
            .filter(text -> !text.isEmpty());
        if (destination.isEmpty()) {
            return refused("destination", "can't be blank", "destination_missing");
        }
        Optional<StoredRepository> to = RepositoryName.parse(destination.get()).flatMap(repositories::find)
            .filter(found -> RepositoryAccess.shows(call.actor(), found));
        if (to.isEmpty()) {
            return unknown("destination", "unknown_destination");
        }
        if (to.get().id() == from.get().id()) {
            return refused("destination", "is where the package is already", "destination_same");
        }
        Optional<KnownSuite> suite = suite(call);
        return suite.isEmpty() ? unknown("filename", "unknown_package") : promoted(call, to.get(),
            promotion.bring(Promotion.Way.MOVE, from.get(), to.get(), suite.get(), call.param("filename")));
    }

    private Answer promoted(Call call, StoredRepository to, Promotion.Outcome outcome) {
        return switch (outcome) {
            case Promotion.Outcome.Arrived(StoredPackage stored) ->
                Answer.json(200, PackageJson.of(call, to, tokens).details(stored));
            case Promotion.Outcome.NoSuchPackage() -> unknown("filename", "unknown_package");
            case Promotion.Outcome.Taken(String reason) ->
                refused("filename", "has already been taken", "filename_taken").with("X-Cambium-Reason", reason);
            case Promotion.Outcome.Unwanted(String reason) -> refused("destination", reason, PackagePolicies.CODE);
        };
    }

    private static Answer unknown(Call call) {
        return unknown("filename", "unknown_package");
    }

    private static Answer unknown(String field, String code) {
        return Answer.json(404, Map.of(field, List.of("not found"))).with("X-Cambium-Code", code);
    }

    private static Answer.Bytes refused(String field, String message, String code) {
        return Answer.json(422, Map.of(field, List.of(message))).with("X-Cambium-Code", code);
    }

    private Optional<KnownSuite> suite(Call call) {
        return catalog.suite(call.param("distro"), call.param("version"));
    }
}
