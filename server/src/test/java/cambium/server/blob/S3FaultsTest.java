package cambium.server.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.blob.FaultyPath.Fault;
import cambium.server.http.TrustedCertificates;
import cambium.server.testing.S3Server;
import cambium.server.testing.TestCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong between us and a real S3 server, and what a caller sees of it.
final class S3FaultsTest {
    private static final S3Patience SHORT =
        new S3Patience(8, Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(1), 1024);
    private static final S3Patience SHORTEST =
        new S3Patience(2, Duration.ofMillis(300), Duration.ofMillis(800), Duration.ofMillis(300), 1024);

    @TempDir
    Path incoming;

    /// The faults in this order, then none.
    private static Supplier<Fault> first(Fault... faults) {
        Iterator<Fault> left = List.of(faults).iterator();
        return () -> {
            synchronized (left) {
                return left.hasNext() ? left.next() : new Fault.None();
            }
        };
    }

    private interface Work {
        void on(S3BlobStore store, FaultyPath path) throws IOException;
    }

    private void with(Supplier<Fault> faults, S3Patience patience, Work work) throws IOException {
        S3Bucket bucket = TestBucket.create();
        try (var path = new FaultyPath(S3Server.running().uri(), faults);
            var store = S3BlobStore.withParts(TestBucket.at(bucket.name(), path.uri()), TestBucket.credentials(),
                incoming, patience, 5L << 20)) {
            work.on(store, path);
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aCertificateIsToldBeforeItEndsAndRefusedByNameAndEndOnceItHas() throws Exception {
        var bucket = TestBucket.create();
        TrustedCertificates.watchAll();
        var good = new TestCertificate(incoming.resolve("good"), 2);
        good.watchedEarly();
        var ended = new TestCertificate(incoming.resolve("ended"), -1);
        withTls(bucket, good, good, (store, path) -> {
            assertArrayEquals(bytes(100), store.bytes(store.put(bytes(100))));
            assertTrue(TestCertificate.isWatchedEarly(), "its end is known");
            assertTrue(path.requests() > 0);
        });
        withTls(bucket, ended, ended, (store, path) -> {
            assertEquals("the bucket " + bucket.name() + " could not tell of a blob: " + ended.ended(),
                store.problem().orElseThrow());
            assertEquals(0, path.requests(), "nothing was said to it");
        });
        withTls(bucket, good, ended, (store, path) -> assertEquals("the bucket " + bucket.name()
            + " could not tell of a blob: it shows no certificate that the JDK trusts",
            store.problem().orElseThrow()));
        try (var path = new FaultyPath(S3Server.running().uri(), first(), socket(good)); var store = trusting(good,
                URI.create(path.uri().toString().replace("127.0.0.1", "localhost")), bucket)) {
            assertEquals("the bucket " + bucket.name() + " could not tell of a blob: the certificate of localhost "
                + "(CN=peer) is not for that name", store.problem().orElseThrow());
            assertEquals(0, path.requests());
        }
    }

    private void withTls(S3Bucket bucket, TestCertificate shown, TestCertificate trusted, TlsWork work)
            throws Exception {
        try (var path = new FaultyPath(S3Server.running().uri(), first(), socket(shown));
                var store = trusting(trusted, path.uri(), bucket)) {
            work.on(store, path);
        }
    }

    private interface TlsWork {
        void on(S3BlobStore store, FaultyPath path) throws Exception;
    }

    private static ServerSocket socket(TestCertificate shown) throws Exception {
        return shown.context().getServerSocketFactory().createServerSocket(0);
    }

    /// As `-Djavax.net.ssl.trustStore` does for a whole server.
    private S3BlobStore trusting(TestCertificate trusted, URI at, S3Bucket bucket) throws IOException {
        System.setProperty("javax.net.ssl.trustStore", trusted.store().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", TestCertificate.PASSWORD);
        try {
            return S3BlobStore.withParts(TestBucket.at(bucket.name(), at), TestBucket.credentials(),
                incoming.resolve("received"), SHORT, 5L << 20);
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }

    @Test
    void worksWhileHalfOfTheRequestsAreSentAway() throws IOException {
        long seed = 42;
        var random = new Random(seed);
        Supplier<Fault> half = () -> {
            synchronized (random) {
                return random.nextBoolean() ? new Fault.SlowDown() : new Fault.None();
            }
        };
        with(half, new S3Patience(12, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(5), 1024),
            (store, _) -> {
                byte[] large = bytes((10 << 20) + 1);
                try (StagedBlob staged = assertInstanceOf(Staging.Staged.class,
                    store.stage(new ByteArrayInputStream(large), large.length)).blob()) {
                    store.commit(staged);
                    assertArrayEquals(large, store.bytes(staged.id()), "seed " + seed);
                }
                for (int i = 0; i < 5; i++) {
                    byte[] small = bytes(1000 + i);
                    assertArrayEquals(small, store.bytes(store.put(small)), "seed " + seed);
                }
            });
    }

    @Test
    void saysThatTheStoreIsUnavailableAfterSeveralTries() throws IOException {
        with(Fault.SlowDown::new, SHORTEST, (store, path) -> {
            var failed = assertThrows(BlobsUnavailable.class, () -> store.put(bytes(10)));
            assertTrue(failed.getMessage().contains("503"), failed.getMessage());
            assertEquals(SHORTEST.tries(), path.requests());
        });
    }

    @Test
    void givesUpOnAServerThatNeverAnswers() throws IOException {
        with(Fault.Silence::new, SHORTEST, (store, _) -> {
            assertThrows(BlobsUnavailable.class, () -> store.put(bytes(10)));
            assertTrue(store.problem().isPresent());
        });
    }

    @Test
    void countsAPutWhoseAnswerWasLostAsDone() throws IOException {
        with(first(new Fault.None(), new Fault.BreakAfter(0)), SHORT, (store, _) -> {
            byte[] small = bytes(100);
            assertArrayEquals(small, store.bytes(store.put(small)));
        });
    }

    @Test
    void readsOnWhereAConnectionBroke() throws IOException {
        byte[] all = bytes(3 << 20);
        var faults = first(new Fault.None(), new Fault.None(), new Fault.BreakAfter(1 << 20),
            new Fault.BreakAfter(1 << 20));
        with(faults, SHORT, (store, _) -> {
            BlobId id = store.put(all);
            try (InputStream in = store.open(id, 5, all.length)) {
                assertArrayEquals(java.util.Arrays.copyOfRange(all, 5, all.length), in.readAllBytes());
            }
        });
    }

    @Test
    void endsAReadThatBreaksAgainAndAgain() throws IOException {
        byte[] all = bytes(1 << 20);
        Iterator<Fault> puts = List.<Fault>of(new Fault.None(), new Fault.None()).iterator();
        with(() -> puts.hasNext() ? puts.next() : new Fault.BreakAfter(2000), SHORT, (store, _) -> {
            BlobId id = store.put(all);
            try (InputStream in = store.open(id, 0, all.length)) {
                assertThrows(BlobsUnavailable.class, in::readAllBytes);
            }
        });
    }
}
