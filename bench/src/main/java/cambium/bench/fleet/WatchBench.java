package cambium.bench.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.bench.Figures;
import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.Verdict;
import cambium.server.config.CellHosts;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.observe.HttpCellObserver;
import cambium.server.fleet.observe.PostgresSamples;
import cambium.server.sql.Database;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Looks at 5,000 cells and judges half of them at once, each beside its own past and ten cells that were not changed:
/// how soon a coordinator that takes over has seen all, what a tick costs, and what it holds in memory. The cells are
/// addresses of this process; a day of their past is in the store beforehand.
public final class WatchBench {
    private static final int CELLS = 5_000;
    private static final int JUDGED = CELLS / 2;
    private static final int BUCKETS = 12;
    private static final int REQUESTS_PER_SECOND = 50;
    private static final long PHASE_NANOS = 180_000_000_000L;
    private static final double MIB = 1 << 20;

    private WatchBench() {}

    public static void run(Figures figures, Path folder) throws Exception {
        var cells = new Cells();
        var observer = new AtomicReference<HttpCellObserver>();
        try (cells; var tested = new CoordinatorUnderTest(folder, _ -> cells, database -> {
            observer.set(new HttpCellObserver(new PostgresSamples(database), folder.resolve("none"), () -> { },
                    InstantSource.system(), CellHosts.ANY));
            return observer.get();
        })) {
            tested.declare(cells.yaml());
            fill(tested.database);
            figures.add("stored samples of a day, of " + CELLS + " cells", "MiB", "", storedMiB(tested.database));
            figures.add("these read, cell by cell", "s", "", recalled(tested.database));
            measure(figures, tested, cells);
        } finally {
            observer.get().close();
        }
    }

    private static void measure(Figures figures, CoordinatorUnderTest tested, Cells cells) throws Exception {
        var begin = System.nanoTime();
        tested.ticks(() -> tested.fleet().cells().values().stream().allMatch(cell -> cell.reachable()));
        figures.add("first tick of a coordinator → " + CELLS + " cells seen", "s", "", seconds(begin));
        tested.ticks(() -> cells.measured.size() == CELLS);
        figures.add("first tick → the figures of all read", "s", "", seconds(begin));
        figures.add("a tick while " + CELLS + " cells are looked at", "ms", "", ticksFor(tested, PHASE_NANOS / 3));
        figures.add("heap in use then, after a collection", "MiB", "", heapMiB());
        tested.deploy();
        begin = System.nanoTime();
        tested.ticks(() -> tested.fleet().watches().size() == JUDGED);
        figures.add("deploy → " + JUDGED + " cells run it and are watched", "s", "", seconds(begin));
        figures.add("a tick while " + JUDGED + " of them are judged (rounds, until nothing is new)", "ms", "",
                ticksFor(tested, PHASE_NANOS));
        figures.add("heap in use then, after a collection", "MiB", "", heapMiB());
        var fleet = tested.fleet();
        long told = fleet.watches().stream().filter(watch -> fleet.cells().get(watch.cell()).health()
                .filter(known -> known.verdict() == Verdict.HEALTHY).isPresent()).count();
        figures.add("of the cells that are judged, called healthy at the end", "", Integer.toString(JUDGED), told);
    }

    private static double[] ticksFor(CoordinatorUnderTest tested, long nanos) throws InterruptedException {
        var end = System.nanoTime() + nanos;
        return tested.ticks(() -> System.nanoTime() > end).stream().mapToDouble(each -> each).toArray();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /// As the observer does after a take-over, on a thread of its own.
    private static double recalled(Database database) {
        var begin = System.nanoTime();
        var samples = new PostgresSamples(database);
        for (int i = 0; i < CELLS; i++) {
            samples.since("", CellId.of("c" + i), Instant.EPOCH);
        }
        return seconds(begin);
    }

    private static double heapMiB() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
    }

    private static double storedMiB(Database database) {
        return database.read(sql -> sql.fetchSingle("select pg_total_relation_size('fleet_sample')")
                .get(0, Long.class)) / MIB;
    }

    /// Of each cell more than the store holds after a day: the last hour as it was read, instead of a minute apart.
    private static void fill(Database database) {
        var bounds = IntStream.range(1, BUCKETS).mapToObj(i -> Double.toString(bound(i)))
                .collect(Collectors.joining(",", "[", ",null]"));
        var counts = IntStream.rangeClosed(1, BUCKETS).mapToObj(i -> "%s").collect(Collectors.joining(",", "[", "]"));
        var each = IntStream.rangeClosed(1, BUCKETS).mapToObj(i -> "n * " + i + " / " + BUCKETS)
                .collect(Collectors.joining(", "));
        database.transact(sql -> sql.execute("insert into fleet_sample (cell, at, body) "
                + "select 'c' || cell, at, format('{\"requests\":%s,\"errors\":%s,\"bounds\":" + bounds
                + ",\"counts\":" + counts + ",\"saturation\":0.1}', n, n / 1000, " + each + ") "
                + "from generate_series(0, " + (CELLS - 1) + ") cell, lateral (select at, "
                + "(extract(epoch from at - now()) * " + REQUESTS_PER_SECOND + ")::bigint + 10000000 as n from ("
                + "select now() - age * interval '30 minutes' as at from generate_series(3, 53) age union all "
                + "select now() - age * interval '20 seconds' from generate_series(1, 180) age) ages) past"));
        database.transact(sql -> sql.execute("analyze fleet_sample"));
    }

    private static double bound(int bucket) {
        return 0.005 * (1 << bucket);
    }

    /// The cells, and their driver: a step ends as soon as it begins.
    private static final class Cells implements CellDriver, AutoCloseable {
        private final HttpServer server;
        private final long begin = System.nanoTime();
        private final Set<String> deployed = ConcurrentHashMap.newKeySet();
        final Set<String> measured = ConcurrentHashMap.newKeySet();
        private final Set<AttemptId> taken = ConcurrentHashMap.newKeySet();

        Cells() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                try (exchange) {
                    var path = exchange.getRequestURI().getPath().split("/");
                    var answer = (path[2].equals("metrics") ? metrics(path[1]) : health(path[1])).getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                }
            });
            server.start();
        }

        String yaml() {
            var url = "http://127.0.0.1:" + server.getAddress().getPort();
            return """
                    fleet: bench
                    product: {repository: bench/fleet, distribution: debian/bookworm, packages: [bench]}
                    perimeter: 1
                    policy: {health: required, bake: {time: 1h, samples: 0}, timeout: 30m}
                    rings:
                    """ + ring(0, 0, JUDGED, url) + ring(1, JUDGED, CELLS, url);
        }

        private static String ring(int number, int from, int to, String url) {
            return "  - ring: " + number + "\n    cells:\n" + IntStream.range(from, to).mapToObj(i ->
                    ("      - {cell: c%1$d, kind: %3$s, driver: bench, health: '%2$s/c%1$d/health', "
                            + "metrics: '%2$s/c%1$d/metrics'}%n").formatted(i, url, i == 0 ? "main" : "secondary"))
                .collect(Collectors.joining());
        }

        private String health(String cell) {
            return "{\"version\":\"" + (deployed.contains(cell) ? CoordinatorUnderTest.VERSION : "0.9")
                    + "\",\"status\":\"ok\"}";
        }

        private String metrics(String cell) {
            measured.add(cell);
            long requests = 10_000_000 + (System.nanoTime() - begin) * REQUESTS_PER_SECOND / 1_000_000_000;
            var text = new StringBuilder("http_requests_total{code=\"200\"} " + (requests - requests / 1000)
                    + "\nhttp_requests_total{code=\"500\"} " + requests / 1000
                    + "\nprocess_open_fds 100\nprocess_max_fds 1000\n");
            for (int i = 1; i <= BUCKETS; i++) {
                text.append("http_request_duration_seconds_bucket{le=\"")
                        .append(i == BUCKETS ? "+Inf" : String.format(Locale.ROOT, "%s", bound(i))).append("\"} ")
                        .append(requests * i / BUCKETS).append('\n');
            }
            return text.toString();
        }

        @Override
        public Taking start(StepOrder order) {
            taken.add(order.attempt());
            deployed.add(order.cell().toString());
            return Taking.TAKEN;
        }

        @Override
        public StepProgress progress(AttemptId attempt) {
            return taken.contains(attempt) ? new StepProgress.Ended(new AttemptResult.Succeeded())
                    : new StepProgress.Unknown();
        }

        @Override
        public Optional<InputStream> log(AttemptId attempt) {
            return Optional.empty();
        }

        @Override
        public boolean cancel(AttemptId attempt, String why) {
            return false;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
