package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushCommandTest {
    private static final String DISTRIBUTIONS = """
            {"deb":[{"display_name":"Ubuntu","index_name":"ubuntu","versions":[{"id":284,"index_name":"noble"}]},
            {"display_name":"Debian","index_name":"debian","versions":[{"id":215,"index_name":"bookworm",
            "version_number":"12.0"}]}]}
            """;
    private static final String PUSH = "POST /api/v1/repos/acme/storefront/packages.json?idempotent=true";

    private final RecordingServer server = new RecordingServer();

    @TempDir
    Path folder;
    private Operator operator;

    @BeforeEach
    void prepare() throws IOException {
        Files.writeString(folder.resolve("a.deb"), "!<arch>\nbytes");
        server.answer("GET /api/v1/distributions.json", 200, DISTRIBUTIONS);
        operator = new Operator(folder, Map.of("CAMBIUM_URL", server.url(), "CAMBIUM_TOKEN", "secret"), false);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Operator.Result push(String... more) {
        var line = new ArrayList<>(List.of("push", "a.deb", "--repo", "acme/storefront",
                "--distro", "debian/bookworm"));
        line.addAll(List.of(more));
        return operator.types(line.toArray(String[]::new));
    }

    @Test
    void sendsTheFileWithTheNumberOfItsDistribution() {
        server.answer(PUSH, 201, "{\"indexed\":true}");

        var result = push();

        assertEquals("a.deb pushed, visible to package managers\n", result.out(), result.err());
        var sent = server.asked().getLast();
        String boundary = sent.type().replaceFirst("multipart/form-data; boundary=", "");
        assertEquals("--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n\r\n215\r\n--"
                + boundary
                + "\r\nContent-Disposition: form-data; name=\"package[package_file]\"; filename=\"a.deb\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n!<arch>\nbytes\r\n--" + boundary + "--\r\n",
                sent.body());
    }

    @Test
    void waitsUntilPackageManagersCanSeeIt() {
        String self = "/api/v1/repos/acme/storefront/package/deb/debian/bookworm/a/all/1.json";
        server.answer(PUSH, 201, "{\"indexed\":false,\"self_url\":\"" + self + "\"}");
        server.answer("GET " + self, 200, "{\"indexed\":false,\"self_url\":\"" + self + "\"}");
        server.answer("GET " + self, 200, "{\"indexed\":true}");

        assertEquals("a.deb pushed, visible to package managers\n", push().out());
        assertEquals(2, operator.waits.size());
    }

    @Test
    void countsTheSameBytesAsPushed() {
        server.answer(PUSH, 200, "{\"indexed\":true}");

        assertEquals("a.deb was there already, the same bytes, visible to package managers\n", push().out());
    }

    @Test
    void createsTheRepositoryOnlyWhereItIsMissing() {
        server.answer("GET /api/v1/repos/acme/storefront.json", 404, "{}");
        server.answer("POST /api/v1/repos.json", 201, "{\"url\":\"/acme/storefront\"}");
        server.answer(PUSH, 201, "{\"indexed\":true}");

        push("--create", "--no-wait");

        assertEquals("POST /api/v1/repos.json {\"repository\":{\"name\":\"acme/storefront\",\"private\":false}}",
                server.calls().get(1));
    }

    @Test
    void refusesAnUnknownDistributionBeforeSendingAnything() {
        var result = operator.types("push", "a.deb", "--repo", "acme/storefront", "--distro", "debian/duke");

        assertEquals(1, result.code());
        assertTrue(result.err().contains("knows no distribution debian/duke"), result.err());
        assertEquals(List.of("GET /api/v1/distributions.json"), server.calls());
    }

    @Test
    void wrongUseSendsNothing() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "x");
        Files.createDirectories(folder.resolve("tree"));

        assertWrong("cambium import", "tree");
        assertWrong("anyfile/1", "notes.txt");
        assertWrong("none", "none*.deb");
        assertEquals(List.of(), server.calls());
    }

    private void assertWrong(String next, String file) {
        var result = push(file);

        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains(next), result.err());
    }

    @Test
    void tellsOtherBytesUnderTheSameNameApart() {
        server.answer(PUSH, 422, "{\"filename\":[\"has already been taken\"]}");

        var result = push();

        assertEquals(1, result.code());
        assertEquals("""
                cambium: a.deb: filename has already been taken
                  next: raise the version of the package: what is published keeps its bytes
                """, result.err());
    }

    @Test
    void saysHowToCreateAMissingRepository() {
        server.answer(PUSH, 404, "{\"error\":\"not_found\"}");

        assertTrue(push().err().endsWith("  next: create it by adding --create\n"));
    }
}
