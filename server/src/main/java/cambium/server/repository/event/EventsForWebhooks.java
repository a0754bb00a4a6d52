package cambium.server.repository.event;

import cambium.server.http.Json;
import cambium.server.sql.Database;
import cambium.server.webhook.EventLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jooq.Record;

/// The log of a repository, as its webhooks are told of it.
public final class EventsForWebhooks implements EventLog {
    private final Database database;

    public EventsForWebhooks(Database database) {
        this.database = database;
    }

    @Override
    public String nextNumber() {
        return "(select coalesce(max(number), 0) + 1 from repository_event)";
    }

    @Override
    public String mine() {
        return "w.repository_id is not null";
    }

    @Override
    public String due() {
        return "exists (select from repository_event e where e.repository_id = w.repository_id "
            + "and e.number >= w.next_number)";
    }

    /// All kinds, as nobody can ask for some.
    @Override
    public Told told(Owner owner, Part part) {
        long repository = owner.repository().orElseThrow();
        return database.read(sql -> {
            var name = sql.fetchSingle("select owner || '/' || name as name from repository where id = ?", repository)
                .get("name", String.class);
            List<Record> events = List.copyOf(sql.fetch("""
                select number, at, actor, kind, subject, before::text as before, after::text as after
                from repository_event where repository_id = ? and number between ? and ? order by number limit ?""",
                repository, part.first(), part.last(), part.limit()));
            return new Told(Map.of("repository", name), events.stream().map(EventsForWebhooks::json).toList(),
                () -> events.stream().map(event -> line(event, name)).toList(),
                events.isEmpty() ? part.first() - 1 : events.getLast().get("number", Long.class));
        });
    }

    /// `Package indexed: debian/bookworm/hello_1.0_amd64.deb`.
    private static Line line(Record event, String repository) {
        String kind = event.get("kind", String.class).replace('_', ' ');
        return new Line(event.get("at", Instant.class), kind.substring(0, 1).toUpperCase(Locale.ROOT)
            + kind.substring(1) + ": " + event.get("subject", String.class),
            Optional.of(event.get("actor", String.class)), Optional.empty(), Optional.empty(), "/" + repository);
    }

    private static Map<String, Object> json(Record event) {
        var json = new LinkedHashMap<String, Object>();
        json.put("number", event.get("number", Long.class));
        json.put("at", event.get("at", Instant.class).toString());
        json.put("actor", event.get("actor", String.class));
        json.put("kind", event.get("kind", String.class));
        json.put("subject", event.get("subject", String.class));
        json.put("before", read(event.get("before", String.class)));
        json.put("after", read(event.get("after", String.class)));
        return json;
    }

    private static Object read(String json) {
        return json == null ? null : Json.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
