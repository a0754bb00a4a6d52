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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A thousand pull cells that report in the same instant, as after an outage of the network: what it does to the rounds
/// of the coordinator and to a person's commands, and how long until each cell was heard. A cell that is told to come
/// later does so, as `cambium-report` would. Silence and herds come by turns, so that other work on the machine meets
/// both; in both a person gives a command every 200 ms, so that the rounds of both have something new to read.
public final class HerdBench {
    private static final int CELLS = 1_000;
    private static final int TURNS = 3;
    private static final int HERDS = 4;
    private static final int TRIES = 6;
    private static final int REFUSED = 503;
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Duration BETWEEN_HERDS = Duration.ofSeconds(3);
    private static final Duration BETWEEN_COMMANDS = Duration.ofMillis(200);
    private static final String BRAKES = "/api/fleet/brakes";
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
            server.rest();
            var silent = new Phase();
            var reporting = new Phase();
            for (int i = 0; i < TURNS; i++) {
                silent.during(server, threads, () -> {
                    Thread.sleep(SILENCE);
                    return List.of();
                });
                for (int herd = 0; herd < HERDS; herd++) {
                    reporting.during(server, threads, () -> herd(server, cells, threads, tokens));
                    Thread.sleep(BETWEEN_HERDS);
                }
            }
            figures.add("a coordinator's round while " + CELLS + " pull cells are silent", "ms", "",
                    array(silent.rounds));
            figures.add("the same from when all report at once until all are heard, " + TURNS * HERDS + " times", "ms",
                    "p99 ≤ twice the one above", array(reporting.rounds));
            figures.add("a brake is pulled or released → answered, while they are silent", "ms", "",
                    array(silent.commands));
            figures.add("the same until all are heard", "ms", "", array(reporting.commands));
            figures.add("one of " + CELLS + " cells that report at once → heard, in at most " + TRIES + " tries", "ms",
                    "", array(reporting.heard));
        }
    }

    /// What was measured while the cells did one thing, in milliseconds.
    private static final class Phase {
        private final List<Double> rounds = new ArrayList<>();
        private final List<Double> commands = new ArrayList<>();
        private final List<Double> heard = new ArrayList<>();

        void during(BenchServer server, ExecutorService threads, Callable<List<Double>> cells) throws Exception {
            var before = buckets(server);
            var commanding = new AtomicBoolean(true);
            var answered = threads.submit(() -> commands(server, commanding));
            heard.addAll(cells.call());
            var after = buckets(server);
            commanding.set(false);
            commands.addAll(answered.get());
            rounds.addAll(rounds(before, after));
        }
    }

    /// The rounds that ended meanwhile, those of a bucket spread evenly over it, as Prometheus reckons.
    private static List<Double> rounds(TreeMap<Double, Long> before, TreeMap<Double, Long> after) {
        var rounds = new ArrayList<Double>();
        double below = 0;
        for (var bucket : after.entrySet()) {
            long inside = bucket.getValue() - before.getOrDefault(bucket.getKey(), 0L) - rounds.size();
            for (long i = 0; i < inside; i++) {
                rounds.add((below + (bucket.getKey() - below) * (i + 0.5) / inside) * 1_000);
            }
            below = bucket.getKey();
        }
        return rounds;
    }

    /// Pulls a brake and releases it, again and again; how long each took, with what it waits to come again.
    private static List<Double> commands(BenchServer server, AtomicBoolean going) throws Exception {
        var pull = server.request(BRAKES).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"scope\":\"cell c1\",\"why\":\"bench\"}")).build();
        var release = server.request(BRAKES + "?scope=cell%20c1&why=bench").DELETE().build();
        var took = new ArrayList<Double>();
        try (var person = HttpClient.newHttpClient()) {
            for (boolean pulls = true; going.get() || !pulls; pulls = !pulls) {
                took.add(answered(person, pulls ? pull : release));
                Thread.sleep(BETWEEN_COMMANDS);
            }
        }
        return took;
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
            answers.add(threads.submit(() -> answered(client, request)));
        }
        var took = new ArrayList<Double>();
        for (var answer : answers) {
            took.add(answer.get());
        }
        return took;
    }

    private static double answered(HttpClient client, HttpRequest request) throws Exception {
        long begin = System.nanoTime();
        for (int i = 0; i < TRIES; i++) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() < 300) {
                return (System.nanoTime() - begin) / 1e6;
            }
            if (answer.statusCode() != REFUSED) {
                throw new IllegalStateException(answer.statusCode() + " " + answer.body());
            }
            Thread.sleep(Duration.ofSeconds(answer.headers().firstValueAsLong("Retry-After").orElse(1)));
        }
        throw new IllegalStateException("nobody answered in " + TRIES + " tries");
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
