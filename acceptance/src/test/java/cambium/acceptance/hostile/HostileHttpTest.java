package cambium.acceptance.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.OneServerForAll;
import cambium.acceptance.RawHttp;
import cambium.acceptance.RunningServer;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What nobody should send, against the packaged server on the open port: no proxy stands in front of it.
class HostileHttpTest extends OneServerForAll {
    private static final String LIST = "/api/v1/distributions.json";
    private static final String SMUGGLED = "GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n";

    @Test
    void answersSmuggledFramingOnceAndCloses() throws Exception {
        var post = "POST /api/v1/repos HTTP/1.1\r\nHost: h\r\n";
        var rows = new LinkedHashMap<String, String>();
        rows.put("both lengths", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        rows.put("two lengths", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\na");
        rows.put("a list of lengths", post + "Content-Length: 1, 2\r\n\r\na");
        rows.put("a signed length", post + "Content-Length: +1\r\n\r\na");
        rows.put("a negative length", post + "Content-Length: -1\r\n\r\n");
        rows.put("an unknown coding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n");
        rows.put("chunked not last", post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n");
        rows.put("a bare LF", "POST /api/v1/repos HTTP/1.1\nHost: h\nContent-Length: 0\n\n");
        rows.put("a folded header", post + "A: b\r\n c\r\nContent-Length: 0\r\n\r\n");
        rows.put("a space before the colon", post + "Content-Length : 1\r\n\r\na");
        rows.put("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        rows.put("no Host", "GET / HTTP/1.1\r\n\r\n");
        rows.put("a bad percent", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n");
        rows.put("a NUL in the path", "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n");
        rows.put("dots that climb", "GET /acme/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n");
        for (var row : rows.entrySet()) {
            var answers = exchange(row.getValue() + SMUGGLED);
            assertTrue(answers.startsWith("HTTP/1.1 400 "), row.getKey() + ": " + answers);
            assertEquals(1, count(answers, "HTTP/1.1 "), row.getKey() + ": " + answers);
            assertHarmless(answers);
        }
        assertAlive();
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        assertStatus(431, "GET / HTTP/1.1\r\nHost: h\r\nA: " + "a".repeat(17 << 10) + "\r\n\r\n");
        assertStatus(414, "GET /" + "a".repeat(9 << 10) + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertStatus(417, "POST / HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\nConnection: close\r\n"
                + "Content-Length: 1\r\n\r\na");
        assertAlive();
    }

    @Test
    void closesAConnectionThatDripsItsHeader() throws Exception {
        try (var dripping = RawHttp.to(server.address())) {
            dripping.send("GET / HTTP/1.1\r\nHost: h\r\nA: ");
            Await.until("the dripping connection is closed", () -> {
                try {
                    dripping.send("a");
                    Thread.sleep(Duration.ofMillis(200));
                    return false;
                } catch (SocketException closed) {
                    return true;
                }
            });
        }
        assertAlive();
    }

    @Test
    void answersDoubledSlashesWithoutRedirect() throws Exception {
        for (var path : List.of("//api/v1/distributions.json", "///api//v1///repos.json")) {
            var answer = exchange("GET " + path + " HTTP/1.1\r\nHost: h\r\nAuthorization: "
                    + RunningServer.basic(RunningServer.TOKEN) + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @Test
    void asksForATokenWhereItIsMissingOrWrong() throws Exception {
        for (var authorization : new String[] {RunningServer.basic("f".repeat(48)), "Basic ???", "Bearer x",
            "Digest username=\"a\""}) {
            var answer = server.send(HttpRequest.newBuilder(server.at("/api/v1/repos"))
                    .header("Authorization", authorization).build());
            assertEquals(401, answer.statusCode(), authorization);
            assertTrue(answer.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic"), authorization);
            assertTrue(answer.body().contains("\"error\":\"Unauthenticated\""), answer.body());
            assertHarmless(answer.body());
        }
        assertFalse(server.output().contains("f".repeat(48)), "a wrong token was logged");
    }

    @Test
    void answersProblemsInOneShape() throws Exception {
        var rows = new LinkedHashMap<String, Integer>();
        rows.put("DELETE " + LIST, 405);
        rows.put("GET /api/fleet/cells/nowhere", 404);
        rows.put("GET /no/such/place/at/all", 404);
        for (var row : rows.entrySet()) {
            var words = row.getKey().split(" ");
            var answer = server.send(words[0], words[1], "application/json", "");
            assertEquals(row.getValue(), answer.statusCode(), row.getKey() + ": " + answer.body());
            assertHarmless(answer.body());
        }
        for (var body : new String[] {"{", "[".repeat(20_000), "{\"repository\":{\"name\":NaN}}",
            "{\"repository\":{},\"repository\":{}}"}) {
            var answer = server.send("POST", "/api/v1/repos", "application/json", body);
            assertEquals(400, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("\"request_id\""), answer.body());
            assertHarmless(answer.body());
        }
        assertTrue(server.get("/api/v1/repos").isEmpty());
    }

    private static void assertStatus(int status, String request) throws IOException {
        var answer = exchange(request);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertHarmless(answer);
    }

    private static String exchange(String request) throws IOException {
        try (var raw = RawHttp.to(server.address())) {
            return raw.send(request).untilClosed();
        }
    }

    private static void assertAlive() throws IOException {
        assertTrue(server.get(LIST).has("deb"));
    }

    /// No stack trace, no name of a class, no path of the machine.
    private static void assertHarmless(String answer) {
        assertFalse(answer.contains("\tat ") || answer.contains("Exception") || answer.contains("java.")
                || answer.contains("cambium.server") || answer.contains(folder.toString()), answer);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
