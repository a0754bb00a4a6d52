package cambium.bench.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.bench.BenchServer;
import cambium.bench.Figures;
import cambium.formats.testing.TestDeb;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/// Redirects and files under load: the server on one core beside nginx on the same core, wrk on the other.
public final class ServeBench {
    private static final int ROUNDS = 3;
    private static final int PAGE_LOOKS = 40;
    private static final int MEBIBYTE = 1 << 20;
    private static final int NGINX_PORT = 18_083;
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern FAILED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    private ServeBench() {}

    public static void run(Figures figures, Path folder) throws Exception {
        if (!Peers.isInstalled("nginx") || !Peers.isInstalled("wrk")) {
            System.out.println("bench: serving is left out: nginx and wrk are not installed");
            return;
        }
        Files.createDirectories(folder);
        try (var nginx = Nginx.start(folder); var server = BenchServer.start(folder.resolve("data"),
                List.of("taskset", "-c", "0"))) {
            String redirect = pushed(server);
            String file = server.address() + location(server.address() + redirect);
            server.rest();
            warmUp(server.address() + redirect, file);
            var ours302 = new double[ROUNDS];
            var theirs302 = new double[ROUNDS];
            var oursFile = new double[ROUNDS];
            var theirsFile = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                theirs302[round] = load(nginx.address() + "/redirect", nginx::cpuMillis);
                ours302[round] = load(server.address() + redirect, server::cpuMillis);
                theirsFile[round] = load(nginx.address() + "/file", nginx::cpuMillis);
                oursFile[round] = load(file, server::cpuMillis);
            }
            figures.add("302 to a package with authorization, processor time a request", "µs", "", ours302);
            figures.add("nginx `return 302`, the same", "µs", "", theirs302);
            figures.add("ratio of the two", "×", "≤ 2", ratio(ours302, theirs302));
            figures.add("file of 1 MiB from the folder store, processor time a request", "µs", "", oursFile);
            figures.add("nginx sendfile, the same", "µs", "", theirsFile);
            figures.add("ratio of the two", "×", "≤ 2", ratio(oursFile, theirsFile));
        }
    }

    /// Pages of a large repository, as an anonymous visitor gets them.
    static void pages(BenchServer server, Figures figures, String repository, int packages) throws Exception {
        for (String path : List.of("/" + repository, "/" + repository + "?q=sensor")) {
            var millis = new double[PAGE_LOOKS];
            for (int i = -PAGE_LOOKS; i < PAGE_LOOKS; i++) {
                long begin = System.nanoTime();
                server.get(path);
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - begin) / 1e6;
                }
            }
            figures.add("page `" + path + "` at " + packages + " packages", "ms", "≤ 50", millis);
        }
    }

    /// A repository that asks for a token, and in it one package of a mebibyte; the path of that package.
    private static String pushed(BenchServer server) throws Exception {
        server.post("/api/v1/repos", "application/json",
            "{\"repository\":{\"name\":\"bench/serve\",\"private\":\"1\"}}".getBytes(UTF_8), 201);
        var content = new byte[MEBIBYTE];
        new Random(1).nextBytes(content);
        byte[] deb = TestDeb.of("bench-file", "1.0", "amd64").file("usr/share/bench", content).build();
        CambiumRepository.push(server, "bench/serve", PackageFamily.DEB, deb);
        while (!server.get("/api/v1/repos/bench/serve/packages.json").contains("\"indexed\":true")) {
            Thread.sleep(50);
        }
        return "/bench/serve/debian/pool/bookworm/main/b/bench-file/bench-file_1.0_amd64.deb";
    }

    private static String location(String url) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", BenchServer.authorization()).build(), HttpResponse.BodyHandlers.discarding());
            return answer.headers().firstValue("Location").orElseThrow(
                () -> new IOException(url + " answered " + answer.statusCode() + " without a Location"));
        }
    }

    /// Until what is measured runs as compiled code.
    private static void warmUp(String redirect, String file) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            load(redirect, () -> 0);
            load(file, () -> 0);
        }
    }

    @FunctionalInterface
    private interface Meter {
        double cpuMillis() throws IOException;
    }

    /// Processor time of the server for each request, in microseconds.
    private static double load(String url, Meter meter) throws Exception {
        double before = meter.cpuMillis();
        var wrk = new ProcessBuilder("taskset", "-c", "1", "wrk", "-t1", "-c64", "-d5s", "-H",
            "Authorization: " + BenchServer.authorization(), url).redirectErrorStream(true).start();
        var said = new String(wrk.getInputStream().readAllBytes(), UTF_8);
        double used = meter.cpuMillis() - before;
        var requests = REQUESTS.matcher(said);
        if (wrk.waitFor() != 0 || !requests.find() || FAILED.matcher(said).find()) {
            throw new IOException("wrk on " + url + ":\n" + said);
        }
        return used * 1e3 / Long.parseLong(requests.group(1));
    }

    private static double[] ratio(double[] ours, double[] theirs) {
        var ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ours[i] / theirs[i];
        }
        return ratios;
    }

    /// nginx with one worker on the first core.
    private record Nginx(Process process) implements AutoCloseable {
        static Nginx start(Path folder) throws IOException, InterruptedException {
            var content = new byte[MEBIBYTE];
            new Random(2).nextBytes(content);
            Files.write(folder.resolve("file"), content);
            Files.writeString(folder.resolve("nginx.conf"), """
                daemon off; pid %1$s/nginx.pid; error_log %1$s/nginx.err; worker_processes 1; user root;
                events { worker_connections 1024; }
                http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
                  server { listen 127.0.0.1:%2$d; root %1$s;
                    location = /redirect { return 302 https://blobs.example/pool/bench.deb; } } }
                """.formatted(folder, NGINX_PORT));
            var nginx = new Nginx(new ProcessBuilder("taskset", "-c", "0", "nginx", "-c",
                folder.resolve("nginx.conf").toString()).inheritIO().start());
            Thread.sleep(1_000);
            return nginx;
        }

        String address() {
            return "http://127.0.0.1:" + NGINX_PORT;
        }

        double cpuMillis() throws IOException {
            return BenchServer.cpuMillis(process.toHandle());
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
