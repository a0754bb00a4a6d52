package cambium.server.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// A real S3 server, Ceph's radosgw with its objects in memory, started once for the tests of a JVM by
/// `acceptance/ceph/ceph-s3`. It ends with the JVM, whose end of the pipe it watches.
public final class S3Server {
    private static final int MIN_PORT = 12_000;
    private static final int PORTS = 3;
    private static S3Server running;

    private final URI uri;
    private final String accessKey;
    private final String secretKey;

    private S3Server(URI uri, String accessKey, String secretKey) {
        this.uri = uri;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    /// Started with the first call.
    public static synchronized S3Server running() {
        if (running == null) {
            running = start();
        }
        return running;
    }

    private static S3Server start() {
        String access = "TESTACCESSKEY";
        String secret = UUID.randomUUID().toString();
        try {
            Path folder = Files.createTempDirectory("cambium-s3-");
            int port = freePort();
            Process process = new ProcessBuilder(script().toString(), folder.toString(), Integer.toString(port), access,
                secret).redirectError(folder.resolve("script.err").toFile()).start();
            // Whose objects are in memory leaves only logs behind.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, folder)));
            var said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            if (line == null || !line.startsWith("ready ")) {
                throw new AssertionError("the S3 server did not start; its folder is " + folder);
            }
            return new S3Server(URI.create("http://127.0.0.1:" + port), access, secret);
        } catch (IOException e) {
            throw new AssertionError("the S3 server did not start", e);
        }
    }

    private static void end(Process process, Path folder) {
        try {
            process.getOutputStream().close();
            process.waitFor();
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("the S3 server was not cleaned up: " + e);
        }
    }

    private static Path script() {
        for (Path root : new Path[] {Path.of("").toAbsolutePath(), Path.of("").toAbsolutePath().getParent()}) {
            Path script = root.resolve("acceptance/ceph/ceph-s3");
            if (Files.exists(script)) {
                return script;
            }
        }
        throw new AssertionError("run this below the folder of the project");
    }

    /// The first of a few neighbouring ports that nobody listens on.
    private static int freePort() throws IOException {
        while (true) {
            int port;
            try (var probe = new ServerSocket(0)) {
                port = probe.getLocalPort();
            }
            if (port >= MIN_PORT && isFree(port + 1) && isFree(port + 2) && port + PORTS < 65_535) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (var probe = new ServerSocket(port)) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    public URI uri() {
        return uri;
    }

    public String accessKey() {
        return accessKey;
    }

    public String secretKey() {
        return secretKey;
    }
}
