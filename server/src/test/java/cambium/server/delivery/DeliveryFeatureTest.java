package cambium.server.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.InMemoryBlobStore;
import cambium.server.blob.S3BlobStore;
import cambium.server.blob.S3Bucket;
import cambium.server.blob.S3Patience;
import cambium.server.blob.TestBucket;
import cambium.server.config.DeliveryChoice;
import cambium.server.config.StartRefused;
import cambium.server.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ways to lead clients to blobs, and the probe that decides whether a server is ready.
final class DeliveryFeatureTest {
    private static final byte[] SECRET = new byte[32];
    private static final String OLD = "11".repeat(32);
    private static final String NEW = "22".repeat(32);

    @TempDir
    Path temp;

    private final BlobStore memory = new InMemoryBlobStore();

    private static DeliveryFeature.Settings settings(DeliveryChoice choice, Optional<Path> keys, boolean tls) {
        return new DeliveryFeature.Settings(choice, keys, SECRET, tls);
    }

    private static DeliveryFeature own(BlobStore blobs, Optional<Path> keys) {
        return new DeliveryFeature(settings(new DeliveryChoice.Own(), keys, true), blobs, InstantSource.system());
    }

    private S3BlobStore bucket(S3Bucket bucket) throws IOException {
        return S3BlobStore.open(bucket, TestBucket.credentials(), temp.resolve("incoming"), S3Patience.standard());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text);
    }

    /// Written again, with another moment of change even where the clock of the file system is coarse.
    private void change(Path file, String text, int number) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(number)));
    }

    private static String refused(DeliveryFeature.Settings settings, BlobStore blobs) {
        return assertThrows(StartRefused.class,
            () -> new DeliveryFeature(settings, blobs, InstantSource.system()).close()).getMessage();
    }

    @Test
    void isReadyOnceItHasFetchedABlobThroughItsOwnRedirect() {
        try (var delivery = own(memory, Optional.empty()); var server = TestServer.of(delivery.routes())) {
            assertTrue(delivery.problem().isPresent(), "nothing was tried yet");
            delivery.look(server.uri("/"));
            assertEquals(Optional.empty(), delivery.problem());
            assertEquals(302, server.get(DeliveryProbe.PATH).statusCode());
            assertTrue(server.get(DeliveryProbe.PATH).headers().firstValue("Location").orElseThrow()
                .startsWith("/blobs/"));
        }
    }

    @Test
    void staysUnreadyWhereTheRedirectLeadsNowhere() throws IOException {
        BlobId lost = memory.put(DeliveryProbe.BYTES);
        var forgetful = new ForgetfulStore(memory, lost);
        try (var delivery = own(forgetful, Optional.empty()); var server = TestServer.of(delivery.routes())) {
            delivery.look(server.uri("/"));
            assertEquals(Optional.of("the redirect leads to 127.0.0.1:" + server.port() + ", which answers 404"),
                delivery.problem());
            forgetful.forgets = false;
            delivery.look(server.uri("/"));
            assertEquals(Optional.empty(), delivery.problem());
        }
    }

    @Test
    void staysUnreadyWithAWrongSecretOfTheBucket() throws IOException {
        S3Bucket bucket = TestBucket.create();
        try (var good = bucket(bucket)) {
            good.put(DeliveryProbe.BYTES);
        }
        var patience = S3Patience.standard();
        try (var wrong = S3BlobStore.open(bucket, TestBucket.wrongCredentials(), temp.resolve("i"), patience);
            var delivery = new DeliveryFeature(settings(new DeliveryChoice.Presigned(), Optional.empty(), false), wrong,
                InstantSource.system());
            var server = TestServer.of(delivery.routes())) {
            delivery.look(server.uri("/"));
            assertTrue(delivery.problem().orElseThrow().contains("403; see whether the credentials are right"));
        }
    }

    @Test
    void leadsToThePresignedAddressOfARealBucket() throws Exception {
        try (var blobs = bucket(TestBucket.create());
            var delivery = new DeliveryFeature(settings(new DeliveryChoice.Presigned(), Optional.empty(), false), blobs,
                InstantSource.system());
            var server = TestServer.of(delivery.routes())) {
            delivery.look(server.uri("/"));
            assertEquals(Optional.empty(), delivery.problem());
            byte[] bytes = {1, 2, 3};
            var parcel = new Parcel(blobs.put(bytes), "a_1~b+c_all.deb", false);
            String address = delivery.delivery().address(parcel, Instant.now());
            assertEquals(address, delivery.delivery().address(parcel, Instant.now()), "signed once for a while");
            try (var client = HttpClient.newHttpClient()) {
                var answer = client.send(HttpRequest.newBuilder(URI.create(address)).build(),
                    BodyHandlers.ofByteArray());
                assertArrayEquals(bytes, answer.body());
                assertEquals("attachment; filename=\"a_1~b+c_all.deb\"",
                    answer.headers().firstValue("Content-Disposition").orElseThrow());
            }
        }
    }

    @Test
    void refusesToLeadFromHttpsToHttp() throws IOException {
        try (var blobs = bucket(TestBucket.create())) {
            assertTrue(refused(settings(new DeliveryChoice.Presigned(), Optional.empty(), true), blobs)
                .contains("plain http"));
        }
        try (var probe = new DeliveryProbe(true)) {
            assertEquals(Optional.of("https would be redirected to http"),
                probe.direct(URI.create("http://127.0.0.1:1/"), "http://elsewhere.example/x"));
        }
    }

    @Test
    void refusesSettingsThatDoNotGoTogether() throws IOException {
        assertTrue(refused(settings(new DeliveryChoice.Presigned(), Optional.empty(), false), memory)
            .contains("needs blobs in a bucket"));
        var cloudFront = new DeliveryChoice.CloudFront("https://d1.cloudfront.net");
        assertTrue(refused(settings(cloudFront, Optional.empty(), false), memory).contains("needs blobs in a bucket"));
        try (var blobs = bucket(TestBucket.create())) {
            assertTrue(refused(settings(cloudFront, Optional.empty(), false), blobs).contains("needs --delivery-keys"));
            var pem = file("keys", "K2JCJMDEHXQW5F missing.pem\n");
            assertTrue(refused(settings(cloudFront, Optional.of(pem), false), blobs).contains("keys, line 1: "));
        }
        var short1 = file("short", "# ours\n" + OLD + "\nhush\n");
        String said = refused(settings(new DeliveryChoice.Own(), Optional.of(short1), false), memory);
        assertTrue(said.contains("short, line 3: a key is 64 lower-case hexadecimal digits"), said);
        assertFalse(said.contains("hush"), said);
    }

    @Test
    void acceptsAddressesOfOldAndNewKeysWhileTheyAreChanged() throws IOException {
        Path keys = file("keys", OLD + "\n");
        var parcel = new Parcel(memory.put(new byte[] {7}), "a.deb", false);
        var oldSigner = new OwnDelivery(List.of(HexFormat.of().parseHex(OLD)));
        var newSigner = new OwnDelivery(List.of(HexFormat.of().parseHex(NEW)));
        try (var delivery = own(memory, Optional.of(keys)); var server = TestServer.of(delivery.routes())) {
            delivery.look(server.uri("/"));
            assertEquals(200, server.get(oldSigner.address(parcel, Instant.now())).statusCode());
            assertEquals(403, server.get(newSigner.address(parcel, Instant.now())).statusCode());
            change(keys, "nonsense\n", 1);
            delivery.look(server.uri("/"));
            assertTrue(delivery.keyProblem().orElseThrow().contains("keys, line 1"));
            assertEquals(Optional.empty(), delivery.problem(), "the former keys go on");
            assertEquals(200, server.get(delivery.delivery().address(parcel, Instant.now())).statusCode());
            change(keys, NEW + "\n" + OLD + "\n", 2);
            delivery.look(server.uri("/"));
            assertEquals(Optional.empty(), delivery.keyProblem());
            assertEquals(200, server.get(oldSigner.address(parcel, Instant.now())).statusCode());
            assertEquals(200, server.get(newSigner.address(parcel, Instant.now())).statusCode());
            String fresh = delivery.delivery().address(parcel, Instant.now());
            BlobId blob = parcel.blob();
            String expires = fresh.replaceAll(".*expires=([0-9]+).*", "$1");
            String signature = fresh.replaceAll(".*signature=", "");
            assertTrue(newSigner.isValid(blob, "a.deb", expires, signature, Instant.now()), "the new one signs");
            change(keys, NEW + "\n", 3);
            delivery.look(server.uri("/"));
            change(keys, NEW + "\n# the old one is gone\n", 4);
            delivery.look(server.uri("/"));
            assertEquals(403, server.get(oldSigner.address(parcel, Instant.now())).statusCode());
        }
    }

    @Test
    void carriesNoNameThatAHeaderCannot() throws IOException {
        BlobId blob = memory.put(new byte[] {7});
        for (String name : List.of("a\r\nSet-Cookie: x", "a b", "\"", "ä", "")) {
            assertThrows(IllegalArgumentException.class, () -> new Parcel(blob, name, false), name);
        }
        assertEquals("%2B%22~%C3%A4", Escaped.text("+\"~" + new String(new byte[] {(byte) 0xc3, (byte) 0xa4},
            StandardCharsets.UTF_8)));
    }
}
