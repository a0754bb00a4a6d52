package cambium.server.pages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// The page `/webhooks`: where the fleet's events are posted or mailed, and how the last delivery of each went.
///
/// @param told what came of what was just asked for
public record WebhooksPage(Shell shell, List<Row> rows, Optional<Told> told) {
    public WebhooksPage {
        rows = List.copyOf(rows);
    }

    /// @param kinds in words; `trouble`: how many tries have failed since one was taken
    public record Row(String id, String url, String kinds, Parts.Moment since, String by, Optional<Parts.Moment> lastAt,
            String answer, Parts.Badge state, String trouble) {}

    /// Prints without the secret, which is shown this once.
    public record Told(String text, boolean good, Optional<String> secret) {
        static Told good(String text, Optional<String> secret) {
            return new Told(Words.visible(text), true, secret);
        }

        static Told bad(String text) {
            return new Told(Words.visible(text), false, Optional.empty());
        }

        @Override
        public String toString() {
            return "Told(" + text + ")";
        }
    }

    static WebhooksPage of(JsonNode list, Shell shell, Optional<Told> told) {
        var rows = new ArrayList<Row>();
        list.path("webhooks").forEach(webhook -> rows.add(row(webhook, shell.at())));
        return new WebhooksPage(shell, rows, told);
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
                        + (stopped ? ", told nothing more: end it, and make it anew" : ", again later"));
    }
}
