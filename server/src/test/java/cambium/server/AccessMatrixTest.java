package cambium.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.ServerConfig;
import cambium.server.http.Json;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.repository.TestDeb;
import cambium.server.testing.Eventually;
import cambium.server.testing.SpareSigningKeys;
import cambium.server.testing.TestDatabase;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Every route about a repository, of the table that a server really has, asked with every kind of credential: to
/// whoever has no right, a private repository answers like a missing one, in status, headers and body.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTest {
    private static final String ADMIN = "0123456789abcdef".repeat(3);
    private static final String MASTER_KEY = "cd".repeat(32);
    private static final String PASSWORD = "a-canary-among-passwords";
    private static final String OPEN = "opened";
    private static final String PRIVATE = "secret";
    private static final String MISSING = "absent";
    private static final String OTHER = "others";
    /// What parameters of routes are filled with; a name that is not here becomes `x`.
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("owner", List.of("acme")), Map.entry("os", List.of("debian")),
            Map.entry("distro", List.of("debian")), Map.entry("distribution", List.of("debian")),
            Map.entry("codename", List.of("bookworm")), Map.entry("version", List.of("bookworm")),
            Map.entry("ring", List.of("0")), Map.entry("name", List.of("hello")), Map.entry("arch", List.of("amd64")),
            Map.entry("packageVersion", List.of("1")), Map.entry("type", List.of("deb")),
            Map.entry("filename", List.of("hello_1_amd64.deb")), Map.entry("master", List.of("{own}")),
            Map.entry("interval", List.of("daily")), Map.entry("path", List.of("dists/bookworm/InRelease",
                    "dists/bookworm/main/binary-amd64/Packages", "pool/bookworm/main/h/hello/hello_1_amd64.deb")),
            Map.entry("file", List.of("hello_1_amd64.deb", "InRelease", "main/binary-amd64/Packages",
                    "main/h/hello/hello_1_amd64.deb")));

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Running running = new Running();
    private final Map<String, HttpClient> clients = new LinkedHashMap<>();
    private int asked;
    private Wiring.Started server;
    private Map<String, String> credentials;
    private String masterToken;
    private String openMasterToken;
    private String readToken;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        log.start();
        var ours = (Logger) LoggerFactory.getLogger("cambium");
        ours.setLevel(Level.TRACE);
        ours.setAdditive(false);
        ours.addAppender(log);
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(log);
        var address = TestDatabase.freshAddress();
        SpareSigningKeys.give(address, temp.resolve("keys"), MASTER_KEY, 6);
        var config = ServerConfig.parse(List.of("--data", temp.resolve("data").toString(), "--port", "0",
                "--roles", "web,upload,index", "--database-url", address.jdbcUrl().replace("jdbc:postgresql://",
                        "postgresql://" + address.user() + ":" + address.password() + "@")),
                Map.of("CAMBIUM_ADMIN_TOKEN", ADMIN, "CAMBIUM_MASTER_KEY", MASTER_KEY));
        server = new Wiring(config, running).start();
        create(OPEN, false);
        create(PRIVATE, true);
        create(OTHER, true);
        push(OPEN);
        push(PRIVATE);
        masterToken = masterToken(PRIVATE);
        openMasterToken = masterToken(OPEN);
        readToken = readToken(PRIVATE, masterToken);
        credentials = new LinkedHashMap<>();
        credentials.put("anonymous", "");
        credentials.put("wrong", basic("f".repeat(48)));
        credentials.put("malformed", "Basic %%%");
        credentials.put("foreign read token", basic(readToken(OTHER, masterToken(OTHER))));
        credentials.put("foreign master token", basic(masterToken(OTHER)));
        credentials.put("account without right", basic(tokenWithoutRight()));
        credentials.put("read token", basic(readToken));
        credentials.put("master token", basic(masterToken));
        credentials.put("API token", basic(ADMIN));
    }

    /// What was logged, at the finest level, while every secret was used in every way must hold none of them.
    @AfterAll
    void stop() throws Exception {
        var metrics = client().send(HttpRequest.newBuilder(URI.create(server.http().uri() + "/metrics")).build(),
                BodyHandlers.ofString()).body();
        clients.values().forEach(HttpClient::close);
        running.close();
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(log);
        var ours = (Logger) LoggerFactory.getLogger("cambium");
        ours.detachAppender(log);
        ours.setAdditive(true);
        ours.setLevel(null);
        var secrets = new ArrayList<>(List.of(ADMIN, MASTER_KEY, PASSWORD, masterToken, openMasterToken, readToken));
        credentials.values().stream().filter(text -> text.length() > 20).map(text -> text.substring(6))
                .forEach(basic -> secrets.addAll(List.of(basic,
                        new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8).replace(":", ""))));
        assertTrue(log.list.size() > 1000, "logged " + log.list.size());
        for (var event : List.copyOf(log.list)) {
            var text = event.getFormattedMessage() + event.getMDCPropertyMap() + (event.getThrowableProxy() == null ? ""
                    : ThrowableProxyUtil.asString(event.getThrowableProxy()));
            assertTrue(secrets.stream().noneMatch(text::contains), text);
        }
        assertTrue(secrets.stream().noneMatch(metrics::contains), metrics);
    }

    @Test
    void aRevokedTokenThatIsRememberedIsRefusedSoon() throws Exception {
        var reads = "/api/v1/repos/acme/" + OTHER + "/master_tokens/" + masterToken(OTHER) + "/read_tokens";
        var token = Json.read(form(201, reads, "read_token[name]=short").getBytes(StandardCharsets.UTF_8))
                .path("value").textValue();
        var request = HttpRequest.newBuilder(URI.create(server.http().uri() + "/priv/" + token + "/acme/" + OTHER
                + "/gpgkey")).build();
        assertEquals(200, client().send(request, BodyHandlers.discarding()).statusCode());
        send(204, "DELETE", reads + "/" + token, "text/plain", new byte[0]);
        Eventually.holds("the token is refused", () -> {
            try {
                return client().send(request, BodyHandlers.discarding()).statusCode() == 401;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void passwordsAreUsedToo() throws Exception {
        form(201, "/api/accounts", "name=vera&email=v@example.org&password=" + PASSWORD + "&roles=read-only");
        for (var password : List.of(PASSWORD, PASSWORD + "x")) {
            var pair = Base64.getEncoder().encodeToString(("v@example.org:" + password).getBytes());
            var asked = client().send(HttpRequest.newBuilder(URI.create(server.http().uri() + "/api/v1/token.json"))
                    .header("Authorization", "Basic " + pair).build(), BodyHandlers.ofString());
            assertEquals(password.equals(PASSWORD) ? 200 : 401, asked.statusCode());
            var signedIn = client().send(HttpRequest.newBuilder(URI.create(server.http().uri() + "/sign-in"))
                    .header("Sec-Fetch-Site", "same-origin").header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("email=v%40example.org&password=" + password)).build(),
                    BodyHandlers.ofString());
            assertEquals(password.equals(PASSWORD) ? 303 : 401, signedIn.statusCode());
        }
    }

    private record Place(Route route, String path) {

        boolean isPrivatePath() {
            return path.startsWith("/priv/");
        }
    }

    /// A missing repository is asked about the private one's master token.
    private String at(Place place, String repository) {
        var path = place.path().replace("{repo}", repository)
                .replace("{own}", repository.equals(OPEN) ? openMasterToken : masterToken);
        return !path.startsWith("/install/") ? path
                : path + (path.matches(".*[./_](repo|rpm_.*)") ? "?os=el&dist=9" : "?os=debian&dist=12") + "&name=h";
    }

    /// All addresses that the table has below a repository; `{repo}` is left to be filled in.
    private List<Place> places() {
        var places = new ArrayList<Place>();
        for (var route : server.routes()) {
            if (route.path().contains("{owner}/{repo}")) {
                for (var path : filled(route.path().replace("[.json]", ""))) {
                    places.add(new Place(route, path));
                }
            }
        }
        return places;
    }

    private static List<String> filled(String path) {
        var found = Pattern.compile("\\{(?!repo}|token}|own})([A-Za-z0-9]+)(?:\\.\\.\\.)?}").matcher(path);
        if (!found.find()) {
            return List.of(path);
        }
        return VALUES.getOrDefault(found.group(1), List.of("x")).stream()
                .map(value -> path.substring(0, found.start()) + value + path.substring(found.end()))
                .flatMap(more -> filled(more).stream()).toList();
    }

    /// Files of package managers are what has a private path, too, and what the Maven wagon reads.
    private boolean isClientFile(Route route) {
        return route.path().startsWith("/api/v1/repos/{owner}/{repo}/artifacts") || server.routes().stream()
                .anyMatch(other -> other.path().equals("/priv/{token}" + route.path()));
    }

    private boolean hasRight(String who, Place place) {
        return switch (who) {
            case "API token" -> true;
            case "read token" -> place.isPrivatePath() || isClientFile(place.route());
            case "master token" -> place.path().startsWith("/install/");
            default -> false;
        };
    }

    @Test
    void whoeverHasNoRightSeesNoDifferenceBetweenPrivateAndMissing() throws Exception {
        int compared = 0;
        for (var place : places()) {
            for (var who : credentials.keySet()) {
                if (hasRight(who, place)) {
                    continue;
                }
                for (var method : place.route().method() == Method.GET ? List.of("GET", "HEAD")
                        : List.of(place.route().method().name())) {
                    for (var extra : List.of(List.<String>of(), List.of("Range", "bytes=0-3", "If-None-Match", "*"),
                            List.of("Accept", "text/html"))) {
                        var hidden = ask(method, at(place, PRIVATE), who, extra);
                        var missing = ask(method, at(place, MISSING), who, extra);
                        assertEquals(shown(missing, MISSING), shown(hidden, PRIVATE),
                                method + " " + place.path() + " as " + who);
                        assertTrue(hidden.statusCode() >= 300 && !hidden.body().contains(PRIVATE)
                                || place.path().startsWith("/install/"), place.path() + " " + hidden.statusCode());
                        compared++;
                    }
                }
            }
        }
        assertTrue(compared > 3000, "compared " + compared);
    }

    @Test
    void whoeverHasTheRightIsAnsweredAsForAPublicRepository() throws Exception {
        int successes = 0;
        for (var place : places()) {
            if (place.route().method() != Method.GET) {
                continue;
            }
            for (var who : List.of("API token", "read token", "master token")) {
                if (hasRight(who, place)) {
                    var open = ask("GET", at(place, OPEN), "API token", List.of());
                    var own = ask("GET", at(place, PRIVATE), who, List.of());
                    assertEquals(open.statusCode(), own.statusCode(), place.path() + " as " + who);
                    assertNotEquals(401, own.statusCode(), place.path());
                    successes += own.statusCode() < 400 ? 1 : 0;
                }
            }
        }
        assertTrue(successes > 20, "answered " + successes);
    }

    @Test
    void anyoneReadsFilesOfAPublicRepositoryWhateverTheySend() throws Exception {
        for (var place : places()) {
            if (place.route().method() == Method.GET && isClientFile(place.route())) {
                var expected = ask("GET", at(place, OPEN), "API token", List.of()).statusCode();
                for (var who : credentials.keySet()) {
                    assertEquals(expected, ask("GET", at(place, OPEN), who, List.of()).statusCode(),
                            place.path() + " as " + who);
                }
            }
        }
    }

    private String shown(Answered answer, String repository) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        headers.remove("x-request-id");
        // Request ids have no fixed length.
        headers.remove("content-length");
        // Whether the body of a request had come in whole when it was refused.
        headers.remove("connection");
        var text = answer.statusCode() + " " + headers + "\n" + answer.body();
        return text.replace(repository, "NAME").replaceAll("data-at=\"[^\"]*\"", "")
                .replace(answer.headers().firstValue("X-Request-Id").orElseThrow(), "");
    }

    /// Each client address may send some wrong tokens only, so addresses take turns.
    private Answered ask(String method, String path, String who, List<String> extra)
            throws IOException, InterruptedException {
        var authorization = credentials.get(who);
        var token = authorization.startsWith("Basic ") && !authorization.contains("%")
                ? new String(Base64.getDecoder().decode(authorization.substring(6))).replace(":", "") : "x";
        var request = HttpRequest.newBuilder(URI.create(server.http().uri() + path.replace("{token}", token)))
                .method(method, method.equals("POST") || method.equals("PUT")
                        ? BodyPublishers.ofString("name=x") : BodyPublishers.noBody());
        if (!authorization.isEmpty() && !path.startsWith("/priv/")) {
            request.header("Authorization", authorization);
        }
        if (!extra.isEmpty()) {
            request.headers(extra.toArray(String[]::new));
        }
        var answer = client().send(request.build(), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            // A stream of events has no end.
            var endless = answer.headers().firstValue("Content-Type").filter("text/event-stream"::equals).isPresent();
            return new Answered(answer.statusCode(), answer.headers(),
                    endless ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private record Answered(int statusCode, HttpHeaders headers, String body) {}

    private HttpClient client() throws IOException {
        var number = asked++ / 20 % 250 + asked / 5000 * 250;
        var address = "127.7." + number / 250 + "." + (1 + number % 250);
        var there = clients.get(address);
        if (there == null) {
            there = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                    .localAddress(InetAddress.getByName(address)).build();
            if (clients.size() > 3) {
                clients.remove(clients.keySet().iterator().next()).close();
            }
            clients.put(address, there);
        }
        return there;
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":").getBytes(StandardCharsets.UTF_8));
    }

    private String send(int status, String method, String path, String type, byte[] body) throws Exception {
        var answer = client().send(HttpRequest.newBuilder(URI.create(server.http().uri() + path))
                .header("Authorization", basic(ADMIN)).header("Content-Type", type)
                .method(method, BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
        assertEquals(status, answer.statusCode(), path + " " + answer.body());
        return answer.body();
    }

    private String form(int status, String path, String body) throws Exception {
        return send(status, "POST", path, "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.UTF_8));
    }

    private void create(String name, boolean isPrivate) throws Exception {
        form(201, "/api/v1/repos", "repository[name]=acme/" + name + "&repository[private]=" + (isPrivate ? 1 : 0));
    }

    private void push(String name) throws Exception {
        var head = "--b\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n\r\n215\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"package[package_file]\"; filename=\"x\"\r\n\r\n";
        var body = new ByteArrayOutputStream();
        body.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(TestDeb.of("hello", "1", "amd64"));
        body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        send(201, "POST", "/api/v1/repos/acme/" + name + "/packages.json", "multipart/form-data; boundary=b",
                body.toByteArray());
        Eventually.holds("the index is there", () -> {
            try {
                return client().send(HttpRequest.newBuilder(URI.create(server.http().uri() + "/acme/" + name
                        + "/debian/dists/bookworm/InRelease")).header("Authorization", basic(ADMIN)).build(),
                        BodyHandlers.discarding()).statusCode() == 200;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String masterToken(String name) throws Exception {
        return Json.read(send(200, "GET", "/api/v1/repos/acme/" + name + "/master_tokens", "text/plain", new byte[0])
                .getBytes(StandardCharsets.UTF_8)).get(0).path("value").textValue();
    }

    private String readToken(String name, String master) throws Exception {
        return Json.read(form(201, "/api/v1/repos/acme/" + name + "/master_tokens/" + master + "/read_tokens",
                "read_token[name]=h").getBytes(StandardCharsets.UTF_8)).path("value").textValue();
    }

    private String tokenWithoutRight() throws Exception {
        form(201, "/api/accounts", "name=norma&email=n@example.org");
        return Json.read(form(201, "/api/accounts/norma/tokens", "name=ci").getBytes(StandardCharsets.UTF_8))
                .path("value").textValue();
    }
}
