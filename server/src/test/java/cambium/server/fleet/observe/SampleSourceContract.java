package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.health.HealthSample;
import cambium.server.fleet.SteadyTime;
import cambium.server.testing.Eventually;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every source of samples keeps, asked of cells that tell their figures over HTTP.
abstract class SampleSourceContract {
    static final String METRICS = """
            http_requests_total{code="200",path="/"} 90
            http_requests_total{code="503",path="/"} 10
            http_request_duration_seconds_bucket{le="0.1",path="/"} 60
            http_request_duration_seconds_bucket{le="+Inf",path="/"} 100
            process_open_fds 10
            process_max_fds 40
            checkout_failed_total 3
            checkout_total 30
            """;
    final InstantSource time = new SteadyTime(InstantSource.system(), System::nanoTime);
    final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    HttpServer web;

    abstract SampleSource source() throws Exception;

    /// What the source makes of the cell at this moment.
    abstract Optional<HealthSample> look(SampleSource source, CellSpec cell) throws InterruptedException;

    @BeforeEach
    void serveCells() throws Exception {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        web.createContext("/", exchange -> {
            var body = answers.get(exchange.getRequestURI().getPath());
            answers.put("authorization", String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                    .getBytes(StandardCharsets.UTF_8));
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(body == null ? 500 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        web.start();
        tell("c1", METRICS);
        tell("c2", METRICS);
    }

    @AfterEach
    void stopCells() {
        web.stop(0);
    }

    final String base() {
        return "http://127.0.0.1:" + web.getAddress().getPort();
    }

    final void tell(String cell, String text) {
        answers.put("/" + cell + "/metrics", text.getBytes(StandardCharsets.UTF_8));
    }

    final CellSpec cell(String name) {
        return new CellSpec(CellId.of(name), CellSpec.Kind.SECONDARY, "local", Optional.empty(),
                Optional.of(base() + "/" + name + "/metrics"), new TreeMap<>());
    }

    final Optional<HealthSample> read(SampleSource source, String cell) {
        try {
            return look(source, cell(cell));
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    @Test
    void aSampleIsWholeOrNoneAndOneCellDoesNoHarmToAnother() throws Exception {
        var source = source();
        Eventually.holds("a cell is measured", () -> read(source, "c2").isPresent());
        var found = new AtomicReference<HealthSample>();
        Eventually.holds("the other one, too", () -> {
            read(source, "c1").ifPresent(found::set);
            return found.get() != null;
        });
        var sample = found.get();
        assertEquals(100, sample.requests());
        assertEquals(10, sample.errors());
        assertEquals(List.of(new HealthSample.Bucket(0.1, 60), new HealthSample.Bucket(Double.POSITIVE_INFINITY, 100)),
                sample.latencies());
        assertEquals(OptionalDouble.of(0.25), sample.saturation());
        assertFalse(sample.at().isAfter(time.instant()), "no reading is of a time to come");
        assertTrue(read(source, "c3").isEmpty(), "a cell that nobody knows");
        assertTrue(source.trouble(CellId.of("c3")).isPresent(), "and it is said why");

        tell("c1", "http_requests_total{code=\"200\" 90\n");
        Eventually.holds("a malformed cell has no sample", () -> read(source, "c1").isEmpty());
        Eventually.holds("the other one has", () -> read(source, "c2").isPresent());
        tell("c1", METRICS);
        Eventually.holds("it comes back", () -> read(source, "c1").isPresent());
        answers.remove("/c1/metrics");
        Eventually.holds("a cell that answers 500 has no sample", () -> read(source, "c1").isEmpty()
                && source.trouble(CellId.of("c1")).isPresent());
        Eventually.holds("the other one still has", () -> read(source, "c2").isPresent());
        assertEquals(Optional.empty(), source.trouble(CellId.of("c2")), "and no trouble");
    }
}
