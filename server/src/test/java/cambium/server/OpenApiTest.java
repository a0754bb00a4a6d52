package cambium.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.ServerConfig;
import cambium.server.http.Route;
import cambium.server.testing.AnsweredRoutes;
import cambium.server.testing.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Holds the description that a server gives of itself against the table of routes that it really has.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z0-9]+)}");

    private final Running running = new Running();
    private List<Route> routes;
    private HttpResponse<String> served;
    private int servedAgain;
    private Map<String, Object> description;

    @BeforeAll
    void read(@TempDir Path temp) throws Exception {
        var address = TestDatabase.freshAddress();
        var config = ServerConfig.parse(List.of("--data", temp.resolve("data").toString(), "--port", "0",
                "--roles", "web,upload", "--database-url", address.jdbcUrl().replace("jdbc:postgresql://",
                        "postgresql://" + address.user() + ":" + address.password() + "@")), Map.of());
        var server = new Wiring(config, running).start();
        routes = server.routes();
        var uri = URI.create(server.http().uri() + "/api/openapi.yaml");
        try (var client = HttpClient.newHttpClient()) {
            served = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            servedAgain = client.send(HttpRequest.newBuilder(uri).header("If-None-Match",
                    served.headers().firstValue("ETag").orElseThrow()).build(), BodyHandlers.ofString()).statusCode();
        }
        description = map(new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
                .loadFromString(served.body()));
    }

    @AfterAll
    void stop() throws Exception {
        running.close();
    }

    @Test
    void isServedToAnyoneAndKeptByWhoeverHasIt() {
        assertEquals(200, served.statusCode());
        assertEquals("application/yaml", served.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(served.headers().firstValue("Cache-Control").orElseThrow().startsWith("public, max-age="));
        assertEquals(304, servedAgain);
        AnsweredRoutes.note("GET", "/api/openapi.yaml", served.statusCode());
    }

    @Test
    void isAnOpenApiDocumentOfShortLines() {
        assertEquals("3.1.0", description.get("openapi"));
        assertTrue(map(description.get("info")).keySet().containsAll(Set.of("title", "version")));
        // A path is one key, however long.
        assertEquals(List.of(), served.body().lines().filter(line -> line.length() > 120)
                .filter(line -> !line.matches(" {2}/\\S+:")).toList());
    }

    /// Pages of the browser are left out; everything else is described with its permission, and nothing besides.
    @Test
    void describesEveryRouteWithItsPermissionAndNothingElse() {
        var expected = new TreeMap<String, String>();
        for (var route : routes) {
            if (!isPage(route)) {
                expected.put(route.method() + " " + AnsweredRoutes.described(route.path()),
                        route.permission().name().toLowerCase(Locale.ROOT));
            }
        }
        var told = new TreeMap<String, String>();
        operations().forEach((name, operation) -> told.put(name, String.valueOf(operation.get("x-permission"))));
        assertEquals(lines(expected), lines(told));
        assertTrue(told.size() > 130, "described " + told.size());
    }

    private static boolean isPage(Route route) {
        return route.handler().getClass().getPackageName().equals("cambium.server.pages");
    }

    @Test
    void saysOfEachOperationWhatItDoesAndWhatItAnswers() {
        var tags = list(description.get("tags")).stream().map(tag -> map(tag).get("name"))
                .collect(Collectors.toSet());
        operations().forEach((name, operation) -> {
            assertTrue(operation.get("summary") instanceof String text && text.length() > 5, name);
            assertTrue(tags.containsAll(list(operation.get("tags"))), name + " has a tag that is not declared");
            var answers = map(operation.get("responses"));
            assertTrue(answers.keySet().stream().allMatch(status -> status.toString().matches("[2-5][0-9]{2}"))
                    && (neverFinds(name) || answers.keySet().stream().anyMatch(status ->
                            status.toString().matches("[23][0-9]{2}"))), name);
        });
    }

    /// Where packagecloud has what is not kept here: licences, and families of packages.
    private static boolean neverFinds(String operation) {
        return operation.contains("{repo}/gems/") || operation.contains("/licenses/")
                || operation.endsWith("{repo}/java/maven2/{group}/{filename}/promote");
    }

    @Test
    void namesTheParametersThatStandInThePath() {
        map(description.get("paths")).forEach((path, item) -> {
            var expected = new TreeSet<String>();
            PARAMETER.matcher(path.toString()).results().forEach(found -> expected.add(found.group(1)));
            var told = new TreeSet<String>();
            for (var given : list(map(item).getOrDefault("parameters", List.of()))) {
                var parameter = map(given).containsKey("$ref") ? map(target(map(given).get("$ref"))) : map(given);
                assertEquals("path", parameter.get("in"), path.toString());
                assertEquals(true, parameter.get("required"), path.toString());
                told.add(parameter.get("name").toString());
            }
            assertEquals(expected, told, path.toString());
        });
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
        var references = new TreeSet<String>();
        collect(description, references);
        references.forEach(this::target);
        var components = new TreeSet<String>();
        map(description.get("components")).forEach((kind, named) -> map(named).keySet()
                .forEach(name -> components.add("#/components/" + kind + "/" + name)));
        components.removeIf(name -> name.contains("/securitySchemes/"));
        components.removeAll(references);
        assertEquals(Set.of(), components);
        assertTrue(references.size() > 50, "references: " + references.size());
    }

    private void collect(Object node, Set<String> references) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key.equals("$ref")) {
                    references.add(value.toString());
                } else {
                    collect(value, references);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(each -> collect(each, references));
        }
    }

    private Object target(Object reference) {
        Object at = description;
        for (var step : reference.toString().substring(2).split("/")) {
            at = map(at).get(step);
            assertTrue(at != null, reference + " leads nowhere");
        }
        return at;
    }

    private Map<String, Map<String, Object>> operations() {
        var operations = new LinkedHashMap<String, Map<String, Object>>();
        map(description.get("paths")).forEach((path, item) -> map(item).forEach((key, operation) -> {
            if (METHODS.contains(key.toString())) {
                operations.put(key.toString().toUpperCase(Locale.ROOT) + " " + path, map(operation));
            }
        }));
        return operations;
    }

    private static String lines(Map<String, String> operations) {
        var lines = new ArrayList<String>();
        operations.forEach((name, permission) -> lines.add(name + " " + permission));
        return String.join("\n", lines);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object node) {
        return (List<Object>) node;
    }
}
