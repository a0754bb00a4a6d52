package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Asks for the indexes of a repository to be made again from the log of admissions, and tells what came of it.
final class RebuildRoutes {
    private static final String PATH = "/api/repositories/{owner}/{repo}/rebuild";

    private final RepositoryAccess access;
    private final Database database;
    private final InstantSource clock;

    RebuildRoutes(RepositoryAccess access, Database database, InstantSource clock) {
        this.access = access;
        this.database = database;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
            new Route(Method.GET, PATH, Role.WEB, Permission.MANAGE_REPOSITORY, this::show),
            new Route(Method.POST, PATH, Role.WEB, Permission.MANAGE_REPOSITORY, this::ask));
    }

    private Answer ask(Call call) {
        StoredRepository repository = repository(call);
        database.transact(sql -> {
            Rebuilds.ask(sql, repository.id(), clock.instant());
            Notices.notify(sql, Packages.WORK, "");
            return repository;
        });
        return Answer.json(202, channels(repository));
    }

    private Answer show(Call call) {
        return Answer.json(200, channels(repository(call)));
    }

    private StoredRepository repository(Call call) {
        return access.readable(call)
            .orElseThrow(() -> new Refused(404, "unknown_repository", "there is no such repository"));
    }

    private Map<String, Object> channels(StoredRepository repository) {
        return Map.of("channels", database.read(sql -> Rebuilds.of(sql, repository.id())).stream()
            .map(RebuildRoutes::json).toList());
    }

    private static Map<String, Object> json(Rebuilds.Rebuild rebuild) {
        var json = new LinkedHashMap<String, Object>();
        json.put("suite", rebuild.suite());
        json.put("ring", rebuild.ring().isPresent() ? rebuild.ring().getAsInt() : null);
        json.put("done_at", rebuild.doneAt().map(Instant::toString).orElse(null));
        json.put("generation", rebuild.generation().orElse(null));
        json.put("views", rebuild.views());
        json.put("differing", rebuild.differing());
        json.put("failure", rebuild.failure().orElse(null));
        return json;
    }
}
