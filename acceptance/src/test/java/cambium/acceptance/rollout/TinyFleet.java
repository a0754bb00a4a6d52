package cambium.acceptance.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;

/// Four cells in three rings. A cell is an address of this process that says which version a file holds; the driver is
/// four shell scripts that write this file, and note each of their runs.
public final class TinyFleet implements AutoCloseable {
    public static final String REPOSITORY = "acme/storefront";
    private static final int REQUESTS_PER_SECOND = 200;
    private final Path folder;
    private final HttpServer cells;
    private final long begun = System.nanoTime();

    private TinyFleet(Path folder, HttpServer cells) {
        this.folder = folder;
        this.cells = cells;
    }

    public static TinyFleet start(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("cells"));
        var fleet = new TinyFleet(folder,
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        for (var step : List.of("deploy", "pdm", "qa", "rollback")) {
            var script = folder.resolve("drivers/tiny/" + step);
            Files.createDirectories(script.getParent());
            Files.writeString(script, script(step));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        fleet.cells.createContext("/", fleet::answer);
        fleet.cells.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        fleet.cells.start();
        return fleet;
    }

    private static String script(String step) {
        var work = switch (step) {
            case "deploy", "rollback" -> "sleep 0.3\nprintf %s \"$CAMBIUM_VERSION\" >\"$cell.new\"\n"
                    + "mv \"$cell.new\" \"$cell\"\n";
            default -> "";
        };
        return "#!/bin/sh\nset -eu\ncell=$CAMBIUM_SETTING_FOLDER/cells/$CAMBIUM_CELL\n"
                + "echo \"$CAMBIUM_ATTEMPT\" >>\"$CAMBIUM_SETTING_FOLDER/runs\"\n"
                + "echo \"" + step + " of $CAMBIUM_VERSION\"\n"
                + "while [ -e \"$CAMBIUM_SETTING_FOLDER/hold\" ]; do sleep 0.05; done\n" + work;
    }

    /// `/<cell>/health` and `/<cell>/metrics`. Traffic comes evenly, without an error but from versions named bad.
    private void answer(HttpExchange exchange) throws IOException {
        var words = exchange.getRequestURI().getPath().split("/");
        var file = folder.resolve("cells").resolve(words[1]);
        var version = Files.exists(file) ? Files.readString(file) : "";
        long requests = (System.nanoTime() - begun) / 1_000_000_000L * REQUESTS_PER_SECOND;
        var body = words[2].equals("health")
                ? "{\"version\":\"" + version + "\",\"status\":\"" + (version.isEmpty() ? "empty" : "ok") + "\"}"
                : metrics(requests, version.contains("bad") ? requests / 2 : 0);
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static String metrics(long requests, long errors) {
        return "# TYPE http_requests_total counter\nhttp_requests_total{code=\"200\"} " + (requests - errors)
                + "\nhttp_requests_total{code=\"500\"} " + errors
                + "\n# TYPE http_request_duration_seconds histogram\n"
                + "http_request_duration_seconds_bucket{le=\"0.01\"} " + requests
                + "\nhttp_request_duration_seconds_bucket{le=\"+Inf\"} " + requests
                + "\nhttp_request_duration_seconds_sum " + requests * 0.005
                + "\nhttp_request_duration_seconds_count " + requests + "\n";
    }

    /// From now on steps that have begun do not end.
    public void holdSteps() throws IOException {
        Files.createFile(folder.resolve("hold"));
    }

    public void letStepsEnd() throws IOException {
        Files.delete(folder.resolve("hold"));
    }

    /// The folder for `serve --drivers`.
    public String drivers() {
        return folder.resolve("drivers").toString();
    }

    /// A fleet with the perimeter behind ring 1.
    public String yaml() {
        return """
                fleet: tiny
                product: {repository: %s, distribution: debian/bookworm, packages: [storefront]}
                perimeter: 1
                graduate: automatic
                policy: {bake: {time: 1s, samples: 20}, timeout: 1m}
                rings:
                  - ring: 0
                    cells:
                      - %s
                  - ring: 1
                    cells:
                      - %s
                  - ring: 2
                    cells:
                      - %s
                      - %s
                """.formatted(REPOSITORY, cell("canary", "canary"), cell("main", "main"),
                cell("one", "secondary"), cell("two", "secondary"));
    }

    private String cell(String name, String kind) {
        var address = "http://127.0.0.1:" + cells.getAddress().getPort() + "/" + name;
        return "{cell: %s, kind: %s, driver: tiny, health: \"%s/health\", metrics: \"%s/metrics\", "
                .concat("settings: {folder: '%s'}}").formatted(name, kind, address, address, folder);
    }

    /// Makes the repository and declares the fleet.
    public Hosted declare(RunningServer server) throws IOException {
        var shop = Hosted.create(server, REPOSITORY);
        server.putYaml("/api/fleet", yaml());
        return shop;
    }

    /// Pushes the product's package and waits until it can be deployed.
    public void push(Hosted shop, String version) throws Exception {
        shop.pushed(DebBuilder.of("storefront", version).build(folder));
        shop.awaitIndexed();
    }

    public static void deploy(RunningServer server, String version) throws IOException {
        server.post("/api/fleet/rollouts", "{\"version\":\"" + version + "\"}");
    }

    /// Whether every ring has it.
    public static boolean isComplete(RunningServer server, String version) throws IOException {
        for (var row : server.get("/api/fleet").get("versions")) {
            if (row.get("version").asText().equals(version)) {
                return row.get("state").asText().equals("complete");
            }
        }
        return false;
    }

    /// No attempt ran twice, failed, was lost or was held back, and no version was blocked. Gives the fleet's log.
    public String assertNothingWrong(RunningServer server) throws IOException {
        assertEquals(new HashSet<>(runs()).size(), runs().size(), "an attempt ran twice");
        var log = server.send("GET", "/api/fleet/events?limit=500", "application/json", "").body();
        for (var wrong : List.of("\"Failed\"", "\"Lost\"", "\"TimedOut\"", "VersionBlocked", "AttemptWithheld")) {
            assertFalse(log.contains(wrong), wrong + " in " + log);
        }
        assertTrue(log.contains("\"Succeeded\""), log);
        return log;
    }

    /// The attempt of every run of a driver's script, in order.
    public List<String> runs() throws IOException {
        var file = folder.resolve("runs");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /// What a cell runs; empty before its first deployment.
    public String versionOf(String cell) throws IOException {
        var file = folder.resolve("cells").resolve(cell);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Override
    public void close() {
        cells.stop(0);
    }
}
