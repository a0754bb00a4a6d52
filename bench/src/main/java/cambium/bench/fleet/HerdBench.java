package cambium.bench.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.bench.BenchServer;
import cambium.bench.Figures;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A thousand pull cells that report in the same instant, as after an outage of the network: what it does to the rounds
/// of the coordinator, and how long until each cell was heard. A cell that is told to come later does so, as
/// `cambium-report` would.
public final class HerdBench {
    private static final int CELLS = 1_000;
    private static final int HERDS = 10;
    private static final int TRIES = 6;
    private static final int REFUSED = 503;
    private static final Duration STRETCH = Duration.ofSeconds(60);
    private static final String ROUND = "cambium_coordinator_round_seconds";
    private static final Pattern BUCKET = Pattern.compile(ROUND + "_bucket\\{.*le=\"([^\"]+)\".*} ([0-9.E+]+)");
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([0-9a-f]+)\"");

    private HerdBench() {}

    public static void run(Figures figures, Path folder) throws Exception {
        try (var server = BenchServer.start(folder.resolve("data"));
                var cells = HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor()).build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.post("/api/v1/repos", "application/json",
                    "{\"repository\":{\"name\":\"bench/fleet\"}}".getBytes(UTF_8), 201);
            server.put("/api/fleet", "application/yaml", yaml().getBytes(UTF_8), 200);
            var tokens = new ArrayList<String>();
            for (int i = 0; i < CELLS; i++) {
                var token = TOKEN.matcher(server.post("/api/fleet/cells/c" + i + "/token", "application/json",
                        new byte[0], 201));
                tokens.add(token.find() ? token.group(1) : "");
            }
            herd(server, cells, threads, tokens);
            Thread.sleep(STRETCH.dividedBy(HERDS));
            var quiet = rounds(server, () -> {
                Thread.sleep(STRETCH);
                return List.<Double>of();
            });
            figures.add("a coordinator's round while " + CELLS + " pull cells are silent (between buckets)", "ms", "",
                    quiet.rounds());
            var herds = rounds(server, () -> {
                var answered = new ArrayList<Double>();
                for (int i = 0; i < HERDS; i++) {
                    answered.addAll(herd(server, cells, threads, tokens));
                    Thread.sleep(STRETCH.dividedBy(HERDS));
                }
                return answered;
            });
            figures.add("the same while all report at once, " + HERDS + " times", "ms", "p99 ≤ twice the one above",
                    herds.rounds());
            figures.add("one of " + CELLS + " cells that report at once → heard, in at most " + TRIES + " tries", "ms",
                    "", herds.answered());
        }
    }

    private record Measured(double[] rounds, double[] answered) {}

    /// The rounds that ended meanwhile, each as the middle of its bucket.
    private static Measured rounds(BenchServer server, Callable<List<Double>> meanwhile) throws Exception {
        var before = buckets(server);
        var answered = meanwhile.call();
        var after = buckets(server);
        var rounds = new ArrayList<Double>();
        double below = 0;
        long counted = 0;
        for (var bucket : after.entrySet()) {
            long upTo = bucket.getValue() - before.getOrDefault(bucket.getKey(), 0L);
            double middle = (below + bucket.getKey()) / 2;
            for (; counted < upTo; counted++) {
                rounds.add(middle * 1_000);
            }
            below = bucket.getKey();
        }
        return new Measured(array(rounds), array(answered));
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static TreeMap<Double, Long> buckets(BenchServer server) throws Exception {
        var buckets = new TreeMap<Double, Long>();
        BUCKET.matcher(server.get("/metrics")).results().filter(one -> !one.group(1).equals("+Inf"))
                .forEach(one -> buckets.put(Double.valueOf(one.group(1)), (long) Double.parseDouble(one.group(2))));
        if (buckets.isEmpty()) {
            throw new IllegalStateException("the server tells no rounds");
        }
        return buckets;
    }

    /// All cells report; how long each took until it was heard, in milliseconds.
    private static List<Double> herd(BenchServer server, HttpClient client,
            ExecutorService threads, List<String> tokens) throws Exception {
        var answers = new ArrayList<Future<Double>>();
        for (int i = 0; i < CELLS; i++) {
            var request = HttpRequest.newBuilder(URI.create(server.address() + "/api/fleet/cells/c" + i + "/report"))
                    .header("Authorization", "Bearer " + tokens.get(i)).header("Accept", "text/plain")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("packages=herd+1.0")).build();
            answers.add(threads.submit(() -> heard(client, request)));
        }
        var took = new ArrayList<Double>();
        for (var answer : answers) {
            took.add(answer.get());
        }
        return took;
    }

    private static double heard(HttpClient client, HttpRequest request) throws Exception {
        long begin = System.nanoTime();
        for (int i = 0; i < TRIES; i++) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return (System.nanoTime() - begin) / 1e6;
            }
            if (answer.statusCode() != REFUSED) {
                throw new IllegalStateException(answer.statusCode() + " " + answer.body());
            }
            Thread.sleep(Duration.ofSeconds(answer.headers().firstValueAsLong("Retry-After").orElse(1)));
        }
        throw new IllegalStateException("a cell was not heard in " + TRIES + " tries");
    }

    private static String yaml() {
        return """
                fleet: herd
                product: {repository: bench/fleet, distribution: debian/bookworm, packages: [herd]}
                perimeter: 0
                policy: {health: none, bake: {time: 1h, samples: 0}, timeout: 30m}
                rings:
                  - ring: 0
                    cells:
                """ + IntStream.range(0, CELLS).mapToObj(i -> """
                      - {cell: c%d, kind: %s, driver: pull}
                """.formatted(i, i == 0 ? "main" : "secondary")).collect(Collectors.joining());
    }
}
