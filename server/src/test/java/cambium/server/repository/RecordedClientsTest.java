package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import cambium.server.testing.RawConnection;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests of packagecloud's clients byte by byte, as they were recorded or as their sources write them; the names
/// C1 to C19 are those of the reference.
final class RecordedClientsTest {
    private static final String REPOSITORY = "/api/v1/repos/acme/shop";
    private static final byte[] DEB = TestDeb.of("hello", "1.0-7", "amd64");
    /// The head of every request of the official command line, a Ruby program.
    private static final String RUBY = """
        Accept: */*
        User-Agent: rest-client/2.1.0 (linux-gnu x86_64) ruby/3.1.2p20
        Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3
        """;

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        server.create("acme", "shop");
        server.create("acme", "live");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Recorded(int status, String head, String body) {
        JsonNode json() {
            return Json.read(body.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// `head`: the request line and headers without `Host`, `Authorization` and the body's length.
    private Recorded sent(String head, String body) throws IOException {
        String lines = head + "Authorization: " + RepositoryServer.authorization() + "\nHost: localhost:"
            + server.http.port() + "\nConnection: close\n"
            + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\n") + "\n";
        try (var connection = RawConnection.to(server.http.port())) {
            connection.send(lines.replace("\n", "\r\n") + body);
            String answer = connection.readToEnd();
            int end = answer.indexOf("\r\n\r\n");
            return new Recorded(Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end),
                answer.substring(end + 4));
        }
    }

    private Recorded sent(String head) throws IOException {
        return sent(head, "");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void pushed(String name) {
        server.pushed("acme/shop", TestDeb.of(name, "1.0-7", "amd64"));
    }

    @Test
    void c1ReadsThePathsThenPushesTheFileFirst() throws Exception {
        Recorded shown = sent("GET //api/v1/repos/acme/shop.json HTTP/1.1\n" + RUBY);
        assertEquals(200, shown.status(), shown.body());
        String create = shown.json().path("paths").path("create_package").textValue();
        String boundary = "----RubyFormBoundaryLq3oxkTgHeM1SdPy";
        String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"package[package_file]\"; "
            + "filename=\"whatever.deb\"\r\nContent-Type: audio/x-pn-realaudio-plugin\r\n\r\n" + text(DEB) + "\r\n--"
            + boundary + "\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n\r\n215\r\n--"
            + boundary + "--\r\n";
        String push = "POST " + create + " HTTP/1.1\n" + RUBY + "Content-Type: multipart/form-data; boundary="
            + boundary + "\n";
        assertEquals(201, sent(push, body).status());
        Recorded again = sent(push, body);
        assertEquals(422, again.status());
        again.json().forEach(value -> assertTrue(value.isArray(), "every value is joined"));
        assertEquals("hello_1.0-7_amd64.deb", server.json(create).get(0).path("filename").textValue());
    }

    @Test
    void c1YanksAndPromotesWithFormsAndReadsJson() throws Exception {
        pushed("hello");
        String file = REPOSITORY + "/debian/bookworm/hello_1.0-7_amd64.deb";
        Recorded promoted = sent("POST " + file + "/promote.json HTTP/1.1\n" + RUBY
            + "Content-Type: application/x-www-form-urlencoded\n", "destination=acme%2Flive");
        assertEquals(200, promoted.status(), promoted.body());
        assertEquals("live", promoted.json().path("repository").textValue());
        Recorded missing = sent("DELETE " + file + " HTTP/1.1\n" + RUBY);
        assertEquals(404, missing.status());
        missing.json().forEach(value -> assertTrue(value.isArray()));
        Recorded gem = sent("DELETE " + REPOSITORY + "/gems/thing-1.0.gem HTTP/1.1\n" + RUBY);
        assertEquals(404, gem.status());
        gem.json().forEach(value -> assertTrue(value.isArray()));
        assertEquals("{}", sent("DELETE " + file.replace("shop", "live") + " HTTP/1.1\n" + RUBY).body());
    }

    @Test
    void c2WritesAPreambleAndUnquotedNames() throws Exception {
        String boundary = "Boundary_1.4711";
        String body = "MIME-Version: 1.0\r\nContent-ID: <1.1@host>\r\nContent-Type: multipart/form-data; boundary="
            + boundary + "\r\nDate: Sun, 22 Nov 2026 03:00:00 +0000\r\n\r\n--" + boundary
            + "\r\nContent-ID: <2.2@host>\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n"
            + "\r\n215\r\n--" + boundary + "\r\nContent-ID: <3.3@host>\r\nContent-Type: application/octet-stream\r\n"
            + "Content-Disposition: form-data; name=\"package[package_file]\"; filename=hello.deb\r\n\r\n" + text(DEB)
            + "\r\n--" + boundary + "--\r\n";
        Recorded pushed = sent("POST " + REPOSITORY + "/packages.json HTTP/1.1\n"
            + "User-Agent: packagecloud-ruby 1.0.8/test\nContent-Type: multipart/form-data; boundary=" + boundary
            + "\n", body);
        assertEquals(201, pushed.status(), pushed.body());
        assertEquals("{\"major\":\"0\",\"minor\":\"2\",\"patch\":\"1\"}",
            sent("GET /api/v1/gem_version.json HTTP/1.1\n").body());
        for (String licence : List.of("license", "licenses")) {
            assertEquals(404, sent("GET /api/v1/licenses/abc/" + licence + ".json HTTP/1.1\n").status());
        }
    }

    @Test
    void c4SendsAnExtraFieldAndJsonWithADelete() throws Exception {
        String boundary = "--------------------------104850386028819457164293";
        String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n"
            + "\r\n215\r\n--" + boundary + "\r\nContent-Disposition: form-data; name=\"filename\"\r\n\r\nhello.deb"
            + "\r\n--" + boundary + "\r\nContent-Disposition: form-data; name=\"package[package_file]\"; "
            + "filename=\"hello.deb\"\r\nContent-Type: application/x-debian-package\r\n\r\n" + text(DEB) + "\r\n--"
            + boundary + "--\r\n";
        String client = "User-Agent: node-superagent/3.5.2\nX-packagecloud-JS-Client: 0.2.2\n";
        assertEquals(201, sent("POST " + REPOSITORY + "/packages.json HTTP/1.1\n" + client
            + "Content-Type: multipart/form-data; boundary=" + boundary + "\n", body).status());
        String file = REPOSITORY + "/debian/bookworm/hello_1.0-7_amd64.deb";
        assertEquals(200, sent("POST " + file + "/promote.json HTTP/1.1\n" + client
            + "Content-Type: application/json\n", "{\"destination\":\"acme/live\"}").status());
        Recorded deleted = sent("DELETE " + file.replace("shop", "live") + " HTTP/1.1\n" + client
            + "Content-Type: application/json\n", "{\"scope\":\"@x\"}");
        assertEquals(200, deleted.status(), deleted.body());
        Recorded found = sent("GET " + REPOSITORY + "/search?q=&perPage=5 HTTP/1.1\n" + client);
        assertTrue(found.head().contains("Per-Page: 5"), found.head());
    }

    @Test
    void c7NamesTheBoundaryInTheWrongHeader() throws Exception {
        String boundary = "0f5c7d1c1f8c3e";
        String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n"
            + "\r\n215\r\n--" + boundary + "\r\nContent-Disposition: form-data; name=\"package[package_file]\"; "
            + "filename=\"hello.deb\"\r\nContent-Type: application/octet-stream\r\n\r\n" + text(DEB) + "\r\n--"
            + boundary + "--\r\n";
        String go = "User-Agent: Go-http-client/1.1\nAccept: multipart/form-data; boundary=" + boundary + "\n";
        Recorded pushed = sent("POST " + REPOSITORY + "/packages.json HTTP/1.1\n" + go, body);
        assertEquals(201, pushed.status(), pushed.body());
        assertTrue(pushed.json().path("size").isTextual() && pushed.json().path("epoch").isNull());
        Recorded found = sent("GET " + REPOSITORY + "/search.json?per_page=256&q=hello HTTP/1.1\n" + go);
        assertFalse(found.json().get(0).path("indexed").booleanValue(), "it waits until this is true");
        String promote = found.json().get(0).path("promote_url").textValue();
        assertEquals(200, sent("POST " + promote + "?destination=acme/live HTTP/1.1\n" + go).status());
    }

    @Test
    void c9PostsWithoutSayingWhatItSends() throws Exception {
        String python = "User-Agent: python-requests/2.31.0\nAccept-Encoding: gzip, deflate\nAccept: */*\n";
        Recorded token = sent("POST " + REPOSITORY + "/master_tokens HTTP/1.1\n" + python, "master_token[name]=ci");
        assertEquals(201, token.status(), token.body());
        assertEquals("ci", token.json().path("name").textValue());
        pushed("hello");
        assertEquals(200, sent("POST " + REPOSITORY + "/debian/bookworm/hello_1.0-7_amd64.deb/promote.json HTTP/1.1\n"
            + python, "destination=acme/live").status());
    }

    @Test
    void c17AsksForPagesUntilOneIsEmpty() throws Exception {
        for (int i = 0; i < 5; i++) {
            pushed("p" + i);
        }
        var names = new ArrayList<String>();
        int pages = 0;
        for (JsonNode page = null; page == null || !page.isEmpty();) {
            Recorded answer = sent("GET " + REPOSITORY + "/search.json?dist=debian%2Fbookworm&per_page=2&page="
                + ++pages + " HTTP/1.1\nUser-Agent: packagecloud-ruby 1.0.8/concourse\n");
            assertEquals(200, answer.status());
            assertTrue(answer.head().contains("\r\nTotal: 5\r\n") && answer.head().contains("\r\nPer-Page: 2\r\n"));
            page = answer.json();
            page.forEach(one -> names.add(one.path("filename").textValue()));
        }
        assertEquals(4, pages);
        assertEquals(5, names.stream().distinct().count());
    }

    @Test
    void c19FindsByTypeAndDeletesByAddress() throws Exception {
        for (int i = 0; i < 3; i++) {
            pushed("p" + i);
        }
        String next = REPOSITORY + "/packages.json?filter=deb&per_page=2";
        var destroy = new ArrayList<String>();
        while (!next.isEmpty()) {
            Recorded answer = sent("GET " + next + " HTTP/1.1\nAccept-Encoding: gzip\n");
            answer.json().forEach(one -> destroy.add(one.path("destroy_url").textValue()));
            next = nextOf(answer);
        }
        assertEquals(3, destroy.size());
        for (String address : destroy) {
            assertEquals(200, sent("DELETE " + address + " HTTP/1.1\nAccept-Encoding: gzip\n").status());
        }
        assertEquals("[]", sent("GET " + REPOSITORY + "/packages.json HTTP/1.1\n").body());
    }

    /// As that client takes the header apart: at commas, then at semicolons.
    private static String nextOf(Recorded answer) {
        for (String line : answer.head().split("\r\n")) {
            if (line.startsWith("Link: ")) {
                for (String link : line.substring(6).split(",")) {
                    String[] parts = link.strip().split(";");
                    if (parts[1].strip().equals("rel=\"next\"")) {
                        return parts[0].replaceAll("^<http://[^/]*|>$", "");
                    }
                }
            }
        }
        return "";
    }
}
