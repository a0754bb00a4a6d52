package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The keys of a repository by packagecloud's API, with keys that gpg itself made.
final class GpgKeysTest {
    private static final String KEYS = "/api/v1/repos/acme/shop/gpg_keys";

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

    private byte[] gpg(String... arguments) throws Exception {
        return new TestGpg(data).run(arguments);
    }

    private HttpResponse<String> add(byte[] key) {
        return server.send(new TestForm().file("gpg_key[keydata]", "filename=\"key.gpg\"", key)
            .request(server.authorized(KEYS + ".json")));
    }

    private static JsonNode read(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFormMayOfferAFileBesideAText() throws Exception {
        gpg("--quick-generate-key", "Builder <builder@example.org>", "ed25519", "sign", "never");
        byte[] key = gpg("--armor", "--export");
        for (boolean isPasted : List.of(false, true)) {
            var form = new TestForm().file("gpg_key[keydata]", "filename=\"\"", isPasted ? new byte[0] : key)
                .field("gpg_key[keydata]", isPasted ? new String(key, StandardCharsets.US_ASCII) : "");
            assertEquals("package", read(201, server.send(form.request(server.authorized(KEYS + ".json"))))
                .path("keytype").textValue());
        }
    }

    @Test
    void listsTheSigningKeyWhichCannotBeDeleted() {
        JsonNode keys = server.json(KEYS + ".json").path("gpg_keys");
        assertEquals(1, keys.size());
        JsonNode key = keys.get(0);
        var names = new ArrayList<String>();
        key.fieldNames().forEachRemaining(names::add);
        assertEquals(List.of("name", "fingerprint", "keytype", "self", "destroy_url", "download_url"), names);
        assertEquals("repo", key.path("keytype").textValue());
        String fingerprint = key.path("fingerprint").textValue();
        assertEquals("acme-shop-" + fingerprint.substring(24) + ".pub.gpg", key.path("name").textValue());
        String self = key.path("self").textValue();
        assertEquals(key, server.json(self));
        assertEquals(404, server.send(server.authorized(self).DELETE()).statusCode());
        assertEquals(key, server.json(self));
        String path = java.net.URI.create(key.path("download_url").textValue()).getPath();
        assertEquals(server.http.get("/acme/shop/gpgkey").body(), server.http.get(path).body());
        assertEquals(404, server.http.get("/acme/shop/gpgkey/none.pub.gpg").statusCode());
    }

    @Test
    void keepsPackageKeysWithoutWhatIsSecret() throws Exception {
        gpg("--quick-generate-key", "Builder <builder@example.org>", "ed25519", "sign", "never");
        byte[] secretBinary = gpg("--export-secret-keys");
        JsonNode key = read(201, add(secretBinary));
        assertEquals("package", key.path("keytype").textValue());
        String path = java.net.URI.create(key.path("download_url").textValue()).getPath();
        String armored = server.http.get(path).body();
        assertTrue(armored.startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----"), armored);
        assertFalse(server.database.read(sql -> sql.fetchSingle("select armored from package_key").get(0, String.class))
            .contains("PRIVATE"));
        Path file = Files.writeString(data.resolve("public.asc"), armored);
        String packets = new String(gpg("--list-packets", file.toString()), StandardCharsets.UTF_8);
        assertTrue(packets.contains(":public key packet:") && !packets.contains("secret"), packets);
        assertEquals(2, server.json(KEYS).path("gpg_keys").size());
        JsonNode again = read(201, add(gpg("--armor", "--export")));
        assertEquals(key, again, "armoured and public, the same key is kept once");
        assertEquals(2, server.json(KEYS).path("gpg_keys").size());
        HttpResponse<String> deleted = server.send(server.authorized(key.path("destroy_url").textValue()).DELETE());
        assertEquals(204, deleted.statusCode());
        assertArrayEquals(new byte[0], deleted.body().getBytes(StandardCharsets.UTF_8));
        assertEquals(404, server.send(server.authorized(key.path("destroy_url").textValue()).DELETE()).statusCode());
        assertEquals(404, server.http.get(path).statusCode());
    }

    @Test
    void refusesWhatIsNoUsableKey() throws Exception {
        gpg("--quick-generate-key", "Old <old@example.org>", "rsa1024", "sign", "never");
        for (byte[] bad : List.of(new byte[0], "hello".getBytes(StandardCharsets.UTF_8), new byte[5000],
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n"
                .getBytes(StandardCharsets.UTF_8), gpg("--export"))) {
            assertTrue(read(422, add(bad)).path("error").isTextual());
        }
        assertEquals(1, server.json(KEYS).path("gpg_keys").size());
        assertEquals(401, server.send(new TestForm().file("gpg_key[keydata]", "filename=\"k\"", gpg("--export"))
            .request(server.http.request(KEYS))).statusCode());
    }
}
