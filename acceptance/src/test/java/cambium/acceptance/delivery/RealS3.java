package cambium.acceptance.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.acceptance.Checkout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Ceph's radosgw with one bucket, `cambium`, kept in memory: started by `acceptance/ceph/ceph-s3`, which ends it when
/// the pipe to this process breaks, however that comes.
final class RealS3 implements AutoCloseable {
    private static final String ACCESS_KEY = "ACCEPTANCE";
    private static final String SECRET_KEY = "a-secret-of-the-test";

    private final Process process;
    private final int port;

    private RealS3(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static RealS3 start(Path folder, long memoryBytes) throws IOException {
        Files.createDirectories(folder);
        int port = freePort();
        var process = new ProcessBuilder(Checkout.root().resolve("acceptance/ceph/ceph-s3").toString(),
                folder.toString(), Integer.toString(port), ACCESS_KEY, SECRET_KEY, Long.toString(memoryBytes))
                .redirectError(folder.resolve("script.err").toFile()).start();
        var line = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
        if (line == null) {
            throw new AssertionError("radosgw did not start: " + Files.readString(folder.resolve("script.err")));
        }
        return new RealS3(process, port);
    }

    private static int freePort() throws IOException {
        while (true) {
            try (var first = new ServerSocket(0)) {
                int port = first.getLocalPort();
                try (var second = new ServerSocket(port + 1); var third = new ServerSocket(port + 2)) {
                    return Math.min(port, second.getLocalPort() + third.getLocalPort());
                } catch (IOException taken) {
                    continue;
                }
            }
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// What `--blobs` is given; each prefix is a store of its own.
    String place(String prefix) {
        return "s3://cambium/" + prefix + "?endpoint=" + uri();
    }

    /// Where the SDK looks for credentials.
    Map<String, String> credentials() {
        return Map.of("AWS_ACCESS_KEY_ID", ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", SECRET_KEY);
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
