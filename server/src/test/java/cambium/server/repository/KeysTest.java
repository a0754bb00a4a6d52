package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import cambium.server.testing.Eventually;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The keys of a repository through their changes, as real clients see them.
final class KeysTest {
    private static final String KEYS = "/api/repositories/acme/shop/keys";

    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private RepositoryServer server;

    /// Starts three days ago, since apt does not take a date that is ahead of the machine's.
    @BeforeEach
    void start() {
        clock.move(Duration.ofDays(-3));
        server = RepositoryServer.start(data.resolve("server"), clock);
        server.create("acme", "shop");
        server.pushed("acme/shop", TestDeb.of("hello", "1", "amd64"));
        server.settled();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> post(String path, Map<String, String> body) {
        return server.send(server.authorized(path).header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(Json.write(body))));
    }

    private JsonNode rotated(String grace) {
        clock.move(Duration.ofSeconds(2));
        server.giveSpareKey();
        HttpResponse<String> answer = post(KEYS + "/rotate", Map.of("grace", grace));
        assertEquals(201, answer.statusCode(), answer.body());
        signedAgain();
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private void signedAgain() {
        Eventually.holds("every channel is signed again", () ->
            server.count("select count(*) from channel where sign_again") == 0);
    }

    private String publicKey(String fingerprint) {
        return server.get(KEYS + "/" + fingerprint).body();
    }

    private List<String> states() {
        var states = new ArrayList<String>();
        server.json(KEYS).path("keys").forEach(key -> states.add(key.path("state").textValue()));
        return states;
    }

    private PrivateApt apt(String name, String key) throws IOException {
        return new PrivateApt(data.resolve(name), key, server.http.uri("/acme/shop/debian") + " bookworm main");
    }

    private int sqv(String key) throws IOException, InterruptedException {
        Path keyring = Files.writeString(data.resolve("sqv.asc"), key);
        Path release = Files.write(data.resolve("Release"),
            server.bytes("/acme/shop/debian/dists/bookworm/Release").body());
        Path signature = Files.write(data.resolve("Release.gpg"),
            server.bytes("/acme/shop/debian/dists/bookworm/Release.gpg").body());
        return new ProcessBuilder("sqv", "--keyring", keyring.toString(), signature.toString(), release.toString())
            .redirectErrorStream(true).redirectOutput(data.resolve("sqv.log").toFile()).start().waitFor();
    }

    @Test
    void clientsWithEitherKeyAreContentDuringTheGraceAndThoseWithTheNewOneAfterwards() throws Exception {
        String former = server.http.get("/acme/shop/gpgkey").body();
        PrivateApt old = apt("old", former);
        old.update();
        String fresh = publicKey(rotated("P1D").path("fingerprint").textValue());
        assertNotEquals(former, fresh);
        String both = server.http.get("/acme/shop/gpgkey").body();
        assertEquals(List.of("in_use", "leaving"), states());
        server.pushed("acme/shop", TestDeb.of("world", "1", "amd64"));
        server.settled();
        PrivateApt young = apt("young", fresh);
        PrivateApt trustsBoth = apt("both", both);
        for (PrivateApt apt : List.of(old, young, trustsBoth)) {
            apt.update();
            assertEquals(2, apt.packagesSeen());
        }
        for (String key : List.of(former, fresh, both)) {
            assertEquals(0, sqv(key));
        }
        clock.move(Duration.ofDays(2));
        server.feature.lookAtKeys();
        signedAgain();
        assertEquals(List.of("in_use", "ended"), states());
        assertEquals(fresh, server.http.get("/acme/shop/gpgkey").body());
        young.update();
        trustsBoth.update();
        assertEquals(0, sqv(fresh));
        assertNotEquals(0, sqv(former));
        assertTrue(old.run("apt-get", "update").text().contains("NO_PUBKEY"));
        assertEquals(1, server.count("select count(*) from signing_key where sealed_secret is null"));
    }

    @Test
    void anotherProcessFinishesARotationThatWasCutOff() throws Exception {
        String former = server.http.get("/acme/shop/gpgkey").body();
        server.feature.close();
        server.giveSpareKey();
        String fingerprint = Json.read(post(KEYS + "/rotate", Map.of("grace", "P9D")).body()
            .getBytes(StandardCharsets.UTF_8)).path("fingerprint").textValue();
        assertEquals(0, sqv(former));
        assertNotEquals(0, sqv(publicKey(fingerprint)), "nobody has signed with it yet");
        // Even the wish to sign is lost.
        server.database.transact(sql -> sql.execute("update channel set sign_again = false"));
        try (var other = RepositoryServer.besides(server, data.resolve("other"))) {
            other.feature.startIndexing();
            Eventually.holds("the other process signs", () ->
                server.count("select cardinality(signed_with) from channel") == 2);
            signedAgain();
            assertEquals(0, sqv(publicKey(fingerprint)));
            assertEquals(0, sqv(former));
        }
    }

    @Test
    void importsAKeyOfGpgsAndNeverShowsItsSecret() throws Exception {
        String secret = key("with-subkey");
        HttpResponse<String> wrong = post(KEYS, Map.of("secret_key", secret, "passphrase", "battery staple"));
        assertEquals(422, wrong.statusCode());
        assertEquals("wrong_passphrase", wrong.headers().firstValue("X-Cambium-Code").orElseThrow());
        HttpResponse<String> imported = post(KEYS, Map.of("secret_key", secret, "passphrase", "correct horse",
            "grace", "PT0S"));
        assertEquals(201, imported.statusCode(), imported.body());
        signedAgain();
        for (String answer : List.of(wrong.body(), imported.body(), server.get(KEYS).body())) {
            assertFalse(answer.contains("PRIVATE") || answer.contains("horse"), answer);
        }
        PrivateApt apt = apt("apt", server.http.get("/acme/shop/gpgkey").body());
        apt.update();
        assertEquals(1, apt.packagesSeen());
        assertEquals("key_known", post(KEYS, Map.of("secret_key", secret, "passphrase", "correct horse"))
            .headers().firstValue("X-Cambium-Code").orElseThrow());
        HttpResponse<String> weak = post(KEYS, Map.of("secret_key", key("sha1-self-signature")));
        assertEquals(422, weak.statusCode());
        assertTrue(weak.body().contains("\"code\":\"weak_hash\""), weak.body());
    }

    private static String key(String name) throws IOException {
        try (var in = KeysTest.class.getResourceAsStream("/cambium/server/signing/" + name + ".asc")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void refusesWhatCannotBe() {
        String inUse = server.json(KEYS).path("keys").get(0).path("fingerprint").textValue();
        assertEquals(409, server.send(server.authorized(KEYS + "/" + inUse).DELETE()).statusCode());
        assertEquals(404, server.send(server.authorized(KEYS + "/ABCD").DELETE()).statusCode());
        assertEquals(422, post(KEYS + "/rotate", Map.of("grace", "soon")).statusCode());
        assertEquals(422, post(KEYS + "/rotate", Map.of("grace", "-PT1S")).statusCode());
        assertEquals(422, post(KEYS, Map.of("passphrase", "x")).statusCode());
        rotated("P9D");
        rotated("P9D");
        server.giveSpareKey();
        assertEquals("too_many_keys", post(KEYS + "/rotate", Map.of()).headers().firstValue("X-Cambium-Code")
            .orElseThrow());
        assertEquals(200, server.send(server.authorized(KEYS + "/" + inUse).DELETE()).statusCode());
        signedAgain();
        assertEquals(List.of("in_use", "leaving", "ended"), states());
        assertEquals(2, server.count("select cardinality(signed_with) from channel"));
    }

    @Test
    void listsPublicKeysToPackagecloudsApiAndKeepsThoseOfPackages() throws Exception {
        String path = "/api/v1/repos/acme/shop/gpg_keys.json";
        JsonNode own = server.json(path).path("gpg_keys").get(0);
        assertEquals("repo", own.path("keytype").textValue());
        assertTrue(own.path("name").textValue().matches("acme-shop-[0-9A-F]{16}\\.pub\\.gpg"), own.toString());
        assertEquals(404, server.send(server.authorized(own.path("destroy_url").textValue()).DELETE()).statusCode());
        var form = new TestForm().file("gpg_key[keydata]", "filename=\"key.asc\"", key("with-subkey").getBytes());
        HttpResponse<String> added = server.send(form.request(server.authorized(path)));
        assertEquals(201, added.statusCode(), added.body());
        JsonNode key = server.json(path).path("gpg_keys").get(1);
        assertEquals("package", key.path("keytype").textValue());
        String text = server.http.get("/acme/shop/gpgkey/" + key.path("name").textValue()).body();
        assertTrue(text.startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----"), text);
        assertEquals(server.http.uri("/acme/shop/gpgkey/" + key.path("name").textValue()).toString(),
            key.path("download_url").textValue());
        assertEquals(204, server.send(server.authorized(key.path("destroy_url").textValue()).DELETE()).statusCode());
        assertEquals(1, server.json(path).path("gpg_keys").size());
        assertEquals(422, server.send(new TestForm().file("gpg_key[keydata]", "filename=\"key.asc\"",
            "no key".getBytes()).request(server.authorized(path))).statusCode());
    }
}
