package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file far larger than what the heap may grow by goes to disk while it comes in.
final class BigPushTest {
    private static final long PAYLOAD_BYTES = 300L << 20;
    private static final long SAMPLE_EVERY_BYTES = 50L << 20;
    private static final long MAX_GROWTH_BYTES = 16L << 20;

    @TempDir
    Path data;

    /// Zeros that measure the heap in use from time to time, and how much has reached the disk.
    private final class Payload extends InputStream {
        private final AtomicLong mostHeap = new AtomicLong();
        private long left = PAYLOAD_BYTES;
        private boolean seenOnDisk;

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            if (left / SAMPLE_EVERY_BYTES != (left - length) / SAMPLE_EVERY_BYTES) {
                mostHeap.accumulateAndGet(heapInUse(), Math::max);
                seenOnDisk |= left < PAYLOAD_BYTES / 2 && bytesIncoming() > PAYLOAD_BYTES / 4;
            }
            int n = (int) Math.min(left, length);
            java.util.Arrays.fill(target, offset, offset + n, (byte) 0);
            left -= n;
            return n;
        }
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private long bytesIncoming() {
        try (Stream<Path> files = Files.walk(data.resolve("incoming"))) {
            return files.filter(file -> file.toString().endsWith(".part")).mapToLong(file -> file.toFile().length())
                .sum();
        } catch (java.io.IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    @Test
    void heapStaysFlat() throws Exception {
        try (RepositoryServer server = RepositoryServer.startIdle(data, java.time.InstantSource.system())) {
            server.create("acme", "shop");
            server.pushed("acme/shop", TestDeb.of("small", "1", "amd64"));
            byte[] small = TestDeb.of("big", "1", "amd64");
            String text = new String(small, StandardCharsets.ISO_8859_1);
            byte[] start = text.substring(0, text.indexOf("data.tar.gz")).getBytes(StandardCharsets.ISO_8859_1);
            byte[] open = new TestForm().field("package[distro_version_id]", "215").raw("--" + TestForm.BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"package[package_file]\"; filename=\"x\"\r\n\r\n")
                .unended().bytes();
            var payload = new Payload();
            List<InputStream> parts = List.of(new ByteArrayInputStream(open), new ByteArrayInputStream(start),
                new ByteArrayInputStream(
                    TestDeb.arHeader("data.tar", PAYLOAD_BYTES).getBytes(StandardCharsets.US_ASCII)),
                payload, new ByteArrayInputStream(("\r\n--" + TestForm.BOUNDARY + "--\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            long before = heapInUse();
            var answer = server.send(server.authorized("/api/v1/repos/acme/shop/packages.json")
                .header("Content-Type", "multipart/form-data; boundary=" + TestForm.BOUNDARY)
                .POST(BodyPublishers.ofInputStream(() -> new SequenceInputStream(Collections.enumeration(parts)))));
            assertEquals(201, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("\"size\":\"" + (start.length + 60 + PAYLOAD_BYTES) + "\""));
            long growth = payload.mostHeap.get() - before;
            assertTrue(growth < MAX_GROWTH_BYTES, "the heap grew by " + growth + " bytes");
            assertTrue(payload.seenOnDisk, "the first half is on disk before the second is sent");
            assertEquals(0, bytesIncoming());
        }
    }
}
