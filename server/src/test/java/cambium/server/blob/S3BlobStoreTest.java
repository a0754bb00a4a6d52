package cambium.server.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.testing.Eventually;
import cambium.server.testing.S3Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/// The contract on a real S3 server that checks every signature, and what only S3 has.
final class S3BlobStoreTest extends BlobStoreContract {
    private static final long PART_BYTES = 5L << 20;   // the least that S3 takes

    @TempDir
    Path incoming;

    private S3Bucket bucket;
    private S3BlobStore store;

    @BeforeEach
    void open() throws IOException {
        bucket = TestBucket.create();
        store = S3BlobStore.withParts(bucket, TestBucket.credentials(), incoming, S3Patience.standard(), PART_BYTES);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    BlobStore store() {
        return store;
    }

    private static byte[] large() {
        byte[] bytes = new byte[(int) (2 * PART_BYTES + 12_345)];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private StagedBlob stage(byte[] bytes) throws IOException {
        return assertInstanceOf(Staging.Staged.class,
            store.stage(new ByteArrayInputStream(bytes), bytes.length)).blob();
    }

    private List<MultipartUpload> unfinished() {
        try (var client = TestBucket.client()) {
            return client.listMultipartUploads(list -> list.bucket(bucket.name())).uploads();
        }
    }

    private List<String> keys() {
        try (var client = TestBucket.client()) {
            return client.listObjectsV2(list -> list.bucket(bucket.name())).contents().stream()
                .map(object -> object.key()).toList();
        }
    }

    @Test
    void sendsALargeBlobInPartsUnderItsAddress() throws IOException {
        byte[] bytes = large();
        try (StagedBlob staged = stage(bytes)) {
            assertTrue(store.commitsSlowly(staged));
            store.commit(staged);
            store.commit(staged);
            assertArrayEquals(bytes, store.bytes(staged.id()));
            String id = staged.id().sha256();
            assertEquals(List.of("some/prefix/" + id.substring(0, 2) + "/" + id), keys());
            int middle = (int) PART_BYTES;
            try (InputStream in = store.open(staged.id(), middle - 3, middle + 3)) {
                assertArrayEquals(Arrays.copyOfRange(bytes, middle - 3, middle + 3), in.readAllBytes());
            }
        }
        assertEquals(List.of(), unfinished());
    }

    @Test
    void putsNothingOverABlobThatIsThere() throws IOException {
        BlobId id = store.put(new byte[] {1, 2, 3});
        Instant first = modified(id);
        try (StagedBlob staged = stage(new byte[] {1, 2, 3})) {
            store.commit(staged);
        }
        assertEquals(first, modified(id));
    }

    private Instant modified(BlobId id) {
        try (var client = TestBucket.client()) {
            return client.headObject(head -> head.bucket(bucket.name()).key(bucket.key(id))).lastModified();
        }
    }

    @Test
    void sweepsThePartsOfABrokenUpload() throws IOException {
        try (var client = TestBucket.client()) {
            client.createMultipartUpload(create -> create.bucket(bucket.name()).key("some/prefix/ab/left"));
            client.createMultipartUpload(create -> create.bucket(bucket.name()).key("foreign/left"));
        }
        store.sweep(Instant.now().minusSeconds(3600));
        assertEquals(2, unfinished().size(), "those may be in progress elsewhere");
        store.sweep(Instant.now().plusSeconds(3600));
        assertEquals(List.of("foreign/left"), unfinished().stream().map(MultipartUpload::key).toList());
    }

    @Test
    void saysWhatIsWrongWithAWrongSecret() throws IOException {
        try (var wrong = S3BlobStore.open(bucket, TestBucket.credentials("wrong"), incoming, S3Patience.standard())) {
            assertTrue(wrong.problem().orElseThrow().startsWith("the bucket " + bucket.name()
                + " could not tell of a blob: 403; see whether the credentials are right"));
            assertThrows(BlobsUnavailable.class, () -> wrong.put(new byte[] {1}));
        }
        assertEquals(Optional.empty(), store.problem());
    }

    @Test
    void saysThatABucketIsMissing() throws IOException {
        var missing = TestBucket.at("no-such-bucket", S3Server.running().uri());
        try (var nowhere = S3BlobStore.open(missing, TestBucket.credentials(), incoming, S3Patience.standard())) {
            assertEquals(Optional.of("the bucket no-such-bucket could not take a blob: 404 NoSuchBucket"),
                nowhere.problem());
        }
    }

    @Test
    void signsAnAddressForOneBlobAndOneMethod() throws Exception {
        byte[] bytes = {5, 6, 7};
        BlobId id = store.put(bytes);
        BlobId other = store.put(new byte[] {9});
        String address = presigned(id, false, Duration.ofMinutes(5));
        var answer = get(address);
        assertEquals(200, answer.statusCode());
        assertArrayEquals(bytes, answer.body());
        assertEquals("attachment; filename=\"a+b.deb\"",
            answer.headers().firstValue("Content-Disposition").orElseThrow());
        assertEquals("application/vnd.debian.binary-package",
            answer.headers().firstValue("Content-Type").orElseThrow());
        for (String altered : List.of(address.replace(id.sha256(), other.sha256()), address.replace("a%2Bb", "evil"),
            address.replaceAll("X-Amz-Expires=300", "X-Amz-Expires=301"),
            address.substring(0, address.length() - 1) + (address.endsWith("0") ? "1" : "0"),
            address.substring(0, address.indexOf('?')))) {
            assertEquals(403, get(altered).statusCode(), altered);
        }
        assertEquals(403, send(HttpRequest.newBuilder(URI.create(address)).DELETE()).statusCode());
        assertEquals(403, send(HttpRequest.newBuilder(URI.create(address)).HEAD()).statusCode());
        var head = send(HttpRequest.newBuilder(URI.create(presigned(id, true, Duration.ofMinutes(5)))).HEAD());
        assertEquals(200, head.statusCode());
        assertEquals("3", head.headers().firstValue("Content-Length").orElseThrow());
    }

    @Test
    void refusesTwoWaysToShowARightAtOnce() throws Exception {
        String address = presigned(store.put(new byte[] {5}), false, Duration.ofMinutes(5));
        int status = send(HttpRequest.newBuilder(URI.create(address)).header("Authorization", "Basic dG9rZW46"))
            .statusCode();
        assertTrue(status == 400 || status == 403, "S3 refuses them, so no client may send them on: " + status);
    }

    @Test
    void lendsAnAddressForAWhileOnly() throws Exception {
        String address = presigned(store.put(new byte[] {5}), false, Duration.ofSeconds(1));
        Eventually.holds("the address expires", () -> get(address).statusCode() == 403);
    }

    private String presigned(BlobId id, boolean headOnly, Duration validity) {
        return store.presigned(id, "attachment; filename=\"a+b.deb\"", "application/vnd.debian.binary-package",
            headOnly, validity);
    }

    private static HttpResponse<byte[]> get(String address) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(address)));
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        }
    }

    @Test
    void readsAnAddressOfABucket() {
        assertEquals(new S3Bucket("packages", "prod/", "eu-central-1", Optional.empty(), false),
            S3Bucket.parse("s3://packages/prod/?region=eu-central-1"));
        assertEquals(new S3Bucket("packages", "", "us-east-1", Optional.of(URI.create("http://ceph:7480")), true),
            S3Bucket.parse("s3://packages?endpoint=http://ceph:7480"));
        for (String wrong : List.of("s3://", "s3://UPPER", "http://packages", "s3://packages/../x", "s3://packages?x=1",
            "s3://packages?region=A B", "s3://packages?endpoint=ftp://x", "s3://packages?path-style=maybe",
            "s3://packages?endpoint=http://ceph/path")) {
            assertThrows(IllegalArgumentException.class, () -> S3Bucket.parse(wrong), wrong);
        }
        var secret = assertThrows(IllegalArgumentException.class, () -> S3Bucket.parse("s3://key:hush@packages"));
        assertFalse(secret.getMessage().contains("hush"));
    }
}
