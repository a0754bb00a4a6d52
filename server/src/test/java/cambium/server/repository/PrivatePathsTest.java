package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.formats.PackageFamily;
import cambium.server.http.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A token in the path opens everything that a package manager reads, and gives the same bytes as one in a header.
final class PrivatePathsTest {
    private static final byte[] DEB = TestDeb.of("hello", "1.0-7", "amd64");
    private static final String JAR = "/org/example/thing/1.0/thing-1.0.jar";

    @TempDir
    Path data;

    private RepositoryServer server;
    private String token;

    @BeforeEach
    void fill() {
        server = RepositoryServer.start(data);
        server.create("acme/shop", true);
        server.pushed("acme/shop", DEB);
        assertEquals(201, TestSource.of("greet", "1.0-1").push(server).statusCode());
        assertEquals(201, server.send(new TestForm().file("package[package_file]", "filename=notes.txt",
            "notes".getBytes(StandardCharsets.UTF_8)).field("package[distro_version_id]", "230")
            .request(server.authorized("/api/v1/repos/acme/shop/packages"))).statusCode());
        assertEquals(201, server.send(server.authorized("/acme/shop/maven2" + JAR).PUT(BodyPublishers.ofString("jar")))
            .statusCode());
        server.feature.rings().admit(new RepositoryName("acme", "shop"), new KnownSuite(215, "debian", "bookworm",
            PackageFamily.APT), 0, List.of(ClosureChecker.sha256(DEB)));
        server.settled();
        String self = server.json("/api/v1/repos/acme/shop/master_tokens").get(0).path("paths").path("self")
            .textValue();
        token = Json.read(server.send(server.authorized(self + "/read_tokens.json")
            .POST(BodyPublishers.ofString("read_token[name]=web-1"))).body().getBytes(StandardCharsets.UTF_8))
            .path("value").textValue();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// What a client has in the end, after a redirect if there is one.
    private byte[] fetched(String path, String... headers) throws Exception {
        HttpResponse<byte[]> answer = server.bytes(server.http.request(path, headers));
        if (answer.statusCode() == 302) {
            answer = server.bytes(answer.headers().firstValue("Location").orElseThrow());
        }
        assertEquals(200, answer.statusCode(), path);
        return answer.body();
    }

    @Test
    void whatWasHostedAndIsDeletedIsNotFoundAndLeadsNowhere() {
        server.delete("acme/shop/debian/bookworm/hello_1.0-7_amd64.deb");
        server.delete("acme/shop/anyfile/1/notes.txt");
        server.delete("acme/shop/java/maven2/org.example/thing-1.0.jar");
        server.settled();
        for (String path : List.of("/maven2" + JAR, "/packages/anyfile/notes.txt/download",
            "/packages/debian/bookworm/hello_1.0-7_amd64.deb/download.deb")) {
            HttpResponse<String> answer = server.http.get("/priv/" + token + "/acme/shop" + path);
            assertEquals(404, answer.statusCode(), path);
            assertEquals(Optional.empty(), answer.headers().firstValue("Location"), path);
        }
    }

    @Test
    void everyFileIsTheSameWithTheTokenInThePath() throws Exception {
        String key = server.json("/api/v1/repos/acme/shop/gpg_keys").path("gpg_keys").get(0).path("name").textValue();
        String shop = "/acme/shop";
        for (String path : List.of("/gpgkey", "/gpgkey/" + key, "/java/maven2" + JAR, "/maven2" + JAR,
            "/packages/anyfile/notes.txt/download",
            "/packages/java/org.example/thing-1.0.jar/artifacts/thing-1.0.jar/download",
            "/packages/debian/bookworm/greet_1.0-1.dsc/files/greet_1.0.orig.tar.gz/download",
            "/packages/debian/bookworm/hello_1.0-7_amd64.deb/download.deb",
            "/rings/0/debian/dists/bookworm/main/binary-amd64/Packages",
            "/debian/dists/bookworm/main/binary-amd64/Packages")) {
            byte[] expected = fetched(shop + path, "Authorization", RepositoryServer.basic(token));
            assertArrayEquals(expected, fetched("/priv/" + token + shop + path), path);
            assertEquals(401, server.http.get(shop + path).statusCode(), path);
            assertEquals(401, server.http.get("/priv/" + "f".repeat(48) + shop + path).statusCode(), path);
        }
    }
}
