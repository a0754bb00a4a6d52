package cambium.server.repository.webhook;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.OutgoingPosts;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.RepositoryAccess;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists, makes and ends webhooks. An address cannot be changed: a new one has a new secret, so that no secret ever
/// moves to another receiver.
public final class WebhookRoutes {
    private static final String PATH = "/api/repositories/{owner}/{repo}/webhooks";

    private final RepositoryAccess access;
    private final Webhooks webhooks;
    private final OutgoingPosts posts;

    public WebhookRoutes(RepositoryAccess access, Webhooks webhooks, OutgoingPosts posts) {
        this.access = access;
        this.webhooks = webhooks;
        this.posts = posts;
    }

    public List<Route> routes() {
        return List.of(route(Method.GET, PATH, this::list), route(Method.POST, PATH, this::create),
            route(Method.DELETE, PATH + "/{id}", this::delete));
    }

    private static Route route(Method method, String path, Handler handler) {
        return new Route(method, path, Role.WEB, Permission.MANAGE_REPOSITORY, handler);
    }

    private Answer list(Call call) {
        return Answer.json(200, Map.of("webhooks", webhooks.list(repository(call)).stream()
            .map(WebhookRoutes::json).toList()));
    }

    private Answer create(Call call) {
        long repository = repository(call);
        String url = call.parameters().first("url").map(String::strip).orElse("");
        posts.problem(url).ifPresent(problem -> {
            throw new Refused(422, "url_not_allowed", problem, "url");
        });
        return webhooks.create(repository, url, call.actor().name()).map(created -> {
            Map<String, Object> json = json(created.webhook());
            json.put("secret", created.secret());
            return (Answer) Answer.json(201, json);
        }).orElseThrow(() -> new Refused(409, "too_many_webhooks", "a repository has at most "
            + Webhooks.MAX_PER_REPOSITORY + " webhooks"));
    }

    private Answer delete(Call call) {
        String id = call.param("id");
        if (!id.matches("[0-9]{1,18}") || !webhooks.delete(repository(call), Long.parseLong(id))) {
            throw new Refused(404, "unknown_webhook", "there is no webhook '" + id + "' here");
        }
        return Answer.json(200, Map.of());
    }

    private static Map<String, Object> json(Webhooks.Webhook webhook) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", webhook.id());
        json.put("url", webhook.url());
        json.put("created_at", webhook.createdAt().toString());
        json.put("created_by", webhook.createdBy());
        json.put("failed_tries", webhook.tries());
        json.put("last_at", webhook.lastAt().map(Instant::toString).orElse(null));
        json.put("last_result", webhook.lastResult().orElse(null));
        return json;
    }

    private long repository(Call call) {
        return access.readable(call).orElseThrow(() ->
            new Refused(404, "unknown_repository", "there is no such repository")).id();
    }
}
