package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import cambium.server.testing.Eventually;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromotionTest {
    private static final String FILE = "debian/bookworm/hello_1.0-7_amd64.deb";
    private static final String PROMOTE = "/api/v1/repos/acme/test/" + FILE + "/promote.json";
    private static final byte[] DEB = TestDeb.of("hello", "1.0-7", "amd64");

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data);
        server.create("acme", "test");
        server.create("acme", "live");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> promoted(String path) {
        return server.send(server.authorized(path).POST(BodyPublishers.noBody()));
    }

    private String packagesFile(String repository) throws Exception {
        return new String(server.bytes("/" + repository + "/debian/dists/bookworm/main/binary-amd64/Packages").body());
    }

    private static JsonNode read(HttpResponse<String> answer, int status) {
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes());
    }

    @Test
    void movesAPackageWithItsPlaceInTheIndex() throws Exception {
        server.pushed("acme/test", DEB);
        server.settled();
        assertTrue(packagesFile("acme/test").contains("Package: hello"));
        server.http.get("/acme/test/packages/" + FILE + "/download");
        String stats = "/api/v1/repos/acme/test/package/deb/debian/bookworm/hello/amd64/1.0-7/stats/downloads/count";
        Eventually.holds("a download is counted", () -> server.json(stats).path("value").intValue() == 1);

        JsonNode details = read(promoted(PROMOTE + "?destination=acme/live"), 200);
        assertEquals("/api/v1/repos/acme/live/" + FILE, details.path("destroy_url").textValue());
        assertEquals("live", details.path("repository").textValue());
        assertEquals(0, details.path("total_downloads_count").intValue());
        server.settled();
        assertTrue(packagesFile("acme/live").contains("Package: hello"));
        assertFalse(packagesFile("acme/test").contains("Package: hello"));
        assertEquals("[]", server.get("/api/v1/repos/acme/test/packages.json").body());
        assertTrue(server.json("/api/v1/repos/acme/live/packages.json").get(0).path("indexed").booleanValue());
        assertEquals(0, server.count("select count(*) from package_download"), "downloads begin at nought");
        assertEquals(200, server.http.get(server.http.get("/acme/live/debian/pool/bookworm/main/h/hello/"
            + "hello_1.0-7_amd64.deb").headers().firstValue("Location").orElseThrow()).statusCode());
    }

    @Test
    void takesTheDestinationFromAnyKindOfRequest() {
        String boundary = "----x1";
        HttpRequest.Builder form = server.authorized(PROMOTE)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(BodyPublishers.ofString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"destination\""
                + "\r\n\r\nacme/live\r\n--" + boundary + "--\r\n"));
        for (HttpRequest.Builder request : List.of(form,
            server.authorized(PROMOTE).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"destination\":\"acme/live\",\"scope\":null}")),
            server.authorized(PROMOTE).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("destination=acme%2Flive")),
            server.authorized(PROMOTE).POST(BodyPublishers.ofString("destination=acme/live")))) {
            server.pushed("acme/test", DEB);
            read(server.send(request), 200);
            server.delete("acme/live/" + FILE);
        }
        assertEquals(2, server.count("select count(*) from package"), "the same identity came back each time");
    }

    @Test
    void saysWhyNotInArraysAndChangesNothing() {
        server.pushed("acme/test", DEB);
        assertEquals("{\"destination\":[\"can't be blank\"]}", read(promoted(PROMOTE), 422).toString());
        for (String unknown : List.of("acme/no", "../x", "acme", "a/b/c")) {
            assertEquals("{\"destination\":[\"not found\"]}",
                read(promoted(PROMOTE + "?destination=" + unknown), 404).toString());
        }
        assertEquals(422, promoted(PROMOTE + "?destination=acme/test").statusCode());
        String live = "?destination=acme/live";
        assertEquals("{\"filename\":[\"not found\"]}",
            read(promoted(PROMOTE.replace("hello_", "other_") + live), 404).toString());
        assertEquals(404, promoted(PROMOTE.replace("bookworm", "none") + live).statusCode());
        assertEquals(404, promoted(PROMOTE.replace("acme/test", "acme/no") + live).statusCode());
        for (String family : List.of("gems/x-1.gem", "java/maven2/org.example/x-1.jar")) {
            assertEquals(404, promoted("/api/v1/repos/acme/test/" + family + "/promote.json" + live).statusCode());
        }
        server.pushed("acme/live", TestDeb.of("hello", "1.0-7", "amd64", "", "other bytes"));
        assertEquals("{\"filename\":[\"has already been taken\"]}", read(promoted(PROMOTE + live), 422).toString());
        server.delete("acme/live/" + FILE);
        assertEquals(422, promoted(PROMOTE + live).statusCode(), "a deleted package keeps its name for its bytes");
        assertEquals(401, server.send(server.http.request(PROMOTE + live).POST(BodyPublishers.noBody())).statusCode());
        assertEquals(1, server.json("/api/v1/repos/acme/test/packages.json").size());
    }

    @Test
    void neverLosesAPackageThatIsPromotedToAndFroAtOnce() throws Exception {
        for (int i = 0; i < 6; i++) {
            server.pushed(i % 2 == 0 ? "acme/test" : "acme/live", TestDeb.of("p" + i, "1", "amd64"));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 6; i++) {
                    String file = "debian/bookworm/p" + i + "_1_amd64.deb/promote";
                    threads.submit(() -> promoted("/api/v1/repos/acme/test/" + file + "?destination=acme/live"));
                    threads.submit(() -> promoted("/api/v1/repos/acme/live/" + file + "?destination=acme/test"));
                }
            }
        }
        assertEquals(6, server.count("select count(*) from package where deleted_at is null"));
        assertEquals(6, server.json("/api/v1/repos/acme/test/packages").size()
            + server.json("/api/v1/repos/acme/live/packages").size());
        server.settled();
        assertEquals(6, server.count("select count(*) from admission where live and place is not null"));
    }
}
