package cambium.server.health;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/health/live`, `/health/ready`, `/metrics`. Every role answers them, so they are declared for one that is here.
public final class HealthRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final List<Check> checks;
    private final Meters meters;
    private final Role anyHere;

    public HealthRoutes(List<Check> checks, Meters meters, Set<Role> rolesHere) {
        this.checks = List.copyOf(checks);
        this.meters = meters;
        this.anyHere = rolesHere.iterator().next();
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/health/live", anyHere, Permission.NONE,
                        _ -> uncached(Answer.json(200, Map.of("status", "ok")))),
                new Route(Method.GET, "/health/ready", anyHere, Permission.NONE, this::ready),
                new Route(Method.GET, "/metrics", anyHere, Permission.NONE,
                        _ -> uncached(Answer.bytes(200, PROMETHEUS, meters.scrape()))));
    }

    private Answer ready(Call call) {
        var results = new ArrayList<Map<String, Object>>();
        var ready = true;
        var whole = true;
        for (var check : checks) {
            var problem = problem(check);
            ready &= problem.isEmpty() || !check.needed();
            whole &= problem.isEmpty();
            var result = new LinkedHashMap<String, Object>();
            result.put("name", check.name());
            result.put("ok", problem.isEmpty());
            result.put("message", problem.orElse(null));
            results.add(result);
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("status", whole ? "ok" : ready ? "degraded" : "not ready");
        body.put("checks", results);
        return uncached(Answer.json(ready ? 200 : 503, body));
    }

    private static Optional<String> problem(Check check) {
        try {
            return check.problem().get();
        } catch (RuntimeException e) {
            LOG.warn("the check of {} failed", check.name(), e);
            return Optional.of("the check itself failed");
        }
    }

    private static Answer uncached(Answer.Bytes answer) {
        return answer.with("Cache-Control", "no-store");
    }
}
