package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.health.HealthSample;
import cambium.server.config.CellHosts;
import cambium.server.fleet.SteadyTime;
import cambium.server.testing.Eventually;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpCellObserverTest {
    private static final CellId CELL = CellId.of("c1");
    private final InstantSource time = new SteadyTime(InstantSource.system(), System::nanoTime);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final MapSamples samples = new MapSamples();
    private final AtomicInteger news = new AtomicInteger();
    private final AtomicInteger redirected = new AtomicInteger();
    private HttpServer cell;
    private volatile int status = 200;
    private volatile String health = "{\"version\":\"1.0\",\"status\":\"ok\"}";
    private volatile String metrics = "http_requests_total{code=\"200\"} 90\nhttp_requests_total{code=\"503\"} 10\n";
    private HttpCellObserver observer;

    /// Keeps samples in memory.
    private static final class MapSamples implements Samples {
        private volatile CountDownLatch readable = new CountDownLatch(0);
        final ConcurrentSkipListMap<CellId, List<HealthSample>> kept = new ConcurrentSkipListMap<>();

        @Override
        public void add(String source, SequencedMap<CellId, HealthSample> samples) {
            samples.forEach((cell, sample) -> kept.computeIfAbsent(cell, _ -> new ArrayList<>()).add(sample));
        }

        @Override
        public List<HealthSample> since(String source, CellId cell, Instant from) {
            try {
                readable.await();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            return List.copyOf(kept.getOrDefault(cell, List.of()));
        }

        @Override
        public void thin(Instant from, Instant to, Duration spacing) {}

        @Override
        public void forgetBefore(Instant instant) {}
    }

    @BeforeEach
    void start() throws Exception {
        cell = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cell.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        cell.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            if (path.equals("/elsewhere")) {
                redirected.incrementAndGet();
            }
            var body = (path.equals("/metrics") ? metrics : health).getBytes(StandardCharsets.UTF_8);
            if (status == 0) {
                try {
                    hanging.await();
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                }
            }
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status == 0 ? 200 : status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        cell.start();
        observer = new HttpCellObserver(samples, Path.of("none"), news::incrementAndGet, time, CellHosts.ANY);
    }

    @AfterEach
    void stop() {
        hanging.countDown();
        observer.close();
        cell.stop(0);
    }

    private Fleet fleet() {
        var base = "http://127.0.0.1:" + cell.getAddress().getPort();
        var spec = new CellSpec(CELL, CellSpec.Kind.MAIN, "local", Optional.of(base + "/health"),
                Optional.of(base + "/metrics"), new TreeMap<>());
        var ring = new RingSpec(RingNumber.INNERMOST, RingPolicy.DEFAULT, List.of(spec));
        var fleet = new FleetSpec("f", new FleetSpec.Product("a/b", "debian/bookworm", List.of("p")),
                RingNumber.INNERMOST,
                FleetSpec.Graduation.AUTOMATIC, List.of(ring));
        return Fleet.empty().after(new FleetEvent.FleetApplied(time.instant(), "anna", fleet));
    }

    private Optional<FleetEvent.CellObserved> observed() {
        return observer.observe(fleet(), time.instant()).stream().map(FleetEvent.CellObserved.class::cast).findFirst();
    }

    private void becomes(boolean reachable, Optional<String> version) {
        Eventually.holds("reachable " + reachable + " with " + version, () -> observed().filter(look ->
                look.reachable() == reachable && look.version().equals(version.map(ProductVersion::of))).isPresent());
    }

    @Test
    void seesTheVersionAndItsChange() {
        assertEquals(Optional.empty(), observed(), "nothing is said before the first look");
        becomes(true, Optional.of("1.0"));
        health = "{\"version\":\"2.0\",\"status\":\"ok\"}";
        becomes(true, Optional.of("2.0"));
        Eventually.holds("both changes are news", () -> news.get() >= 2);
        Eventually.holds("a sample is kept", () -> !samples.since("", CELL, Instant.MIN).isEmpty());
        var sample = samples.since("", CELL, Instant.MIN).getFirst();
        assertEquals(100.0, sample.requests());
        assertEquals(10.0, sample.errors());
    }

    /// One whose past is not read yet would be judged as if it had none.
    @Test
    void isSeenAtOnceAndJudgedWhenItsPastIsKnown() {
        samples.readable = new CountDownLatch(1);
        var attempt = AttemptId.of("r1.c1.deploy.1");
        var version = ProductVersion.of("1.0");
        var at = time.instant();
        var deployed = fleet().after(List.of(new FleetEvent.VersionRegistered(at, "anna", version, List.of()),
                new FleetEvent.RolloutStarted(at, "anna", 1, version),
                new FleetEvent.RingOpened(at, 1, version, RingNumber.INNERMOST),
                new FleetEvent.AttemptRequested(at, attempt, RingNumber.INNERMOST, version, Optional.empty(),
                        Duration.ofMinutes(1)),
                new FleetEvent.AttemptStarted(at, attempt),
                new FleetEvent.AttemptFinished(at, attempt, new AttemptResult.Succeeded()),
                new FleetEvent.CellObserved(at.plusMillis(1), CELL, true, Optional.of(version))));
        Eventually.holds("it is seen", () -> observer.observe(deployed, time.instant()).stream()
                .anyMatch(FleetEvent.CellObserved.class::isInstance));
        assertEquals(1, observer.observe(deployed, time.instant()).size(), "and nothing else is said");
        samples.readable.countDown();
        Eventually.holds("it is judged", () -> observer.observe(deployed, time.instant()).stream()
                .anyMatch(FleetEvent.VerdictReached.class::isInstance));
    }

    @Test
    void aCellThatSaysNoVersionIsReachableWithoutOne() {
        health = "{\"version\":\"../../x\",\"status\":\"ok\"}";
        becomes(true, Optional.empty());
    }

    @Test
    void aCellThatIsNotWellBecomesUnreachable() {
        becomes(true, Optional.of("1.0"));
        health = "{\"version\":\"1.0\",\"status\":\"starting\"}";
        becomes(false, Optional.empty());
    }

    @Test
    void whatIsNoHealthAnswerIsNoSight() {
        status = 302;
        becomes(false, Optional.empty());
        assertEquals(0, redirected.get(), "redirects are not followed");
        status = 200;
        health = "{\"version\":\"1.0\",\"status\":\"ok\",\"x\":\"" + "y".repeat(CellFetch.MAX_BYTES) + "\"}";
        Eventually.holds("it was looked at again", () -> news.get() >= 2);
        becomes(false, Optional.empty());
        health = "{\"version\":\"1.0\",\"status\":\"ok\"}";
        becomes(true, Optional.of("1.0"));
    }

    @Test
    void aHangingCellIsGivenUpAndFoundAgain() {
        status = 0;
        becomes(false, Optional.empty());
        status = 200;
        becomes(true, Optional.of("1.0"));
    }

    @Test
    void halfASampleIsNone() {
        metrics = "http_requests_total{code=\"200\"} NaN\nhttp_requests_total{code=\"503\"} 10\n";
        becomes(true, Optional.of("1.0"));
        Eventually.holds("metrics were asked for", () -> observed().isPresent());
        assertEquals(List.of(), samples.since("", CELL, Instant.MIN));
    }

    @Test
    void readsHistogramsAcrossSeries() {
        var body = new CellFetch.Fetched.Body("""
                http_requests_total{code="200",path="/"} 5
                http_requests_total{status="500",path="/x"} 2
                http_request_duration_seconds_bucket{le="0.1",path="/"} 3
                http_request_duration_seconds_bucket{le="+Inf",path="/"} 5
                http_request_duration_seconds_bucket{le="0.1",path="/x"} 1
                http_request_duration_seconds_bucket{le="+Inf",path="/x"} 2
                process_open_fds 10
                process_max_fds 40
                """.getBytes(StandardCharsets.UTF_8));
        var sample = MetricsReader.read(Instant.EPOCH, body).orElseThrow();
        assertEquals(new HealthSample(Instant.EPOCH, 7, 2, List.of(new HealthSample.Bucket(0.1, 4),
                new HealthSample.Bucket(Double.POSITIVE_INFINITY, 7)), OptionalDouble.of(0.25)), sample);
    }
}
