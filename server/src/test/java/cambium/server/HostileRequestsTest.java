package cambium.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.ServerConfig;
import cambium.server.http.Method;
import cambium.server.repository.TestDeb;
import cambium.server.testing.Eventually;
import cambium.server.testing.RawConnection;
import cambium.server.testing.SpareSigningKeys;
import cambium.server.testing.TestDatabase;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Kinds of attack that other package servers and deployers fell to, on the table of routes that a server really has,
/// with the administrator's token, so that it is not the missing right that saves it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestsTest {
    private static final String ADMIN = "0123456789abcdef".repeat(3);
    private static final String MASTER_KEY = "ce".repeat(32);
    private static final String BASE_URL = "http://packages.example";
    private static final Set<Integer> REFUSED = Set.of(400, 401, 403, 404, 405, 415, 421, 422);
    private static final Pattern PARAMETER = Pattern.compile("\\{[A-Za-z0-9]+(\\.\\.\\.)?}(?!.*\\{)");
    private static final List<String> CANARIES = List.of("$(touch ../canary)", "${jndi:ldap://127.0.0.1/x}",
            "`touch ../canary`", "#{7*7}", "{{7*7}}", "@/etc/passwd", "file:///etc/passwd", "-rf");

    private static final Pattern FILENAME = Pattern.compile("\"filename\":\"([^\"]*)\"");
    /// Each route is asked with one way of so many.
    private static final int SHARE = 17;

    private final Running running = new Running();
    private Path temp;
    private Wiring.Started server;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        temp = folder;
        Files.writeString(temp.resolve("canary.txt"), "outside the data");
        var address = TestDatabase.freshAddress();
        SpareSigningKeys.give(address, temp.resolve("keys"), MASTER_KEY, 3);
        var config = ServerConfig.parse(List.of("--data", temp.resolve("data").toString(), "--port", "0",
                "--roles", "web,upload,index", "--base-url", BASE_URL,
                "--database-url", address.jdbcUrl().replace("jdbc:postgresql://",
                        "postgresql://" + address.user() + ":" + address.password() + "@")),
                Map.of("CAMBIUM_ADMIN_TOKEN", ADMIN, "CAMBIUM_MASTER_KEY", MASTER_KEY));
        server = new Wiring(config, running).start();
        assertEquals(201, form("/api/v1/repos", "repository[name]=acme/tools").status());
        assertEquals(201, push("hello_1_amd64.deb", "215", new String(TestDeb.of("hello", "1", "amd64"),
                StandardCharsets.ISO_8859_1)).status());
        Eventually.holds("the index is there", () -> {
            try {
                return get("/acme/tools/debian/dists/bookworm/InRelease", "").status() == 200;
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private record Answer(int status, String head, String body) {
        static Answer of(String whole) {
            int end = whole.indexOf("\r\n\r\n");
            assertTrue(end > 0, "no answer: " + whole);
            return new Answer(Integer.parseInt(whole.substring(9, 12)), whole.substring(0, end),
                    whole.substring(end + 4));
        }

        String header(String name) {
            return head.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
        }
    }

    private Answer ask(String method, String target, String host, String headers, String body) throws IOException {
        try (var connection = RawConnection.to(server.http().uri().getPort())) {
            connection.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                    + "Authorization: Basic " + Base64.getEncoder().encodeToString((ADMIN + ":").getBytes()) + "\r\n"
                    + headers + (method.equals("GET") ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n"
                    + body);
            return Answer.of(connection.readToEnd());
        }
    }

    private Answer get(String target, String headers) throws IOException {
        return ask("GET", target, "packages.example", headers, "");
    }

    private Answer form(String target, String body) throws IOException {
        return ask("POST", target, "packages.example", "Content-Type: application/x-www-form-urlencoded\r\n", body);
    }

    private Answer json(String target, String body) throws IOException {
        return ask("POST", target, "packages.example", "Content-Type: application/json\r\n", body);
    }

    private Answer push(String fileName, String suite, String content) throws IOException {
        return ask("POST", "/api/v1/repos/acme/tools/packages.json", "packages.example",
                "Content-Type: multipart/form-data; boundary=b\r\n",
                "--b\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n\r\n" + suite
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"package[package_file]\"; filename=\""
                        + fileName + "\"\r\n\r\n" + content + "\r\n--b--\r\n");
    }

    /// Ways up, each in every spelling of dots and slashes that some decoder somewhere takes for them.
    private static List<String> waysUp() {
        var all = new ArrayList<String>();
        for (var dot : List.of(".", "%2e", "%2E", "%252e", "%c0%ae", "%e0%80%ae", "%u002e", ".%00")) {
            for (var slash : List.of("/", "%2f", "%2F", "%252f", "\\", "%5c", "%255c", "%c0%af", "/./", ";/", "%00/")) {
                for (int steps : List.of(1, 3, 8)) {
                    for (var goal : List.of("canary.txt", "etc/passwd")) {
                        all.add((dot + dot + slash).repeat(steps) + goal);
                    }
                }
            }
        }
        return all;
    }

    /// Each route meets a share of the ways, and each way is met by many routes.
    @Test
    void noWayUpLeadsOutOfARouteInAnySpelling() throws IOException {
        var before = outside();
        var ways = waysUp();
        assertTrue(new HashSet<>(ways).size() >= 500, "ways " + ways.size());
        int shift = 0;
        int asked = 0;
        for (var route : server.routes()) {
            var parameter = PARAMETER.matcher(route.path());
            if (!parameter.find()) {
                continue;
            }
            var head = route.path().substring(0, parameter.start()).replace("{owner}", "acme")
                    .replace("{repo}", "tools").replace("{user}", "acme").replaceAll("\\{[A-Za-z0-9]+}", "debian");
            var tail = route.path().substring(parameter.end()).replace("[.json]", "");
            for (int i = shift++ % SHARE; i < ways.size(); i += SHARE) {
                var method = route.method().name();
                var target = head + ways.get(i) + tail;
                var answer = ask(method, target, "packages.example", "", route.method() == Method.GET ? "" : "a=b");
                assertTrue(REFUSED.contains(answer.status()), method + " " + target + " " + answer.head());
                assertFalse(answer.body().contains("outside the data") || answer.body().contains("root:"), target);
                asked++;
            }
        }
        assertTrue(asked > 1000, "asked " + asked);
        assertEquals(before, outside());
    }

    /// Of a file of any kind the name counts, without the folders before it; for the others it comes from the bytes.
    @Test
    void noWayUpLeadsOutOfTheNameOfAPushedFile() throws IOException {
        var before = outside();
        for (var way : waysUp()) {
            for (var suite : List.of("215", "230")) {
                var answer = push(way, suite, "neither a deb nor a name");
                var kept = FILENAME.matcher(answer.body()).results().map(found -> found.group(1)).findFirst();
                assertTrue(REFUSED.contains(answer.status()) || answer.status() == 201
                        && Set.of("canary.txt", "passwd").contains(kept.orElseThrow()), way + " " + answer.head());
            }
        }
        assertEquals(before, outside());
        var kept = FILENAME.matcher(get("/api/v1/repos/acme/tools/packages.json", "").body()).results()
                .map(found -> found.group(1)).sorted().toList();
        assertEquals(List.of("canary.txt", "hello_1_amd64.deb", "passwd"), kept);
    }

    /// Everything that stands beside the data folder, and what in it has a name that no blob has.
    private Set<String> outside() throws IOException {
        try (var files = Files.walk(temp)) {
            return new TreeSet<>(files.map(file -> temp.relativize(file).toString())
                    .filter(name -> !name.startsWith("data") || name.contains("canary") || name.contains("passwd"))
                    .toList());
        }
    }

    @Test
    void noHeaderOutsideTheKeyOfACacheChangesAnAnswer() throws IOException {
        var evil = "evil.example";
        var headers = List.of("X-Forwarded-Host: " + evil, "X-Forwarded-Proto: gopher", "X-Forwarded-Port: 666",
                "X-Forwarded-Prefix: /" + evil, "X-Forwarded-For: 6.6.6.6", "Forwarded: host=" + evil,
                "X-Host: " + evil, "X-Original-URL: /" + evil, "X-Rewrite-URL: /" + evil,
                "X-HTTP-Method-Override: DELETE", "X-Original-Host: " + evil, "Origin: http://" + evil,
                "Referer: http://" + evil, "Range: bytes=-0", "Range: lines=1-2", "Range: bytes=0-1,3-4");
        var places = List.of("/acme/tools/debian/dists/bookworm/InRelease", "/acme/tools/gpgkey",
                "/install/repositories/acme/tools/script.deb.sh", "/api/v1/repos/acme/tools/packages.json",
                "/api/v1/repos/acme/tools.json", "/acme/tools/debian/dists/bookworm/none", "/none/" + "x".repeat(9),
                "/api/v1/repos/acme/none.json");
        for (var place : places) {
            var plain = get(place, "");
            for (var header : headers) {
                var answer = get(place, header + "\r\n");
                assertSame(plain, answer, place + " with " + header);
                assertFalse((answer.head() + answer.body()).contains(evil), place + " with " + header);
            }
            for (var host : List.of(evil, evil + ":80", "127.0.0.1")) {
                assertSame(plain, ask("GET", place, host, "", ""), place + " at " + host);
            }
        }
    }

    private static void assertSame(Answer plain, Answer answer, String what) {
        if (answer.status() >= 400) {
            assertTrue(answer.header("Cache-Control").contains("no-store"), what + " " + answer.head());
        }
        if (answer.status() == 416) {
            assertEquals("", answer.header("Location"), what);
            return;
        }
        assertEquals(plain.status(), answer.status(), what);
        assertEquals(plain.header("Location"), answer.header("Location"), what);
        assertEquals(plain.body().replace(plain.header("X-Request-Id"), ""),
                answer.body().replace(answer.header("X-Request-Id"), ""), what);
    }

    @Test
    void abuseOfJsonIsRefused() throws IOException {
        var keys = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            keys.append("\"k").append(i).append("\":1,");
        }
        for (var body : List.of("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000), "[".repeat(10_000),
                keys.append("\"z\":1}").toString(), "{\"repository\":{\"name\":\"acme/a\",\"name\":\"acme/b\"}}",
                "{\"repository\":{\"name\":NaN}}", "{\"repository\":{\"name\":" + "9".repeat(1_000_000) + "}}",
                "{\"repository\":{\"name\":9e9999999}}", "{\"repository\":{\"name\":\"acme/\\ud800\"}}",
                "{\"repository\":{\"name\":\"acme/\\u0000\"}}", "{\"repository\":[[[]]]}", "{\"unknown\":1}")) {
            var answer = json("/api/v1/repos", body);
            assertTrue(Set.of(400, 413, 422).contains(answer.status()),
                    body.substring(0, Math.min(60, body.length())) + " " + answer.head());
        }
        assertEquals(1, get("/api/v1/repos.json", "").body().split("\"fqname\"").length - 1);
    }

    /// A name of a file, a command and an expression are texts like others: kept as they are, or refused.
    @Test
    void whatLooksLikeACommandOrAFileStaysText() throws IOException {
        var before = outside();
        for (var canary : CANARIES) {
            var written = URLEncoder.encode(canary, StandardCharsets.UTF_8);
            for (var body : List.of("repository[name]=" + written, "repository[name]=acme/" + written)) {
                assertEquals(422, form("/api/v1/repos", body).status(), body);
            }
            assertEquals(422, push("x", canary, "x").status(), canary);
            var made = form("/api/v1/repos/acme/tools/master_tokens", "master_token[name]=" + written);
            assertTrue(made.status() == 201 && made.body().contains(canary) || made.status() == 422,
                    canary + " " + made.head() + made.body());
            var script = get("/install/repositories/acme/tools/config_file.list?os=debian&dist=12&name=" + written, "");
            assertFalse(script.body().contains(canary), script.body());
        }
        assertEquals(before, outside());
    }
}
