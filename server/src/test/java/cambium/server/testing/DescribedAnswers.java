package cambium.server.testing;

import cambium.server.http.Json;
import cambium.server.http.Route;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Holds every answer that a test gets against the description that the server gives of itself: the status must be
/// described for that operation, and a JSON body must have exactly the described form, with no field besides. What was
/// asked is held against it too, where it was answered well ([DescribedRequests]).
final class DescribedAnswers {
    /// Every operation may answer these, says the description; and a GET what a condition or a range asks for.
    private static final Set<Integer> ALWAYS = Set.of(400, 405, 413, 414, 415, 417, 421, 429, 431, 500, 503, 507);
    private static final Set<Integer> OF_READING = Set.of(206, 304, 416);
    private static final Map<String, Object> DESCRIPTION = read();
    private static final JsonForm FORM = new JsonForm(DESCRIPTION);
    private static final DescribedRequests REQUESTS = new DescribedRequests(FORM);
    private static final int REFUSED = 400;

    private final List<Template> templates;

    /// `description`: the path as the description has it. Literals go before parameters, as in the server's own table.
    private record Template(String method, String description, Pattern pattern, String rank) {}

    DescribedAnswers(List<Route> routes) {
        this.templates = routes.stream().flatMap(route -> Arrays.stream(new String[] {"", ".json"})
            .filter(end -> end.isEmpty() || route.path().endsWith("[.json]"))
            .map(end -> template(route, end))).sorted(Comparator.comparing(Template::rank)).toList();
    }

    private static Template template(Route route, String end) {
        String plain = route.path().replace("[.json]", "");
        var pattern = new StringBuilder();
        var rank = new StringBuilder();
        for (String segment : (plain + end).substring(1).split("/")) {
            boolean isLast = segment.endsWith("...}");
            rank.append(isLast ? '3' : segment.startsWith("{") ? segment.endsWith("}") ? '2' : '1' : '0');
            String tail = segment.startsWith("{") ? segment.substring(segment.indexOf('}') + 1) : segment;
            pattern.append("/+").append(isLast ? ".+" : (segment.startsWith("{") ? "[^/]+" : "") + Pattern.quote(tail));
        }
        return new Template(route.method().name(), plain.replace("...}", "}"),
            Pattern.compile(pattern + "/*"), rank.toString());
    }

    /// Fails the test whose request was answered otherwise than described.
    void check(HttpResponse<String> answer) {
        String asked = answer.request().method();
        String method = asked.equals("HEAD") ? "GET" : asked;
        String path = answer.request().uri().getRawPath();
        templates.stream().filter(template -> template.method().equals(method)
            && template.pattern().matcher(path).matches()).findFirst()
            .flatMap(template -> operation(template).map(described -> Map.entry(template, described)))
            .ifPresent(found -> check(found.getKey(), found.getValue(), answer, asked));
    }

    private static Optional<Map<String, Object>> operation(Template template) {
        return Optional.ofNullable(map(DESCRIPTION.get("paths")).get(template.description()))
            .map(item -> map(item).get(template.method().toLowerCase(Locale.ROOT))).map(DescribedAnswers::map);
    }

    private void check(Template template, Map<String, Object> operation, HttpResponse<String> answer, String asked) {
        int status = answer.statusCode();
        String name = template.method() + " " + template.description();
        Object response = map(operation.get("responses")).get(Integer.toString(status));
        boolean isReading = template.method().equals("GET") && OF_READING.contains(status);
        if (response == null && !ALWAYS.contains(status) && !isReading) {
            throw new AssertionError(name + " answered " + status + ", which is not described: " + answer.body());
        }
        if (status < REFUSED) {
            Map<String, Object> path = map(map(DESCRIPTION.get("paths")).get(template.description()));
            REQUESTS.problem(path, operation, answer.request()).ifPresent(problem -> {
                throw new AssertionError("a test asked " + name + " otherwise than described: " + problem + " in "
                    + answer.request().uri());
            });
        }
        boolean isJson = answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
        if (response == null || !isJson || asked.equals("HEAD") || answer.body().isEmpty()) {
            return;
        }
        Object media = map(FORM.target(response).getOrDefault("content", Map.of())).get("application/json");
        if (media == null) {
            throw new AssertionError(name + " " + status + " is described without a JSON body: " + answer.body());
        }
        JsonNode body = Json.read(answer.body().getBytes());
        FORM.problem(map(media).get("schema"), body, "").ifPresent(problem -> {
            throw new AssertionError(name + " " + status + " is not as described: " + problem + " in "
                + answer.body());
        });
    }

    private static Map<String, Object> read() {
        try (InputStream in = Route.class.getResourceAsStream("/cambium/server/openapi.yaml")) {
            return new LinkedHashMap<>(map(new Load(LoadSettings.builder().build()).loadFromInputStream(in)));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }
}
