package cambium.server.pages;

import cambium.server.config.Role;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// The page `/webhooks`: where the fleet's events are posted or mailed, and how the last delivery of each went.
public record WebhooksPage(Shell shell, List<Row> rows) {
    static final String API = "/api/fleet/webhooks";

    public WebhooksPage {
        rows = List.copyOf(rows);
    }

    /// @param kinds in words; `trouble`: how many tries have failed since one was taken
    public record Row(String id, String url, String kinds, Parts.Moment since, String by, Optional<Parts.Moment> lastAt,
            String answer, Parts.Badge state, String trouble) {}

    static Route route(ApiAct list, Pages.Shells shells, Renderer renderer) {
        return new Route(Method.GET, "/webhooks", Role.WEB, list.permission(), call ->
                renderer.html(200, "webhooks", of(list.read(call), call, shells)));
    }

    private static WebhooksPage of(JsonNode list, Call call, Pages.Shells shells) {
        Shell shell = shells.shell(call, "Webhooks", "fleet", false);
        var rows = new ArrayList<Row>();
        list.path("webhooks").forEach(webhook -> rows.add(row(webhook, shell.at())));
        return new WebhooksPage(shell, rows);
    }

    private static Row row(JsonNode webhook, Instant now) {
        int tries = webhook.path("failed_tries").asInt();
        boolean stopped = webhook.path("stopped").asBoolean();
        var last = Optional.ofNullable(webhook.path("last_at").textValue()).map(Instant::parse);
        String kinds = StreamSupport.stream(webhook.path("kinds").spliterator(), false).map(JsonNode::asText)
                .collect(Collectors.joining(", "));
        return new Row(webhook.path("id").asText(), Words.visible(webhook.path("url").asText()),
                kinds.isEmpty() ? "every kind" : kinds,
                Parts.Moment.of(Instant.parse(webhook.path("created_at").asText()), now),
                Words.visible(webhook.path("created_by").asText()), last.map(at -> Parts.Moment.of(at, now)),
                last.isEmpty() ? "nothing was sent yet" : webhook.path("last_result").asText(),
                stopped ? new Parts.Badge("stopped", Words.glyph("harmful"), Words.tone("harmful"))
                        : tries > 0 ? new Parts.Badge("failing", Words.glyph("harmful"), Words.tone("harmful"))
                        : last.isEmpty() ? new Parts.Badge("idle", "waiting", "quiet")
                        : new Parts.Badge("taken", Words.glyph("healthy"), Words.tone("healthy")),
                tries == 0 ? "" : Words.count(tries, "failed try").replace("trys", "tries")
                        + (stopped ? ", told nothing more: remove it, and add it anew" : ", again later"));
    }
}
