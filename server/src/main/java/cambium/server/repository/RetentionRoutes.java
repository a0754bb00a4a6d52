package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Shows, sets, tries and ends the rule by which a repository lets old versions go.
final class RetentionRoutes {
    private static final String PATH = "/api/repositories/{owner}/{repo}/retention";

    private final RepositoryAccess access;
    private final Retention retention;

    RetentionRoutes(RepositoryAccess access, Retention retention) {
        this.access = access;
        this.retention = retention;
    }

    List<Route> routes() {
        return List.of(route(Method.GET, this::show), route(Method.PUT, this::set), route(Method.DELETE, this::end));
    }

    private static Route route(Method method, Handler handler) {
        return new Route(method, PATH, Role.WEB, Permission.MANAGE_REPOSITORY, handler);
    }

    private Answer show(Call call) {
        long repository = repository(call);
        return Answer.json(200, retention.rule(repository).map(rule -> json(repository, rule)).orElse(Map.of()));
    }

    /// With `dry-run` nothing is set, and the answer names what would go.
    private Answer set(Call call) {
        long repository = repository(call);
        var rule = new Retention.Rule(number(call, "keep_versions", Optional.empty(), 1, Retention.MAX_VERSIONS),
            number(call, "keep_days", Optional.of(0), 0, Retention.MAX_DAYS));
        if (call.query("dry-run").filter("true"::equals).isEmpty()) {
            retention.set(repository, rule);
        }
        return Answer.json(200, json(repository, rule));
    }

    private Answer end(Call call) {
        retention.end(repository(call));
        return Answer.json(200, Map.of());
    }

    private Map<String, Object> json(long repository, Retention.Rule rule) {
        var json = new LinkedHashMap<String, Object>();
        json.put("keep_versions", rule.versions());
        json.put("keep_days", rule.days());
        json.put("leaving", retention.leaving(repository, rule).stream().map(leaving -> Map.of("distribution",
            leaving.suite().distribution() + "/" + leaving.suite().codename(), "filename", leaving.filename()))
            .toList());
        return json;
    }

    private static int number(Call call, String name, Optional<Integer> otherwise, int least, int most) {
        Optional<String> text = call.parameters().first(name);
        Optional<Integer> value = text.isEmpty() ? otherwise : text.filter(digits -> digits.matches("[0-9]{1,6}"))
            .map(Integer::parseInt).filter(number -> number >= least && number <= most);
        return value.orElseThrow(() -> new Refused(422, "invalid_field", "'" + name + "' must be a number from " + least
            + " to " + most, name));
    }

    private long repository(Call call) {
        return access.readable(call).map(StoredRepository::id).orElseThrow(() ->
            new Refused(404, "unknown_repository", "there is no such repository"));
    }
}
