package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forms as odd as real clients send them, and hostile ones; after a refusal nothing is stored and nothing lies around.
final class PushFormTest {
    private static final String PACKAGES = "/api/v1/repos/acme/shop/packages.json";
    private static final byte[] DEB = TestDeb.of("hello", "1", "amd64");

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.withLimit(data, 100_000);
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> sent(TestForm form) {
        return server.send(form.request(server.authorized(PACKAGES)));
    }

    private HttpResponse<String> sent(byte[] body, String contentType) {
        HttpRequest.Builder request = server.authorized(PACKAGES).POST(BodyPublishers.ofByteArray(body));
        return server.send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));
    }

    private void assertNothingStored() throws IOException {
        assertEquals(0, server.count("select count(*) from package"));
        assertEquals(0, server.count("select count(*) from blob"));
        for (String folder : List.of("blobs", "incoming")) {
            try (Stream<Path> files = Files.walk(data.resolve(folder))) {
                assertEquals(List.of(), files.filter(file -> Files.isRegularFile(file)
                    && !file.toString().endsWith(".lock")).toList());
            }
        }
    }

    private void refused(int status, String code, HttpResponse<String> answer) throws IOException {
        assertEquals(status, answer.statusCode(), answer.body());
        String found = status == 422 ? answer.headers().firstValue("X-Cambium-Code").orElse("") : answer.body();
        assertTrue(found.contains(code), found + " " + answer.body());
        assertNothingStored();
    }

    @Test
    void takesPartsInAnyOrder() {
        assertEquals(201, sent(new TestForm().field("package[distro_version_id]", "215").file(DEB)).statusCode());
        byte[] second = TestDeb.of("second", "1", "amd64");
        assertEquals(201, sent(new TestForm().file(second).field("filename", "whatever.deb")
            .field("package[coordinates]", "").field("package[distro_version_id]", "215")).statusCode());
    }

    @Test
    void skipsAPreambleAndTakesUnquotedNames() {
        var form = new TestForm().raw("Content-Type: multipart/form-data; boundary=x\r\nContent-ID: <1>\r\n\r\n")
            .raw("--" + TestForm.BOUNDARY + "\r\ncontent-disposition: form-data; name=package[distro_version_id]\r\n"
                + "Content-ID: <a@b>\r\n\r\n215\r\n")
            .file("package[package_file]", "filename=../../etc/hello.dsc", DEB).raw("");
        assertEquals(201, sent(form).statusCode());
    }

    @Test
    void takesTheSuiteFromTheQueryAndTheBoundaryFromAccept() {
        byte[] body = new TestForm().file(DEB).bytes();
        var answer = server.send(server.authorized(PACKAGES + "?package%5Bdistro_version_id%5D=215")
            .header("Accept", "multipart/form-data; boundary=" + TestForm.BOUNDARY)
            .POST(BodyPublishers.ofByteArray(body)));
        assertEquals(201, answer.statusCode(), answer.body());
    }

    @Test
    void neverTakesTheNameFromTheForm() {
        var form = new TestForm().file("package[package_file]", "filename=\"../../evil_9_amd64.deb\"", DEB)
            .field("package[distro_version_id]", "215");
        assertTrue(sent(form).body().contains("\"filename\":\"hello_1_amd64.deb\""));
    }

    @Test
    void refusesADebWithoutASuite() throws IOException {
        refused(422, "distro_version_id_missing", sent(new TestForm().file(DEB)));
        refused(422, "distro_version_id_missing",
            sent(new TestForm().file(DEB).field("package[distro_version_id]", "")));
        for (String bad : List.of("0", "140", "99999999999", "debian", "-1", "999")) {
            refused(422, "unknown_distribution",
                sent(new TestForm().file(DEB).field("package[distro_version_id]", bad)));
        }
    }

    @Test
    void refusesAFormWithoutAFile() throws IOException {
        refused(422, "package_file_missing", sent(new TestForm().field("package[distro_version_id]", "215")));
    }

    @Test
    void refusesWhatIsNoDeb() throws IOException {
        for (byte[] bad : List.of(new byte[0], "!<arch>\n".getBytes(StandardCharsets.US_ASCII), new byte[5000],
            TestDeb.withControl("Package: ../x\nVersion: 1\nArchitecture: amd64\n", ""),
            TestDeb.withControl("Package: hello\nVersion: 1\nArchitecture: amd64\nSHA256: 00\n", ""))) {
            var answer = sent(new TestForm().file(bad).field("package[distro_version_id]", "215"));
            assertEquals(422, answer.statusCode());
            assertTrue(answer.body().startsWith("{\"package_file\":[\""), answer.body());
            assertTrue(answer.headers().firstValue("X-Cambium-Code").isPresent());
            assertNothingStored();
        }
    }

    @Test
    void saysOfWhatPackagecloudHostsThatItIsNotHostedHere() throws IOException {
        byte[] wheel = "PK a wheel".getBytes(StandardCharsets.US_ASCII);
        for (String id : List.of("166", "191", "241", "277")) {
            var answer = sent(new TestForm().file(wheel).field("package[distro_version_id]", id));
            refused(422, "format_not_hosted", answer);
            assertTrue(answer.body().contains("\"distro_version_id\":[\"is for packages of type "), answer.body());
        }
        var gem = sent(new TestForm().file(wheel).field("package[distro_version_id]", ""));
        assertEquals("{\"package_file\":[\"is neither .deb nor .dsc nor .rpm; any file is taken with distribution "
            + "230\"]}", gem.body());
        refused(422, "format_not_hosted", gem);
        refused(422, "unknown_distribution", sent(new TestForm().file(wheel)
            .field("package[distro_version_id]", "5000")));
    }

    @Test
    void namesTheFieldThatIsToBlame() throws IOException {
        byte[] bad = TestDeb.withControl("Package: hello\nVersion: 1:2:3\nArchitecture: amd64\n", "");
        var answer = sent(new TestForm().file(bad).field("package[distro_version_id]", "215"));
        assertTrue(answer.body().contains("\"field\":[\"Version\"]"), answer.body());
        assertNothingStored();
    }

    @Test
    void refusesHostileForms() throws IOException {
        byte[] whole = new TestForm().file(DEB).field("package[distro_version_id]", "215").bytes();
        String type = "multipart/form-data; boundary=" + TestForm.BOUNDARY;
        refused(400, "multipart_malformed", sent(whole, "multipart/form-data"));
        refused(400, "multipart_malformed", sent(whole, "multipart/form-data; boundary=other"));
        refused(400, "multipart_malformed", sent(whole, "application/octet-stream"));
        refused(400, "multipart_malformed", sent(whole, ""));
        refused(400, "multipart_malformed", sent(new byte[0], type));
        refused(400, "multipart_malformed", sent(new TestForm().field("package[distro_version_id]", "215").file(DEB)
            .unended().bytes(), type));
        refused(400, "multipart_malformed", sent(new TestForm().field("package[distro_version_id]", "215").file(DEB)
            .file(DEB)));
        refused(400, "", sent(whole, "multipart/form-data; boundary=" + "b".repeat(4096)));
    }

    @Test
    void refusesTooMuch() throws IOException {
        refused(413, "too_large", sent(new TestForm().file(new byte[100_001])));
        refused(413, "too_large", sent(new TestForm().field("package[distro_version_id]", "2".repeat(5000)).file(DEB)));
        refused(413, "too_large", sent(new TestForm().raw("--" + TestForm.BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\"x\"\r\nX-Long: " + "y".repeat(10_000) + "\r\n\r\n\r\n")
            .file(DEB)));
        var many = new TestForm();
        for (int i = 0; i < 200; i++) {
            many.field("x" + i, "");
        }
        refused(413, "too_large", sent(many.file(DEB)));
        byte[] hundredThousand = ("--" + TestForm.BOUNDARY + "\r\n\r\n\r\n").repeat(100_000)
            .getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> answer = sent(hundredThousand, "multipart/form-data; boundary=" + TestForm.BOUNDARY);
        assertTrue(answer.statusCode() == 413 || answer.statusCode() == 400, answer.body());
        assertNothingStored();
    }

    /// A second name in another spelling, and a form within the form: neither is looked into.
    @Test
    void takesNoNameAndNoFileFromWhereNobodyLooks() throws IOException {
        String inner = "--inner\r\nContent-Disposition: form-data; name=\"package[package_file]\"; filename=\"a.deb\""
            + "\r\n\r\nx\r\n--inner--\r\n";
        refused(400, "multipart_malformed", sent(new TestForm().field("package[distro_version_id]", "215").raw(
            "--" + TestForm.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"files\"\r\n"
            + "Content-Type: multipart/mixed; boundary=inner"
            + "\r\n\r\n" + inner + "\r\n")));
        HttpResponse<String> taken = sent(new TestForm().field("package[distro_version_id]", "215").file(
            "package[package_file]", "filename=\"a.deb\"; filename*=UTF-8''..%2f..%2f..%2fetc%2fcron.d%2fx", DEB));
        assertEquals(201, taken.statusCode(), taken.body());
        assertEquals("hello_1_amd64.deb", server.database.read(sql -> sql.fetchSingle("select filename from package")
            .get(0, String.class)));
    }
}
