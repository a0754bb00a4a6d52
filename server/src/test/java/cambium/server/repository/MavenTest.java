package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files by key, as packagecloud's Maven clients put and get them; the wagon itself runs among the real clients.
final class MavenTest {
    private static final String BY_KEY = "/api/v1/repos/acme/shop/artifacts.json?key=";
    private static final String FOLDER = "/org/example/thing/";

    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, clock);
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> put(String path, String content) {
        return server.send(server.authorized(path).PUT(BodyPublishers.ofString(content)));
    }

    private void stored(String key) {
        assertEquals(201, put(BY_KEY + FOLDER + key, "bytes of " + key).statusCode());
    }

    @Test
    void keepsWhatWasPutUnderAKey() throws Exception {
        String key = BY_KEY + "%2Forg%2Fexample%2Fthing%2F1.0%2Fthing-1.0.jar";
        assertEquals(404, server.get(key).statusCode());
        byte[] jar = new byte[100_000];
        assertEquals(201, server.send(server.authorized(key).PUT(BodyPublishers.ofByteArray(jar))).statusCode());
        var back = server.bytes(server.authorized(key));
        assertEquals(200, back.statusCode(), "and no redirect: old clients follow none");
        assertArrayEquals(jar, back.body());
        assertEquals("application/java-archive", back.headers().firstValue("Content-Type").orElseThrow());
        for (byte[] again : List.of(jar, new byte[1])) {
            var taken = server.send(server.authorized(key).PUT(BodyPublishers.ofByteArray(again)));
            assertEquals(422, taken.statusCode());
            assertEquals("{\"filename\":[\"has already been taken\"]}", taken.body());
        }
        assertArrayEquals(jar, server.bytes("/acme/shop/maven2" + FOLDER + "1.0/thing-1.0.jar").body());
        assertArrayEquals(jar, server.bytes("/acme/shop/java/maven2" + FOLDER + "1.0/thing-1.0.jar").body());
        for (String root : List.of("/acme/shop/maven2", "/acme/shop/java/maven2")) {
            String pom = root + FOLDER + "1.0/thing-1.0" + root.replace('/', '-') + ".pom";
            assertEquals(201, put(pom, "a pom").statusCode());
            assertEquals("200 a pom", server.get(pom).statusCode() + " " + server.get(pom).body());
        }
        assertEquals(401, server.send(server.http.request(key + "x").PUT(BodyPublishers.ofString(""))).statusCode());
    }

    private HttpResponse<String> pushed(String file, String coordinates, byte[] jar, String query) {
        var form = new TestForm().file("package[package_file]", "filename=" + file, jar)
            .field("package[coordinates]", coordinates).field("package[distro_version_id]", "167");
        return server.send(form.request(server.authorized("/api/v1/repos/acme/shop/packages.json" + query)));
    }

    @Test
    void aJarThatIsPushedWithItsCoordinatesLiesWhereMavenLooks() throws Exception {
        byte[] jar = {'P', 'K', 3, 4, 1, 2, 3};
        var answer = pushed("Xy12", "org.example:thing:1.0", jar, "");
        String expected = "{\"package\":{\"version\":\"1.0\",\"filename\":\"thing-1.0.jar\",\"size\":\"7\","
            + "\"distro_version_id\":167,\"created_at\":\"";
        assertEquals(expected, answer.body().substring(0, expected.length()));
        assertEquals(201, answer.statusCode());
        assertArrayEquals(jar, server.bytes("/acme/shop/maven2" + FOLDER + "1.0/thing-1.0.jar").body());
        assertTrue(server.get(BY_KEY + FOLDER + "maven-metadata.xml").body().contains("<version>1.0</version>"));

        assertEquals("{\"filename\":[\"has already been taken\"]}",
            pushed("thing.jar", "org.example:thing:1.0", jar, "").body());
        assertEquals(200, pushed("thing.jar", "org.example:thing:1.0", jar, "?idempotent=true").statusCode());
        byte[] other = {'P', 'K', 5, 6};
        assertEquals(422, pushed("thing.jar", "org.example:thing:1.0", other, "?idempotent=true").statusCode());
        assertArrayEquals(jar, server.bytes("/acme/shop/maven2" + FOLDER + "1.0/thing-1.0.jar").body());
        assertEquals(201, pushed("thing.WAR", "org.example:thing:1.0", other, "").statusCode());
        assertArrayEquals(other, server.bytes("/acme/shop/maven2" + FOLDER + "1.0/thing-1.0.war").body());
    }

    /// Each a groupId; the rest is the same.
    private static byte[] built(String... groups) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var jar = new JarOutputStream(bytes)) {
            for (String group : groups) {
                jar.putNextEntry(new ZipEntry("META-INF/maven/" + group + "/thing/pom.properties"));
                jar.write(("groupId=" + group + "\nartifactId=thing\nversion=1.0\n").getBytes());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aJarThatMavenBuiltSaysItsCoordinatesItself() throws Exception {
        byte[] jar = built("org.example");
        for (String bad : List.of("..", "org/other")) {
            assertEquals("coordinates_invalid", pushed("x.jar", "", built(bad), "").headers()
                .firstValue("X-Cambium-Code").orElseThrow(), bad);
        }
        var several = pushed("x.jar", "", built("org.example", "org.other"), "");
        assertEquals("{\"coordinates\":[\"can't be blank: send package[coordinates] as group:artifact:version, as the "
            + "jar holds more than one META-INF/maven/*/*/pom.properties\"]}", several.body());
        assertEquals(0, server.count("select count(*) from maven_file"));

        assertEquals(201, pushed("Xy12", "", jar, "").statusCode());
        assertArrayEquals(jar, server.bytes("/acme/shop/maven2" + FOLDER + "1.0/thing-1.0.jar").body());
        assertEquals(201, pushed("Xy12", "org.example:named:2", jar, "").statusCode(),
            "what the client says goes first");
        assertEquals(2, server.count("select count(*) from maven_file"));
    }

    @Test
    void aJarWithoutGoodCoordinatesIsRefusedAndNotStored() {
        byte[] jar = {'P', 'K', 3, 4};
        for (String wrong : List.of("", "thing", "org.example:thing", "a:b:c:d", "org.example:..:1", "../x:thing:1",
                "org.example:thing:1/2", "org example:thing:1")) {
            var answer = pushed("thing.jar", wrong, jar, "");
            assertEquals(422, answer.statusCode(), wrong);
            assertEquals(wrong.isEmpty() ? "coordinates_missing" : "coordinates_invalid",
                answer.headers().firstValue("X-Cambium-Code").orElseThrow());
        }
        var noJar = pushed("thing.jar", "org.example:thing:2", "no zip".getBytes(StandardCharsets.UTF_8), "");
        assertEquals("{\"package_file\":[\"is not a jar, war or aar\"]}", noJar.body());
        assertEquals(404, server.get("/acme/shop/maven2" + FOLDER + "2/thing-2.jar").statusCode());
        assertEquals(404, server.get(BY_KEY + FOLDER + "maven-metadata.xml").statusCode());
    }

    @Test
    void listsTheVersionsWhoeverWroteTheList() {
        stored("1.0/thing-1.0.jar");
        stored("1.0/thing-1.0.pom");
        stored("1.1-SNAPSHOT/thing-1.1-20260101.120000-1.jar");
        assertEquals(201, put(BY_KEY + FOLDER + "maven-metadata.xml", "<metadata/>").statusCode());
        assertEquals(201, put(BY_KEY + FOLDER + "maven-metadata.xml.sha1", "0").statusCode());
        String xml = server.get(BY_KEY + FOLDER + "maven-metadata.xml").body();
        assertTrue(xml.contains("<groupId>org.example</groupId>\n  <artifactId>thing</artifactId>"), xml);
        assertTrue(xml.contains("<latest>1.1-SNAPSHOT</latest>\n    <release>1.0</release>"), xml);
        assertTrue(xml.contains("<version>1.0</version>\n      <version>1.1-SNAPSHOT</version>"), xml);
        assertEquals(ClosureChecker.sha256(xml.getBytes(StandardCharsets.UTF_8)),
            server.get("/acme/shop/maven2" + FOLDER + "maven-metadata.xml.sha256").body());
        assertEquals(404, server.get(BY_KEY + "/org/example/other/maven-metadata.xml").statusCode());
    }

    @Test
    void replacesOnlyTheMetadataOfASnapshot() {
        String metadata = BY_KEY + FOLDER + "1.1-SNAPSHOT/maven-metadata.xml";
        assertEquals(201, put(metadata, "first").statusCode());
        assertEquals(201, put(metadata, "second").statusCode());
        assertEquals("second", server.get(metadata).body());
        assertEquals(201, put(metadata + ".md5", "whatever").statusCode());
    }

    @Test
    void refusesKeysThatAreNoPathsAndDigestsThatLie() {
        stored("1.0/thing-1.0.jar");
        assertEquals(422, put(BY_KEY + FOLDER + "1.0/thing-1.0.jar.sha256", "ab".repeat(32)).statusCode());
        String right = ClosureChecker.sha256("bytes of 1.0/thing-1.0.jar".getBytes(StandardCharsets.UTF_8));
        assertEquals(201, put(BY_KEY + FOLDER + "1.0/thing-1.0.jar.sha256", right.toUpperCase()).statusCode());
        for (String bad : List.of("", "thing.jar", "/a/../b.jar", "/a//b.jar", "/a/b%00.jar", "/a/%3Cb%3E", "/a/b%5Cc",
            "/a/" + "b".repeat(600))) {
            assertEquals(422, put(BY_KEY + bad, "x").statusCode(), bad);
            assertEquals(404, server.get(BY_KEY + bad).statusCode(), bad);
        }
        assertEquals(2, server.count("select count(*) from maven_file"));
    }

    @Test
    void knowsDigestsThatNobodyUploaded() {
        stored("1.0/thing-1.0.jar");
        byte[] jar = "bytes of 1.0/thing-1.0.jar".getBytes(StandardCharsets.UTF_8);
        String path = "/acme/shop/maven2" + FOLDER + "1.0/thing-1.0.jar";
        assertEquals(ClosureChecker.sha256(jar), server.get(path + ".sha256").body());
        assertTrue(server.get(path + ".sha1").body().matches("[0-9a-f]{40}"));
        assertTrue(server.get(path + ".md5").body().matches("[0-9a-f]{32}"));
        assertTrue(server.get(path + ".sha512").body().matches("[0-9a-f]{128}"));
        assertEquals(404, server.get(path + ".asc").statusCode());
        assertEquals(404, server.get("/acme/shop/maven2" + FOLDER + "1.0/thing-1.0.pom.sha1").statusCode());
        assertEquals(1, server.count("select count(*) from maven_file"), "nothing was stored for it");
    }

    @Test
    void downloadsAndDeletesByGroupAndName() {
        stored("1.0/thing-1.0.jar");
        stored("1.0/thing-1.0.pom");
        String downloads = "/acme/shop/packages/java/org.example/thing-1.0.jar/artifacts/";
        var pom = server.http.get(downloads + "thing-1.0.pom/download");
        assertEquals("200 bytes of 1.0/thing-1.0.pom", pom.statusCode() + " " + pom.body());
        assertEquals("attachment; filename=\"thing-1.0.pom\"",
            pom.headers().firstValue("Content-Disposition").orElseThrow());
        assertEquals(404, server.http.get(downloads + "thing-1.1.pom/download").statusCode());
        assertEquals(404, server.http.get(downloads.replace("org.example", "org") + "thing-1.0.pom/download")
            .statusCode());

        String gone = "/api/v1/repos/acme/shop/java/maven2/org.example/thing-1.0.jar";
        assertEquals(401, server.send(server.http.request(gone).DELETE()).statusCode());
        HttpResponse<String> deleted = server.send(server.authorized(gone).DELETE());
        assertEquals("200 {}", deleted.statusCode() + " " + deleted.body());
        HttpResponse<String> again = server.send(server.authorized(gone).DELETE());
        assertEquals("404 {\"filename\":[\"not found\"]}", again.statusCode() + " " + again.body());
        String path = "/acme/shop/maven2" + FOLDER;
        for (String hidden : List.of("1.0/thing-1.0.jar", "1.0/thing-1.0.jar.sha1")) {
            assertEquals(404, server.get(path + hidden).statusCode(), hidden);
        }
        assertEquals(422, put(path + "1.0/thing-1.0.jar", "other bytes").statusCode(), "its path stays taken");
        assertTrue(server.get(path + "maven-metadata.xml").body().contains("<release>1.0</release>"),
            "the pom of the version is still there");
        assertEquals(200, server.send(server.authorized(gone.replace(".jar", ".pom")).DELETE()).statusCode());
        assertEquals(404, server.get(path + "maven-metadata.xml").statusCode(), "nothing is left to list");
    }

    @Test
    void aMasterTokenReadsListsOfVersionsAndNoFile() {
        server.create("acme/secret", true);
        String folder = "/acme/secret/maven2" + FOLDER;
        assertEquals(201, put(folder + "1.0/thing-1.0.jar", "secret").statusCode());
        String master = server.json("/api/v1/repos/acme/secret/master_tokens").get(0).path("value").textValue();
        for (String list : List.of("maven-metadata.xml", "maven-metadata.xml.sha1")) {
            assertEquals(200, server.http.get("/priv/" + master + folder + list).statusCode(), list);
            assertEquals(401, server.http.get(folder + list).statusCode(), list);
        }
        for (String file : List.of("1.0/thing-1.0.jar", "1.0/thing-1.0.jar.sha1")) {
            assertEquals(404, server.http.get("/priv/" + master + folder + file).statusCode(), file);
        }
    }

    @Test
    void hidesAndKeepsFiles() {
        server.create("acme/secret", true);
        String key = "/api/v1/repos/acme/secret/artifacts?key=" + FOLDER + "1.0/thing-1.0.jar";
        assertEquals(201, put(key, "secret").statusCode());
        assertEquals(401, server.http.get(key).statusCode());
        assertEquals(401, server.http.get("/acme/secret/maven2" + FOLDER + "1.0/thing-1.0.jar").statusCode());
        clock.move(Duration.ofDays(3));
        assertEquals(0, new Collector(server.database, server.blobs, clock).collect(), "named bytes stay");
        assertEquals("secret", server.get(key).body());
    }
}
