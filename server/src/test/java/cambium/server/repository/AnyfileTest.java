package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of any kind have no index; they are there as soon as they are acknowledged.
final class AnyfileTest {
    private static final String ANYFILE = "230";
    private static final byte[] CONTENT = "anything at all".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> push(String name, byte[] content, String suite) {
        return server.send(new TestForm().file("package[package_file]", "filename=\"" + name + "\"", content)
            .field("package[distro_version_id]", suite)
            .request(server.authorized("/api/v1/repos/acme/shop/packages.json")));
    }

    private byte[] downloaded(String path) throws Exception {
        HttpResponse<byte[]> answer = server.bytes(path);
        assertEquals(302, answer.statusCode(), path);
        return server.bytes(answer.headers().firstValue("Location").orElseThrow()).body();
    }

    @Test
    void isIndexedAndDeliveredAtOnce() throws Exception {
        assertEquals(201, push("tools-1.2.tar.gz", CONTENT, ANYFILE).statusCode());
        JsonNode stored = server.json("/api/v1/repos/acme/shop/packages.json").get(0);
        assertEquals("anyfile", stored.path("type").textValue());
        assertEquals("anyfile/1", stored.path("distro_version").textValue());
        assertEquals("tools-1.2.tar.gz", stored.path("filename").textValue());
        assertTrue(stored.path("indexed").booleanValue());
        assertArrayEquals(CONTENT, downloaded("/acme/shop/packages/anyfile/tools-1.2.tar.gz/download"));
        assertArrayEquals(CONTENT, downloaded("/acme/shop/packages/anyfile/1/tools-1.2.tar.gz/download"));
        assertTrue(stored.path("download_url").textValue().contains("/packages/anyfile/tools-1.2.tar.gz/download"));
        assertEquals(0, server.pending(), "nothing waits for an index");
        assertTrue(server.get(stored.path("package_html_url").textValue()).body().contains("\"not_found\""),
            "the address of the page is left to pages");
    }

    @Test
    void keepsItsNameForItsBytes() {
        assertEquals(201, push("folder/of\\mine.bin", CONTENT, ANYFILE).statusCode());
        assertEquals(422, push("mine.bin", CONTENT, ANYFILE).statusCode(), "the folders were dropped");
        assertEquals(422, push("mine.bin", "other".getBytes(StandardCharsets.UTF_8), ANYFILE).statusCode());
        server.delete("acme/shop/anyfile/1/mine.bin");
        assertEquals(404, server.get("/acme/shop/packages/anyfile/mine.bin/download").statusCode());
        assertEquals(201, push("mine.bin", CONTENT, ANYFILE).statusCode());
    }

    @Test
    void refusesNamesThatAreNone() {
        for (String name : new String[] {"", ".hidden", "a b", "a;b", "é"}) {
            var answer = push(name, CONTENT, ANYFILE);
            assertEquals(422, answer.statusCode(), name);
            assertEquals("filename_invalid", answer.headers().firstValue("X-Cambium-Code").orElse(""), name);
        }
    }

    @Test
    void aSuiteTakesOnlyItsOwnFamily() {
        byte[] deb = TestDeb.of("hello", "1", "amd64");
        var wrong = push("hello.deb", deb, "205");
        assertEquals(422, wrong.statusCode());
        assertTrue(wrong.body().contains("is not a distribution for deb packages"), wrong.body());
        assertEquals(422, push("any.bin", CONTENT, RepositoryServer.BOOKWORM).statusCode());
        assertEquals(201, push("hello.deb", deb, ANYFILE).statusCode(), "a .deb is a file, too");
        assertFalse(server.get("/acme/shop/anyfile/dists/1/Release").statusCode() == 200);
        assertEquals(1, server.json("/api/v1/repos/acme/shop/search?dist=anyfile/1").size());
        assertEquals(0, server.json("/api/v1/repos/acme/shop/packages.json?filter=debs").size());
        assertEquals(1, server.json("/api/v1/repos/acme/shop/packages.json?filter=anyfile").size());
    }
}
