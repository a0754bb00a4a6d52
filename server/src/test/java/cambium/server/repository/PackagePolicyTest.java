package cambium.server.repository;

import static cambium.server.repository.RpmTest.EL9;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.TestRpm;
import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a repository may ask of packages, with signatures that gpg itself has made.
final class PackagePolicyTest {
    private static final String POLICY = "/api/repositories/acme/shop/policy";
    private static final int RSA = 268;
    private static final int DSA = 267;
    private static final int LEGACY = 1002;

    @TempDir
    Path data;

    private RepositoryServer server;
    private TestGpg gpg;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        server.create("acme", "shop");
        gpg = new TestGpg(data);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static TestRpm rpm() {
        return TestRpm.of("tool", "1.0", "1.el9", "x86_64").file("/usr/bin/tool", "tool");
    }

    /// From the first byte of the main header on: what signatures are over.
    private static byte[] signedPart(byte[] rpm, boolean withPayload) {
        ByteBuffer bytes = ByteBuffer.wrap(rpm);
        int signatureEnd = 96 + 16 + 16 * bytes.getInt(96 + 8) + bytes.getInt(96 + 12);
        int start = signatureEnd + (-signatureEnd & 7);
        int end = start + 16 + 16 * bytes.getInt(start + 8) + bytes.getInt(start + 12);
        return Arrays.copyOfRange(rpm, start, withPayload ? rpm.length : end);
    }

    private byte[] signed(int tag, String key, String... options) throws Exception {
        byte[] signature = gpg.signed(key, signedPart(rpm().build(), tag == LEGACY), options);
        return rpm().signature(fields -> fields.bytes(tag, signature)).build();
    }

    private JsonNode set(String json) {
        return answered(200, server.send(server.authorized(POLICY).header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json))));
    }

    private static JsonNode answered(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> push(byte[] rpm) {
        return server.push("acme/shop", rpm, EL9, "?idempotent=true");
    }

    private void taken(byte[] rpm) {
        HttpResponse<String> answer = push(rpm);
        assertTrue(List.of(200, 201).contains(answer.statusCode()), answer.body());
        forget();
    }

    /// Makes the name free for other bytes, which no one can by the API.
    private void forget() {
        server.database.transact(sql -> sql.execute("update package set state = 'deleted', deleted_at = now(), "
            + "filename = 'gone-' || id"));
    }

    /// Refused for that reason, and nothing of it kept.
    private void refused(String reason, byte[] rpm) throws Exception {
        HttpResponse<String> answer = push(rpm);
        JsonNode body = answered(422, answer);
        assertEquals("policy", answer.headers().firstValue("X-Cambium-Code").orElse(""));
        assertTrue(body.path("package_file").path(0).asText().contains(reason), answer.body());
        assertEquals(0, server.count("select count(*) from package where deleted_at is null"));
        try (var left = Files.walk(data.resolve("incoming"))) {
            assertEquals(List.of(), left.filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".lock"))
                .toList());
        }
    }

    @Test
    void asksNothingUntilItIsTold() throws Exception {
        JsonNode open = server.json(POLICY);
        assertEquals("{\"signatures\":\"any\",\"digests\":\"any\",\"sources\":true,\"architectures\":[]}",
            open.toString());
        taken(rpm().build());
        set("{\"signatures\":\"strong\"}");
        refused("is not signed", rpm().build());
        assertEquals(200, server.send(server.authorized(POLICY).DELETE()).statusCode());
        assertEquals(open, server.json(POLICY));
        taken(rpm().build());
        List<String> kinds = StreamSupport.stream(server.json("/api/repositories/acme/shop/events").path("events")
            .spliterator(), false).map(event -> event.path("kind").asText()).filter(kind -> kind.contains("policy"))
            .toList();
        assertEquals(List.of("package_policy_added", "package_policy_removed"), kinds);
    }

    @Test
    void refusesSignaturesThatClientsRefuse() throws Exception {
        gpg.make("good", "rsa3072");
        gpg.make("short", "rsa1024");
        gpg.make("old", "dsa1024");
        gpg.make("curve", "ed25519");
        set("{\"signatures\":\"strong\"}");
        refused("is not signed", rpm().build());
        refused("SHA-1", signed(RSA, "good", "--digest-algo", "SHA1"));
        refused("RSA with fewer than 2048 bits", signed(RSA, "short"));
        refused("DSA", signed(DSA, "old", "--enable-dsa2", "--digest-algo", "SHA256"));
        refused("cannot be read", rpm().signature(fields -> fields.bytes(RSA, new byte[40])).build());
        refused("is not one of a file", signed(RSA, "good", "--textmode"));
        byte[] good = gpg.signed("good", signedPart(rpm().build(), false));
        byte[] bad = gpg.signed("short", signedPart(rpm().build(), true));
        refused("RSA with fewer", rpm().signature(fields -> fields.bytes(RSA, good).bytes(LEGACY, bad)).build());
        taken(signed(RSA, "good"));
        taken(signed(LEGACY, "good"));
        taken(signed(DSA, "curve"));
        taken(rpm().signature(fields -> fields.texts(278, List.of(Base64.getEncoder().encodeToString(good)))).build());
    }

    @Test
    void knowsWhoseSignatureItIs() throws Exception {
        gpg.make("good", "rsa3072");
        gpg.make("other", "ed25519");
        set("{\"signatures\":\"known\"}");
        refused("one of the 0 package keys", signed(RSA, "good"));
        answered(201, server.send(new TestForm().file("gpg_key[keydata]", "filename=\"k\"",
            gpg.run("--export", "good")).request(server.authorized("/api/v1/repos/acme/shop/gpg_keys"))));
        refused("one of the 1 package keys", signed(DSA, "other"));
        refused("is not signed", rpm().build());
        refused("SHA-1", signed(RSA, "good", "--digest-algo", "SHA1"));
        byte[] ofOther = gpg.signed("good", signedPart(rpm().summary("another").build(), false));
        refused("one of the 1 package keys", rpm().signature(fields -> fields.bytes(RSA, ofOther)).build());
        byte[] ofHeaderOnly = gpg.signed("good", signedPart(rpm().build(), false));
        refused("one of the 1 package keys", rpm().signature(fields -> fields.bytes(LEGACY, ofHeaderOnly)).build());
        taken(signed(RSA, "good"));
        taken(signed(LEGACY, "good"));
        byte[] first = gpg.signed("other", signedPart(rpm().build(), false));
        taken(rpm().signature(fields -> fields.texts(278, List.of(Base64.getEncoder().encodeToString(first),
            Base64.getEncoder().encodeToString(ofHeaderOnly)))).build());
    }

    @Test
    void refusesDigestsThatCanBeForged() throws Exception {
        set("{\"digests\":\"strong\"}");
        refused("states header SHA-1, header and payload MD5 only", rpm().signature(fields -> fields.without(273))
            .header(fields -> fields.without(5092).without(5093).without(5097)).build());
        refused("states header SHA-1, header SHA-256, header and payload MD5, payload SHA-1 only", rpm()
            .header(fields -> fields.without(5097).number(5093, 2).texts(5092, List.of(sha1OfPayload()))).build());
        taken(rpm().build());
        taken(rpm().formatSix().build());
    }

    private static String sha1OfPayload() {
        byte[] rpm = rpm().build();
        byte[] payload = Arrays.copyOfRange(signedPart(rpm, true), signedPart(rpm, false).length,
            signedPart(rpm, true).length);
        try {
            return java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-1").digest(payload));
        } catch (java.security.NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    @Test
    void refusesSourcesAndArchitecturesThatItIsNotFor() throws Exception {
        JsonNode set = set("{\"sources\":false,\"architectures\":[\"x86_64\",\"amd64\"]}");
        assertEquals("[\"amd64\",\"x86_64\"]", set.path("architectures").toString());
        refused("is a source package", TestRpm.of("tool", "1.0", "1.el9", "src").file("tool.spec", "x").build());
        refused("is for aarch64, and this repository takes packages for amd64, x86_64 only",
            TestRpm.of("tool", "1.0", "1.el9", "aarch64").file("/usr/bin/tool", "tool").build());
        taken(rpm().build());
        assertEquals(422, server.push("acme/shop", TestDeb.of("tool", "1", "arm64")).statusCode());
        server.pushed("acme/shop", TestDeb.of("tool", "1", "amd64"));
        server.pushed("acme/shop", TestDeb.of("docs", "1", "all"));
        assertEquals(201, push(TestRpm.of("docs", "1.0", "1.el9", "noarch").file("/usr/share/d", "d").build())
            .statusCode());
    }

    @Test
    void isAskedOfWhatIsPromotedAndCopiedToo() throws Exception {
        server.create("acme", "strict");
        answered(200, server.send(server.authorized(POLICY.replace("shop", "strict"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString("signatures=strong&architectures=x86_64"))));
        gpg.make("good", "rsa3072");
        assertEquals(201, push(rpm().build()).statusCode());
        String file = "el/9/tool-1.0-1.el9.x86_64.rpm";
        HttpResponse<String> promoted = to("/api/v1/repos/acme/shop/" + file + "/promote.json");
        assertEquals(422, promoted.statusCode());
        assertEquals("policy", promoted.headers().firstValue("X-Cambium-Code").orElse(""));
        assertTrue(promoted.body().contains("is not signed"), promoted.body());
        JsonNode copied = answered(422, to("/api/repositories/acme/shop/packages/" + file + "/copy"));
        assertEquals("policy", copied.path("code").asText());
        assertEquals(1, server.json("/api/v1/repos/acme/shop/packages.json").size());
        assertEquals(0, server.json("/api/v1/repos/acme/strict/packages.json").size());

        forget();
        assertEquals(201, push(signed(RSA, "good")).statusCode());
        assertEquals(200, to("/api/v1/repos/acme/shop/" + file + "/promote.json").statusCode());
        assertEquals(1, server.json("/api/v1/repos/acme/strict/packages.json").size());
    }

    private HttpResponse<String> to(String path) {
        return server.send(server.authorized(path).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("destination=acme/strict")));
    }

    @Test
    void aPolicyThatIsNoneIsRefusedAndTheFormerStays() {
        set("{\"signatures\":\"strong\"}");
        for (String wrong : List.of("{\"signatures\":\"some\"}", "{\"digests\":\"good\"}", "{\"sources\":\"maybe\"}",
            "{\"architectures\":\"x86 64\"}")) {
            JsonNode refusal = answered(422, server.send(server.authorized(POLICY)
                .header("Content-Type", "application/json").PUT(BodyPublishers.ofString(wrong))));
            assertEquals("invalid_field", refusal.path("code").asText());
            assertTrue(wrong.contains(refusal.path("field").asText()), refusal.toString());
        }
        assertEquals("strong", server.json(POLICY).path("signatures").asText());
        assertEquals(401, server.http.get(POLICY).statusCode());
        assertFalse(server.http.get(POLICY).body().contains("strong"));
    }
}
