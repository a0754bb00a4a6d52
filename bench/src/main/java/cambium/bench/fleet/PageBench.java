package cambium.bench.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.bench.BenchServer;
import cambium.bench.Figures;
import cambium.bench.repository.CambiumRepository;
import cambium.bench.repository.PackageFamily;
import cambium.formats.testing.TestDeb;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Pages of a fleet of 5,000 pull cells in 50 rings, over HTTP: a version is deployed, and the cells of
/// ring 0 report it. Asked one after the other, once warm.
public final class PageBench {
    private static final int RINGS = 50;
    private static final int CELLS_A_RING = 100;
    private static final int WARM_UP = 60;
    private static final int MEASURED = 60;
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([0-9a-f]+)\"");

    private PageBench() {}

    public static void run(Figures figures, Path folder) throws Exception {
        try (var server = BenchServer.start(folder.resolve("data")); var client = HttpClient.newHttpClient()) {
            server.post("/api/v1/repos", "application/json",
                    "{\"repository\":{\"name\":\"bench/fleet\"}}".getBytes(UTF_8), 201);
            CambiumRepository.push(server, "bench/fleet", PackageFamily.DEB, TestDeb.of("paged", "1.0", "all").build());
            while (!server.get("/api/v1/repos/bench/fleet/packages.json").contains("\"indexed\":true")) {
                Thread.sleep(50);
            }
            server.put("/api/fleet", "application/yaml", yaml().getBytes(UTF_8), 200);
            server.post("/api/fleet/rollouts", "application/json", "{\"version\":\"1.0\"}".getBytes(UTF_8), 201);
            for (int cell = 0; cell < CELLS_A_RING; cell++) {
                report(server, client, "c0-" + cell);
            }
            for (var path : new String[] {"/", "/versions/1.0", "/cells", "/cells/c0-7"}) {
                pages(server, client, path, WARM_UP);
                figures.add("page " + path + " of 5,000 cells in 50 rings, asked → whole", "ms", "≤ 200",
                        pages(server, client, path, MEASURED));
            }
        }
    }

    private static void report(BenchServer server, HttpClient client, String cell) throws Exception {
        var token = TOKEN.matcher(server.post("/api/fleet/cells/" + cell + "/token", "application/json", new byte[0],
                201));
        if (!token.find()) {
            throw new IllegalStateException("no token for " + cell);
        }
        var request = HttpRequest.newBuilder(URI.create(server.address() + "/api/fleet/cells/" + cell + "/report"))
                .header("Authorization", "Bearer " + token.group(1))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("packages=paged+1.0")).build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
    }

    private static double[] pages(BenchServer server, HttpClient client, String path, int times) throws Exception {
        var millis = new double[times];
        var request = server.request(path).header("Accept", "text/html").GET().build();
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            millis[i] = (System.nanoTime() - begin) / 1e6;
            if (answer.statusCode() != 200 || answer.body().length < 2_000) {
                throw new IllegalStateException(path + " answered " + answer.statusCode());
            }
        }
        return millis;
    }

    private static String yaml() {
        var yaml = new StringBuilder("""
                fleet: pages
                product: {repository: bench/fleet, distribution: debian/bookworm, packages: [paged]}
                perimeter: 0
                policy: {health: none, bake: {time: 1h, samples: 0}, timeout: 30m}
                rings:
                """);
        for (int ring = 0; ring < RINGS; ring++) {
            yaml.append("  - ring: ").append(ring).append("\n    cells:\n");
            for (int cell = 0; cell < CELLS_A_RING; cell++) {
                yaml.append("      - {cell: c").append(ring).append('-').append(cell).append(", kind: ")
                        .append(ring == 0 && cell == 0 ? "main" : "secondary").append(", driver: pull}\n");
            }
        }
        return yaml.toString();
    }
}
