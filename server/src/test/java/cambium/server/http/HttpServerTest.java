package cambium.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.testing.TestServer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private static final byte[] LETTERS = "abcdefghij".getBytes(StandardCharsets.US_ASCII);
    private static final String DATE = "Sat, 21 Nov 2026 12:00:00 GMT";
    private static final TestServer SERVER = TestServer.of(List.of(
            get("/json", _ -> Answer.json(200, Map.of("n", 1))),
            get("/page", _ -> Answer.html(200, "<p>hello")),
            get("/letters", _ -> Answer.stream(200, "text/plain", LETTERS.length,
                    (out, from, to) -> out.write(LETTERS, (int) from, (int) (to - from)))
                    .with("ETag", "\"letters\"").with("Last-Modified", DATE)),
            get("/broken", _ -> {
                throw new IllegalStateException("secret detail");
            }),
            get("/refused", _ -> {
                throw new Refused(422, "why_missing", "say why", "why");
            }),
            get("/echo/{a}/{rest...}", call -> Answer.text(200, call.param("a") + "|" + call.param("rest")
                    + "|" + call.query("q").orElse("-") + "|" + call.baseUrl())),
            new Route(Method.POST, "/parameters", Role.WEB, Permission.NONE, call -> {
                var parameters = call.parameters();
                return Answer.text(200, String.join(",", parameters.names().stream()
                        .map(name -> name + "=" + String.join("+", parameters.all(name))).toList()));
            }),
            new Route(Method.POST, "/small", Role.WEB, Permission.NONE,
                    call -> Answer.text(200, "" + call.body(10).length)),
            new Route(Method.GET, "/guarded", Role.WEB, Permission.READ_FLEET, _ -> Answer.text(200, "in")),
            new Route(Method.GET, "/closed", Role.WEB, Permission.BRAKE, _ -> Answer.text(200, "in"))),
            head -> head.header("Authorization").isPresent()
                    ? new Actor("reader", EnumSet.of(Permission.READ_FLEET)) : Actor.ANONYMOUS);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void connectionsLeaveDescriptorsToTheRestOfTheServer() {
        assertEquals(16, HttpServer.mostConnections(100));
        assertEquals(480, HttpServer.mostConnections(1024));
        assertEquals(20_000, HttpServer.mostConnections(1 << 20));
        assertEquals(20_000, HttpServer.mostConnections(Long.MAX_VALUE));
    }

    @Test
    void answersWithTheHeadersThatEveryAnswerHas() {
        var json = SERVER.get("/json");
        assertEquals("{\"n\":1}", json.body());
        assertEquals("application/json; charset=utf-8", header(json, "Content-Type"));
        assertEquals("nosniff", header(json, "X-Content-Type-Options"));
        assertEquals("no-referrer", header(json, "Referrer-Policy"));
        assertFalse(header(json, "X-Request-Id").isEmpty());
        assertEquals("", header(json, "Server"));
        assertTrue(header(SERVER.get("/page"), "Content-Security-Policy").startsWith("default-src 'none'"));
    }

    @Test
    void answersHeadWithTheLengthAndNoBody() {
        for (var path : List.of("/json", "/letters")) {
            var head = SERVER.send(SERVER.request(path).method("HEAD", BodyPublishers.noBody()).build());
            assertEquals(200, head.statusCode());
            assertEquals("", head.body());
            assertEquals(path.equals("/json") ? "7" : "10", header(head, "Content-Length"));
        }
    }

    @Test
    void servesOneRangeAndTheWholeForAnythingElse() {
        assertPart(206, "cde", "bytes 2-4/10", "bytes=2-4");
        assertPart(206, "hij", "bytes 7-9/10", "bytes=-3");
        assertPart(206, "hij", "bytes 7-9/10", "bytes=7-");
        assertPart(206, "hij", "bytes 7-9/10", "bytes=7-99");
        assertPart(206, "abcdefghij", "bytes 0-9/10", "bytes=-99");
        assertPart(416, "", "bytes */10", "bytes=10-");
        assertPart(416, "", "bytes */10", "bytes=-0");
        for (var odd : List.of("bytes=1-2,4-5", "bytes=5-2", "bytes=-", "lines=1-2", "bytes=a-b",
                "bytes=99999999999999999999-")) {
            assertPart(200, "abcdefghij", "", odd);
        }
        assertPart(200, "abcdefghij", "", "bytes=" + "0-0,".repeat(3900) + "0-0");
        assertEquals(431, SERVER.get("/letters", "Range", "bytes=" + "0-0,".repeat(100_000) + "0-0").statusCode());
    }

    @Test
    void comparesTagsAndDatesBeforeItSendsABody() {
        assertEquals(304, SERVER.get("/letters", "If-None-Match", "\"other\", W/\"letters\"").statusCode());
        assertEquals(200, SERVER.get("/letters", "If-None-Match", "\"other\"").statusCode());
        assertEquals(304, SERVER.get("/letters", "If-Modified-Since", DATE).statusCode());
        assertEquals(200, SERVER.get("/letters", "If-Modified-Since", "Fri, 20 Nov 2026 12:00:00 GMT").statusCode());
        assertEquals(200, SERVER.get("/letters", "If-None-Match", "\"other\"", "If-Modified-Since", DATE).statusCode());
        assertEquals(206, SERVER.get("/letters", "Range", "bytes=1-", "If-Range", "\"letters\"").statusCode());
        assertEquals(206, SERVER.get("/letters", "Range", "bytes=1-", "If-Range", DATE).statusCode());
        assertEquals(200, SERVER.get("/letters", "Range", "bytes=1-", "If-Range", "\"old\"").statusCode());
    }

    @Test
    void turnsErrorsIntoProblemsWithoutDetail() {
        var refused = SERVER.get("/refused");
        assertEquals(422, refused.statusCode());
        assertTrue(refused.body().startsWith(
                "{\"code\":\"why_missing\",\"message\":\"say why\",\"field\":\"why\",\"request_id\":\""),
                refused.body());
        var broken = SERVER.get("/broken");
        assertEquals(500, broken.statusCode());
        assertTrue(broken.body().contains("\"code\":\"internal\""));
        assertFalse(broken.body().contains("secret"));
        assertEquals("no-store", header(broken, "Cache-Control"));
        assertEquals(404, SERVER.get("/nowhere").statusCode());
    }

    @Test
    void namesTheMethodsThatAPathTakes() {
        var wrong = SERVER.send("DELETE", "/json", "text/plain", "");
        assertEquals(405, wrong.statusCode());
        assertEquals("GET, HEAD", header(wrong, "Allow"));
        assertEquals(405, SERVER.send("PATCH", "/small", "text/plain", "").statusCode());
        assertEquals(405, SERVER.send("OPTIONS", "/small", "text/plain", "").statusCode());
    }

    @Test
    void asksForATokenThenForThePermission() {
        var none = SERVER.get("/guarded");
        assertEquals(401, none.statusCode());
        assertTrue(none.body().startsWith("{\"error\":\"Unauthenticated\""));
        assertTrue(header(none, "WWW-Authenticate").startsWith("Basic "));
        assertEquals("in", SERVER.get("/guarded", "Authorization", "Bearer x").body());
        assertEquals("private, no-cache",
                header(SERVER.get("/guarded", "Authorization", "Bearer x"), "Cache-Control"));
        assertEquals(403, SERVER.get("/closed", "Authorization", "Bearer x").statusCode());
        var browser = SERVER.get("/guarded?x=1", "Accept", "text/html");
        assertEquals(303, browser.statusCode());
        assertEquals("/sign-in?next=%2Fguarded%3Fx%3D1", header(browser, "Location"));
    }

    @Test
    void collapsesSlashesAndDecodesOnceWithoutARedirect() {
        var base = "|http://127.0.0.1:" + SERVER.port();
        assertEquals("x y|b/c|1&2" + base, SERVER.get("//echo///x%20y/b//c?q=1%262").body());
        for (var path : List.of("/echo/a/%2e%2e", "/echo/a%2fb/c", "/echo/a/%00", "/echo/a/%252e", "/echo/a/b;c",
                "/echo/a/%c0%ae")) {
            assertEquals(400, SERVER.get(path).statusCode(), path);
        }
    }

    @Test
    void takesParametersFromQueryFormAndJsonAlike() {
        assertEquals("q=1,repository[name]=a b,list[]=1+2", post("/parameters?q=1",
                "application/x-www-form-urlencoded", "repository[name]=a+b&list[]=1&list%5B%5D=2"));
        assertEquals("q=1,repository[name]=a,repository[private]=true,list[]=1+2", post("/parameters?q=1",
                "application/json", "{\"repository\":{\"name\":\"a\",\"private\":true},\"none\":null,\"list\":[1,2]}"));
        assertEquals("q=1,repository[name]=a b,x=2+3", post("/parameters?q=1", "multipart/form-data; boundary=\"b.1\"",
                "a preamble\r\n--b.1\r\nContent-ID: <1>\r\nContent-Disposition: form-data; name=repository[name]\r\n"
                        + "\r\na b\r\n--b.1\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\n2\r\n--b.1\r\n"
                        + "Content-Disposition: form-data; name=\"x\"; filename=y\r\n\r\n3\r\n--b.1--\r\n"));
        for (var broken : List.of("", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n1")) {
            assertEquals(400, SERVER.send("POST", "/parameters", "multipart/form-data; boundary=b", broken)
                    .statusCode(), broken);
        }
        assertEquals("a=b", SERVER.send(SERVER.request("/parameters")
                .POST(BodyPublishers.ofString("a=b")).build()).body());
    }

    @Test
    void refusesJsonThatCouldBeReadInTwoWays() {
        for (var text : List.of("{\"a\":1,\"a\":2}", "{\"a\":NaN}", "{} {}", "[".repeat(100), "", "{\"a\":",
                "{\"a\":" + "9".repeat(100) + "}", "[1]")) {
            var answer = SERVER.send("POST", "/parameters", "application/json", text);
            assertEquals(400, answer.statusCode(), text);
            assertTrue(answer.body().contains("invalid_json"), answer.body());
        }
    }

    @Test
    void refusesABodyOverItsBound() {
        assertEquals("10", post("/small", "text/plain", "0123456789"));
        assertEquals(413, SERVER.send("POST", "/small", "text/plain", "01234567890").statusCode());
        var unannounced = SERVER.send(SERVER.request("/small").POST(BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(new byte[100]))).build());
        assertEquals(413, unannounced.statusCode());
        var tooLarge = " ".repeat((1 << 20) + 1);
        assertEquals(413, SERVER.send("POST", "/parameters", "application/json", tooLarge).statusCode());
    }

    @Test
    void doesNotAnswerForRolesThatRunElsewhere() {
        var upload = new Route(Method.POST, "/up", Role.UPLOAD, Permission.NONE, _ -> Answer.empty(204));
        try (var web = TestServer.of(List.of(upload), _ -> Actor.ANONYMOUS, EnumSet.of(Role.WEB),
                HttpSettings.at("127.0.0.1", 0))) {
            var answer = web.send("POST", "/up", "text/plain", "");
            assertEquals(421, answer.statusCode());
            assertTrue(answer.body().contains("role_not_here"));
        }
    }

    @Test
    void streamsEventsAndEndsThemWhenItStops() throws Exception {
        var ended = new CountDownLatch(1);
        var route = get("/stream", _ -> Answer.events(sink -> {
            sink.send("fleet", "1");
            sink.send("fleet", "two\nlines");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ended.countDown();
            }
        }));
        var server = TestServer.of(List.of(route));
        var lines = new ArrayList<String>();
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(server.request("/stream").build(), HttpResponse.BodyHandlers.ofInputStream());
            assertEquals("text/event-stream", header(response, "Content-Type"));
            try (var reader = new BufferedReader(new InputStreamReader(response.body()))) {
                while (lines.size() < 8) {
                    lines.add(reader.readLine());
                }
            }
        }
        assertEquals(List.of(":", "", "event: fleet", "data: 1", "", "event: fleet", "data: two", "data: lines"),
                lines);
        server.close();
        ended.await();
    }

    private static void assertPart(int status, String body, String contentRange, String range) {
        var answer = SERVER.get("/letters", "Range", range);
        assertEquals(status, answer.statusCode(), range);
        assertEquals(body, answer.body(), range);
        assertEquals(contentRange, header(answer, "Content-Range"), range);
    }

    private static String post(String path, String type, String body) {
        return SERVER.send("POST", path, type, body).body();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static Route get(String path, Handler handler) {
        return new Route(Method.GET, path, Role.WEB, Permission.NONE, handler);
    }
}
