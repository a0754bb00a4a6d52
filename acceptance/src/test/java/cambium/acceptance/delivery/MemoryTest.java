package cambium.acceptance.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Uploads that are larger together than the server's heap. How large one is can be set, in MiB, for a full run:
/// `./dev mvn -pl acceptance -am package -Dtest=MemoryTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Dtest.arguments=-Dcambium.upload=4095`.
class MemoryTest {
    private static final int HEAP_MIB = 128;
    private static final int UPLOAD_MIB = Integer.getInteger("cambium.upload", 160);
    private static final int PARALLEL = 50;
    private static final int EACH_MIB = 3;
    private static final int PATIENCE_MINUTES = 3;
    private static final String BOUNDARY = "----cambium-memory";
    private static final String ANYFILE = "230";

    @TempDir
    static Path folder;

    private static RunningServer shared;

    @BeforeAll
    static void start() throws IOException {
        shared = serve(folder.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        shared.close();
    }

    private static RunningServer serve(Path data, Map<String, String> environment, String... settings)
            throws IOException {
        var all = new HashMap<>(environment);
        all.put("JAVA_TOOL_OPTIONS", "-Xmx" + HEAP_MIB + "m");
        return RunningServer.start(data, all, settings);
    }

    /// Bytes that no one stores twice by accident, made as they are asked for; halfway it may wait for others.
    private static final class Generated extends InputStream {
        private final byte[] block = new byte[64 << 10];
        private final MessageDigest sha256 = digest();
        private final CountDownLatch halfway;
        private final long half;
        private long left;

        Generated(long seed, long bytes, CountDownLatch halfway) {
            new Random(seed).nextBytes(block);
            this.left = bytes;
            this.half = bytes / 2;
            this.halfway = halfway;
        }

        private static MessageDigest digest() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read in blocks");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = (int) Math.min(Math.min(length, block.length), left);
            System.arraycopy(block, 0, target, offset, count);
            sha256.update(block, 0, count);
            if (left > half && left - count <= half) {
                halfway.countDown();
                try {
                    halfway.await(PATIENCE_MINUTES, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            left -= count;
            return count;
        }

        String sha256() {
            return HexFormat.of().formatHex(sha256.digest());
        }
    }

    private static HttpResponse<String> push(Hosted shop, String name, Generated content) throws IOException {
        var head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n\r\n"
                + ANYFILE + "\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; "
                + "name=\"package[package_file]\"; filename=\"" + name + "\"\r\n\r\n";
        var parts = List.<InputStream>of(new ByteArrayInputStream(head.getBytes(UTF_8)), content,
                new ByteArrayInputStream(("\r\n--" + BOUNDARY + "--\r\n").getBytes(UTF_8))).iterator();
        var body = new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return parts.next();
            }
        });
        return shop.server().send(HttpRequest.newBuilder(shop.server().at(shop.packagesPath()))
                .timeout(Duration.ofMinutes(30)).header("Authorization", RunningServer.basic(RunningServer.TOKEN))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofInputStream(() -> body)).build());
    }

    private static void pushesLarge(RunningServer server, String store) throws IOException {
        var shop = Hosted.create(server, "acme/large");
        var content = new Generated(1, (long) UPLOAD_MIB << 20, new CountDownLatch(1));
        long start = System.nanoTime();
        var answer = push(shop, "large.bin", content);
        assertEquals(201, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(content.sha256()), answer.body());
        say(server, UPLOAD_MIB + " MiB into " + store, start);
    }

    /// For whoever measures; the test is that the heap sufficed.
    private static void say(RunningServer server, String what, long start) throws IOException {
        var memory = Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM")).findFirst().orElse("").replaceAll("\\s+", " ");
        System.out.println(what + ", heap " + HEAP_MIB + " MiB: " + memory + ", "
                + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
    }

    @Test
    void takesAnUploadLargerThanItsHeap() throws Exception {
        pushesLarge(shared, "a folder");
    }

    @Test
    void takesAnUploadLargerThanItsHeapIntoABucket() throws Exception {
        try (var s3 = RealS3.start(folder.resolve("ceph"), ((long) UPLOAD_MIB + 1024) << 20);
                var server = serve(folder.resolve("bucket-data"), s3.credentials(), "--blobs", s3.place("packages"))) {
            pushesLarge(server, "a bucket");
        }
    }

    /// None is told to come again: whoever finds all connections to the database in use waits for a turn.
    @Test
    void takesFiftyUploadsAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var shop = Hosted.create(shared, "acme/many");
            var halfway = new CountDownLatch(PARALLEL);
            var answers = new ArrayList<Future<HttpResponse<String>>>();
            long start = System.nanoTime();
            for (int i = 0; i < PARALLEL; i++) {
                var content = new Generated(100 + i, (long) EACH_MIB << 20, halfway);
                var name = "file" + i + ".bin";
                answers.add(threads.submit(() -> push(shop, name, content)));
            }
            for (var answer : answers) {
                var given = answer.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
                assertEquals(201, given.statusCode(), () -> given.body() + "\n" + shared.output());
            }
            assertEquals(PARALLEL, shop.fileNames().size());
            say(shared, PARALLEL + " uploads of " + EACH_MIB + " MiB at once", start);
        }
    }
}
