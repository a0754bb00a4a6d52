package cambium.server.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// Cells of a folder each, driven by real shell programs that write the version into it, and answered for over HTTP by
/// one small server: `/NAME/health` tells that version, `/NAME/metrics` counts up with every look, with errors while
/// the cell runs a version whose name ends in `-bad`.
public final class TinyCells implements AutoCloseable {
    private static final long REQUESTS_PER_LOOK = 100;

    private final Path folder;
    private final HttpServer server;
    private final Map<String, AtomicLong> requests = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> errors = new ConcurrentHashMap<>();

    public TinyCells(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("cells"));
        Files.createFile(folder.resolve("steps"));
        write("deploy",
                "mkdir -p \"$cells/$CAMBIUM_CELL\"\necho \"$CAMBIUM_VERSION\" > \"$cells/$CAMBIUM_CELL/version\"\n");
        write("rollback", "echo \"$CAMBIUM_VERSION\" > \"$cells/$CAMBIUM_CELL/version\"\n");
        write("pdm", "echo migrated\n");
        write("qa", "echo checked\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void write(String step, String body) throws IOException {
        var file = Files.createDirectories(drivers().resolve("tiny")).resolve(step);
        Files.writeString(file, "#!/bin/sh\nset -eu\ncells='" + folder.resolve("cells") + "'\n"
                + "echo \"$CAMBIUM_ATTEMPT\" >> '" + folder.resolve("steps") + "'\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public Path drivers() {
        return folder.resolve("drivers");
    }

    public Path attempts() {
        return folder.resolve("attempts");
    }

    /// The attempts whose step really ran, in order.
    public List<String> steps() {
        try {
            return Files.readAllLines(folder.resolve("steps"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address(String cell, String what) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + cell + "/" + what;
    }

    /// One line of `fleet.yaml`.
    public String line(String cell, String kind) {
        return "      - {cell: " + cell + ", kind: " + kind + ", driver: tiny, health: \"" + address(cell, "health")
                + "\", metrics: \"" + address(cell, "metrics") + "\"}\n";
    }

    public String version(String cell) {
        try {
            var file = folder.resolve("cells").resolve(cell).resolve("version");
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        var words = exchange.getRequestURI().getPath().split("/");
        var version = version(words[1]);
        var body = words[2].equals("health") ? "{\"version\":\"" + version + "\",\"status\":\"ok\"}"
                : metrics(words[1], version);
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(version.isEmpty() ? 503 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String metrics(String cell, String version) {
        var failed = errors.computeIfAbsent(cell, _ -> new AtomicLong())
                .addAndGet(version.endsWith("-bad") ? REQUESTS_PER_LOOK / 2 : 0);
        var all = requests.computeIfAbsent(cell, _ -> new AtomicLong()).addAndGet(REQUESTS_PER_LOOK);
        return "# TYPE http_requests_total counter\nhttp_requests_total{code=\"200\"} " + (all - failed)
                + "\nhttp_requests_total{code=\"500\"} " + failed + "\n";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
