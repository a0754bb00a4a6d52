package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.TarBytes;
import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many packages in one request.
final class ImportTest {
    private static final String IMPORT = "/api/v1/repos/acme/shop/packages/import?distro_version_id=";

    @TempDir
    Path data;
    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data);
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(byte[] archive) {
        return server.send(server.authorized(IMPORT + RepositoryServer.BOOKWORM)
            .header("Content-Type", "application/x-tar").POST(BodyPublishers.ofByteArray(archive)));
    }

    private static List<JsonNode> lines(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("application/x-ndjson", answer.headers().firstValue("Content-Type").orElseThrow());
        return answer.body().lines().map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8))).toList();
    }

    private static List<String> results(List<JsonNode> lines) {
        return lines.stream().filter(line -> line.has("result")).map(line -> line.path("result").asText()).toList();
    }

    private static TarBytes packages(int from, int to) {
        var tar = new TarBytes().folder("debs");
        for (int i = from; i < to; i++) {
            tar.file("debs/" + i + ".deb", TestDeb.of("pkg" + i, "1", "amd64"));
        }
        return tar;
    }

    @Test
    void publishesAllPackagesOfAnArchiveInItsOrder() throws Exception {
        var lines = lines(send(packages(0, 1100).toBytes()));

        assertEquals(1101, lines.size());
        assertEquals("{\"file\":\"debs/7.deb\",\"result\":\"received\",\"filename\":\"pkg7_1_amd64.deb\"",
            lines.get(7).toString().split(",\"sha256sum")[0]);
        assertEquals("{\"done\":true,\"received\":1100,\"already_there\":0,\"refused\":0}", lines.getLast().toString());
        server.settled();
        List<String> visible = new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64");
        assertEquals(lines.subList(0, 1100).stream().map(line -> line.path("filename").asText()).toList(), visible);
        assertTrue(server.count("select generation from channel") < 20, "hundreds share a generation");
        assertEquals(1100, server.count("select count(*) from repository_event where kind = 'package_added' "
            + "and actor = 'anna'"));
    }

    @Test
    void aPackageThatIsRefusedDoesNotLoseTheOthers() throws Exception {
        server.pushed("acme/shop", TestDeb.of("taken", "1", "amd64"));
        byte[] other = TestDeb.of("taken", "1", "amd64").clone();
        byte[] damaged = Arrays.copyOf(TestDeb.of("broken", "1", "amd64"), 200);

        var lines = lines(send(new TarBytes().file("good.deb", TestDeb.of("good", "1", "amd64"))
            .file("broken.deb", damaged).entry("link.deb", '2', new byte[0])
            .file("same.deb", other).file("rpm.rpm", "\u00ed\u00ab\u00ee\u00db".getBytes(StandardCharsets.ISO_8859_1))
            .file("last.deb", TestDeb.of("last", "1", "amd64")).toBytes()));

        assertEquals(List.of("received", "refused", "refused", "already_there", "refused", "received"), results(lines));
        assertEquals("deb_malformed", lines.get(1).path("code").asText());
        assertEquals("not_a_file", lines.get(2).path("code").asText());
        assertFalse(lines.get(1).path("reason").asText().isEmpty());
        assertEquals(2, lines.getLast().path("received").asInt());
        server.settled();
        assertEquals(3, new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64").size());
        assertEquals(0, server.count("select count(*) from package where name = 'broken'"));
        assertEquals(0, incoming(), "nothing stays half received");
    }

    @Test
    void holdsIdentityAndTombstonesAsASinglePushDoes() {
        byte[] first = TestDeb.of("one", "1", "amd64");
        var again = lines(send(new TarBytes().file("a.deb", first).file("b.deb", first)
            .file("c.deb", TestDeb.of("gone", "1", "amd64")).toBytes()));
        assertEquals(List.of("received", "already_there", "received"), results(again));

        server.delete("acme/shop/debian/bookworm/gone_1_amd64.deb");
        var revived = lines(send(new TarBytes().file("c.deb", TestDeb.of("gone", "1", "amd64"))
            .file("a.deb", first).toBytes()));
        assertEquals(List.of("received", "already_there"), results(revived));
        assertEquals(2, server.count("select count(*) from package where deleted_at is null"));
    }

    @Test
    void anArchiveThatBreaksOffKeepsWhatCameBefore() {
        byte[] whole = packages(0, 3).toBytes();
        var lines = lines(send(Arrays.copyOf(whole, whole.length - 1024 - 512)));

        assertEquals(List.of("received", "received"), results(lines));
        assertEquals("tar_malformed", lines.getLast().path("code").asText());
        assertFalse(lines.getLast().has("done"), "an answer that is not whole never says that it is");
        assertEquals(List.of("already_there", "already_there", "received"), results(lines(send(whole))));
        assertEquals(0, incoming());
    }

    @Test
    void refusesWhatIsNoImportBeforeItReadsIt() {
        assertEquals(400, send("no archive".repeat(200).getBytes(StandardCharsets.UTF_8)).statusCode());
        assertEquals(422, server.send(server.authorized(IMPORT + "9999").POST(BodyPublishers.noBody())).statusCode());
        assertEquals(404, server.send(server.authorized("/api/v1/repos/acme/none/packages/import?distro_version_id="
            + RepositoryServer.BOOKWORM).POST(BodyPublishers.noBody())).statusCode());
        assertEquals(401, server.send(server.http.request(IMPORT + RepositoryServer.BOOKWORM)
            .POST(BodyPublishers.ofByteArray(packages(0, 1).toBytes()))).statusCode());
        assertEquals(0, server.count("select count(*) from package"));
    }

    @Test
    void answersForABatchWhileTheRestIsStillToCome() throws Exception {
        byte[] first = packages(0, 500).unclosed();
        byte[] rest = packages(500, 501).toBytes();
        try (var socket = new Socket("127.0.0.1", server.http.uri("/").getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + IMPORT + RepositoryServer.BOOKWORM + " HTTP/1.1\r\nHost: here\r\nAuthorization: "
                + RepositoryServer.authorization() + "\r\nConnection: close\r\nContent-Length: "
                + (first.length + rest.length) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(first);
            out.flush();
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); !line.contains("pkg499_1_amd64.deb"); line = in.readLine()) {
                assertFalse(line.contains("done"), line);
            }
            assertEquals(500, server.count("select count(*) from package"), "what has a line is durable");
            out.write(rest);
            out.flush();
            assertEquals(2, in.lines().filter(line -> line.startsWith("{")).count());
        }
    }

    private long incoming() {
        try (var files = java.nio.file.Files.walk(data.resolve("incoming"))) {
            return files.filter(file -> file.toString().endsWith(".part")).count();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }
}
