package cambium.server.repository.event;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Json;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.RepositoryAccess;
import cambium.server.repository.StoredRepository;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who changed what in a repository, for those who may manage it: `?after=ID&limit=N`, oldest first.
public final class EventRoutes {
    private static final int MAX_EVENTS = 500;
    private static final int USUAL_EVENTS = 100;

    private final RepositoryAccess access;
    private final RepositoryEvents events;

    public EventRoutes(RepositoryAccess access, RepositoryEvents events) {
        this.access = access;
        this.events = events;
    }

    public List<Route> routes() {
        return List.of(new Route(Method.GET, "/api/repositories/{owner}/{repo}/events", Role.WEB,
            Permission.MANAGE_REPOSITORY, call -> access.readable(call).map(repository -> list(call, repository))
                .orElseGet(RepositoryAccess::unknown)));
    }

    private Answer list(Call call, StoredRepository repository) {
        int limit = (int) Math.min(number(call, "limit", USUAL_EVENTS), MAX_EVENTS);
        return Answer.json(200, Map.of("events", events.after(repository.id(), number(call, "after", 0), limit).stream()
            .map(EventRoutes::json).toList()));
    }

    private static long number(Call call, String name, long otherwise) {
        Optional<String> text = call.query(name);
        if (text.isPresent() && !text.get().matches("[0-9]{1,18}")) {
            throw new Refused(400, "invalid_field", "'" + name + "' must be a whole number from 0", name);
        }
        return text.map(Long::parseLong).orElse(otherwise);
    }

    private static Map<String, Object> json(RepositoryEvent event) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", event.id());
        json.put("number", event.number().isPresent() ? event.number().getAsLong() : null);
        json.put("at", event.at().toString());
        json.put("actor", event.actor());
        json.put("kind", event.kind());
        json.put("subject", event.subject());
        json.put("before", event.before().map(EventRoutes::read).orElse(null));
        json.put("after", event.after().map(EventRoutes::read).orElse(null));
        json.put("hash", event.hash().map(HexFormat.of()::formatHex).orElse(null));
        return json;
    }

    private static Object read(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
