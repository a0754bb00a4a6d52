package cambium.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.server.access.BuiltInRole;
import cambium.server.access.Permission;
import cambium.server.config.ServerConfig;
import cambium.server.fleet.json.FleetJson;
import cambium.server.http.Json;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Every route of the table that a server really has, asked by an account of every role. What they ask for is unknown
/// or incomplete, so that nothing happens where they are let in.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoleMatrixTest {
    private static final String ADMIN = "0123456789abcdef".repeat(3);

    private final Running running = new Running();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<BuiltInRole, String> tokens = new EnumMap<>(BuiltInRole.class);
    private Wiring.Started server;
    private Database database;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        var address = TestDatabase.freshAddress();
        var config = ServerConfig.parse(List.of("--data", temp.resolve("data").toString(), "--port", "0",
                "--roles", "web,upload,index", "--database-url", address.jdbcUrl().replace("jdbc:postgresql://",
                        "postgresql://" + address.user() + ":" + address.password() + "@")),
                Map.of("CAMBIUM_ADMIN_TOKEN", ADMIN));
        server = new Wiring(config, running).start();
        database = Database.open(address);
        for (var role : BuiltInRole.values()) {
            var name = "of-" + role.word();
            send(201, "/api/accounts", "{\"name\":\"" + name + "\",\"email\":\"" + name
                    + "@example.org\",\"roles\":[\"" + role.word() + "\"]}");
            tokens.put(role, Json.read(send(201, "/api/accounts/" + name + "/tokens", "{\"name\":\"t\"}")
                    .getBytes(StandardCharsets.UTF_8)).path("value").textValue());
        }
    }

    @AfterAll
    void stop() {
        client.close();
        database.close();
        running.close();
    }

    private String send(int status, String path, String body) throws Exception {
        var answer = client.send(HttpRequest.newBuilder(URI.create(server.http().uri() + path))
                .header("Authorization", "Bearer " + ADMIN).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        assertEquals(status, answer.statusCode(), answer.body());
        return answer.body();
    }

    private List<Route> guarded() {
        return server.routes().stream().filter(route -> route.permission() != Permission.NONE).toList();
    }

    /// How often each was denied something, as the log of the fleet tells it.
    private Map<String, Integer> recorded() {
        return database.read(sql -> sql.fetch("select body from fleet_event order by number")).stream()
                .map(row -> (FleetEvent.TryDenied) FleetJson.event(row.get("body", String.class)))
                .collect(Collectors.toMap(FleetEvent.TryDenied::by, FleetEvent.TryDenied::times, Integer::sum));
    }

    private record Said(int status, String body) {}

    private Said ask(BuiltInRole role, Route route) throws IOException, InterruptedException {
        var path = route.path().replace("[.json]", "").replaceAll("\\{[^}]*}", "x");
        var body = route.method() == Method.GET ? BodyPublishers.noBody() : BodyPublishers.ofString("{}");
        var answer = client.send(HttpRequest.newBuilder(URI.create(server.http().uri() + path))
                .header("Authorization", "Bearer " + tokens.get(role)).header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/json").method(route.method().name(), body).build(),
                BodyHandlers.ofInputStream());
        try (var in = answer.body()) {
            // A stream of events has no end.
            return new Said(answer.statusCode(), answer.statusCode() != 403 ? ""
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aRouteLetsInWhoeverHasItsPermissionAndNobodyElse() throws Exception {
        var asked = 0;
        var denied = new TreeMap<String, Integer>();
        for (var route : guarded()) {
            for (var role : BuiltInRole.values()) {
                var said = ask(role, route);
                var told = route.method() + " " + route.path() + " as " + role + ": " + said;
                // Whoever is let in may still be on the wrong side of the perimeter, of which the command is asked.
                var wrongSide = route.path().contains("fleet/")
                        && said.body().matches("(?s).*needs the permission (in|out)side_perimeter; who may: adm.*");
                assertEquals(role.may(route.permission()), said.status() != 403 || wrongSide, told);
                assertTrue(role.may(route.permission()) || said.body().contains("it needs the permission "
                        + route.permission().word() + "; who may: administrator"), told);
                asked++;
                if (said.status() == 403) {
                    denied.merge("of-" + role.word(), 1, Integer::sum);
                }
            }
        }
        assertTrue(asked > 400, "asked " + asked);
        // What stands in the log is what was denied, all of it (C-27), and nothing else.
        running.close();
        assertEquals(denied, new TreeMap<>(recorded()));
        assertFalse(denied.containsKey("of-administrator"));
        var apart = database.read(sql -> sql.fetchSingle("select count(*) from fleet_event").get(0, Long.class));
        assertTrue(apart < asked / 2, apart + " events: a flood of tries is told in sum");
    }

    @Test
    void theRowsOfTheDatabaseAreTheRolesOfTheProgram() {
        var rows = database.read(sql -> sql.fetch("select name, permissions from access_role")).stream().collect(
                Collectors.toMap(row -> row.get("name", String.class), row -> new TreeSet<>(Arrays.asList(
                        row.get("permissions", String[].class)))));
        // Whatever stands in the row of the administrator: he may do everything.
        assertEquals(new TreeSet<>(), rows.remove("administrator"));
        assertEquals(Stream.of(BuiltInRole.values()).filter(role -> role != BuiltInRole.ADMINISTRATOR)
                .collect(Collectors.toMap(BuiltInRole::word, role -> Stream.of(Permission.values())
                        .filter(permission -> permission != Permission.NONE && role.may(permission))
                        .map(Enum::name).collect(Collectors.toCollection(TreeSet::new)))), rows);
    }

    @Test
    void theDocumentTellsThePermissionsOfRolesAndRoutes() throws IOException {
        var text = Files.readString(Path.of("..", "docs", "ROLES.md"));
        assertEquals(permissions() + routes(), between(text, "permissions") + between(text, "routes"));
    }

    private static String between(String text, String name) {
        var begin = "<!-- " + name + " -->\n";
        return text.substring(text.indexOf(begin) + begin.length(), text.indexOf("<!-- end of " + name + " -->"));
    }

    private static String permissions() {
        var lines = new ArrayList<String>();
        lines.add("| permission | " + Stream.of(BuiltInRole.values()).map(BuiltInRole::word)
                .collect(Collectors.joining(" | ")) + " |");
        lines.add("|---" + "|---".repeat(BuiltInRole.values().length) + "|");
        for (var permission : Permission.values()) {
            // Nobody is given what only a cell's own token holds.
            if (permission != Permission.NONE && permission != Permission.REPORT_CELL) {
                lines.add("| `" + permission.word() + "` | " + Stream.of(BuiltInRole.values())
                        .map(role -> role.may(permission) ? "yes" : "no").collect(Collectors.joining(" | ")) + " |");
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private String routes() {
        var byPermission = new TreeMap<Permission, TreeSet<String>>();
        guarded().forEach(route -> byPermission.computeIfAbsent(route.permission(), _ -> new TreeSet<>())
                .add("`" + route.method() + " " + route.path() + "`"));
        return byPermission.entrySet().stream().map(entry -> "**`" + entry.getKey().word() + "`**: "
                + String.join(", ", entry.getValue()) + "\n").collect(Collectors.joining("\n"));
    }
}
