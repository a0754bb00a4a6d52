package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.ChangeRest;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetRules;
import cambium.rollout.FleetSpec;
import cambium.rollout.LargeChange;
import cambium.rollout.Measuring;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Verdict;
import cambium.rollout.health.HealthSample;
import cambium.server.config.CellHosts;
import cambium.server.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debian's Prometheus, which scrapes the test's cells.
class PrometheusServerTest extends SampleSourceContract {
    /// bcrypt of "secret".
    private static final String HASH = "$2b$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u";
    @TempDir
    private Path folder;
    private Process prometheus;

    @AfterEach
    void stopPrometheus() throws Exception {
        if (prometheus != null) {
            prometheus.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Override
    SampleSource source() throws Exception {
        return source(start("http", "{}"), List.of());
    }

    @Override
    Optional<HealthSample> look(SampleSource source, CellSpec cell) throws InterruptedException {
        ((PrometheusServer) source).ask();
        return source.read(cell);
    }

    private String start(String scheme, String web) throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var target = "      - targets: ['127.0.0.1:" + this.web.getAddress().getPort() + "']\n        labels: {cell: "
                + "%s, __metrics_path__: /%s/metrics}\n";
        Files.writeString(folder.resolve("scrape.yml"), "global: {scrape_interval: 1s}\nscrape_configs:\n"
                + "  - job_name: cells\n    static_configs:\n" + target.formatted("c1", "c1")
                + target.formatted("c2", "c2"));
        Files.writeString(folder.resolve("web.yml"), web);
        prometheus = new ProcessBuilder("prometheus", "--config.file=" + folder.resolve("scrape.yml"),
                "--storage.tsdb.path=" + folder.resolve("tsdb"), "--web.config.file=" + folder.resolve("web.yml"),
                "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        return scheme + "://127.0.0.1:" + port;
    }

    private static Measuring measuring(String server, List<Measuring.Own> own) {
        return new Measuring(Optional.of(server), "cell", Duration.ofSeconds(3), Measuring.Queries.DEFAULT, own,
                List.of());
    }

    private PrometheusServer source(String server, List<Measuring.Own> own) {
        return new PrometheusServer(measuring(server, own), folder.resolve("prometheus.yaml"), time, CellHosts.ANY);
    }

    private String trouble(PrometheusServer source) {
        assertTrue(read(source, "c1").isEmpty(), "there is no sample");
        return source.trouble(CellId.of("c1")).orElseThrow();
    }

    @Test
    void answersAFleetsOwnSignalsAndItsEndIsNoData() throws Exception {
        var server = start("http", "{}");
        var source = source(server, List.of(new Measuring.Own("checkouts", "sum by ($label) (checkout_failed_total)",
                "sum by ($label) (checkout_total)")));
        Eventually.holds("the signal is measured", () -> read(source, "c1").filter(sample -> Map.of("checkouts",
                new HealthSample.Ratio(3, 30)).equals(sample.own())).isPresent());
        assertTrue(source.named(cell("c1")).queries().toString().contains("sum by (cell) (checkout_total)"),
                "evidence says what was asked: " + source.named(cell("c1")));
        var wrong = source(server, List.of(new Measuring.Own("checkouts", "sum by (", "up")));
        assertEquals("Prometheus answers 400, asked for checkouts (bad)", trouble(wrong));
        prometheus.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertEquals("Prometheus refuses the connection, asked for scraped", trouble(source));
    }

    @Test
    void showsItsCredentialsToTheServerThatTheyAreForAndToNoOther() throws Exception {
        new ProcessBuilder("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", folder.resolve("key.pem").toString(), "-out", folder.resolve("ca.pem").toString(),
                "-subj", "/CN=prometheus", "-addext", "subjectAltName=IP:127.0.0.1").redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile()).start().waitFor(30, TimeUnit.SECONDS);
        var server = start("https", "tls_server_config: {cert_file: ca.pem, key_file: key.pem}\n"
                + "basic_auth_users: {cambium: '" + HASH + "'}\n");
        var source = source(server, List.of());
        Eventually.holds("an unknown certificate is not trusted",
                () -> trouble(source).contains("shows no certificate that is trusted"));
        access("address: " + server + "\nca: ca.pem\n");
        assertEquals("Prometheus answers 401, asked for scraped", trouble(source));
        access("address: " + server + "\nca: ca.pem\nuser: cambium\npassword: secret\n");
        Eventually.holds("it is measured", () -> read(source, "c1").isPresent());

        assertTrue(trouble(source(base() + "/elsewhere", List.of())).contains("answers 500"));
        assertEquals("null", new String(answers.get("authorization"), StandardCharsets.UTF_8), "no credentials");
        access("address: " + base() + "/elsewhere/\ntoken: abc\n");
        assertTrue(trouble(source(base() + "/elsewhere", List.of())).contains("answers 500"));
        assertEquals("Bearer abc", new String(answers.get("authorization"), StandardCharsets.UTF_8));
        assertTrue(trouble(source("http://169.254.169.254", List.of())).contains("where no cell may be"),
                "nothing is asked where a cloud tells its machines their secrets");
        var elsewhere = new PrometheusServer(measuring(base() + "/elsewhere", List.of()),
                folder.resolve("prometheus.yaml"), time, CellHosts.parse("192.0.2.0/24").orElseThrow());
        assertTrue(trouble(elsewhere).contains("answers 500"), "the administrator's file names it");
        access("address: http://192.0.2.1\n");
        assertTrue(trouble(elsewhere).contains("where no cell may be"), "a fleet alone cannot have it asked");
        access("address: " + server + "\ntoken: abc\nuser: cambium\n");
        assertTrue(trouble(source).contains("prometheus.yaml is wrong: line"), trouble(source));
    }

    private void access(String text) throws IOException {
        Files.writeString(folder.resolve("prometheus.yaml"), text);
    }

    @Test
    void takesNoAnswerThatIsHugeOrHalfOrSomethingElse() throws Exception {
        var series = "{\"metric\":{\"cell\":\"c1\"},\"value\":[%s,\"%s\"]}";
        answer("good", vector(series.formatted("1100", "1000")));
        var good = source(base() + "/good", List.of());
        var before = time.instant();
        var sample = read(good, "c1").orElseThrow();
        assertTrue(!sample.at().isBefore(before.minusSeconds(101)) && sample.at().isBefore(before.minusSeconds(99)),
                "a reading is as old as its scrape: " + sample.at());
        assertEquals(sample, read(good, "c1").orElseThrow(), "and the same scrape is the same sample");

        var few = series.formatted("1100", "1000") + ",";
        answer("flood", vector(few.repeat(QueryAnswer.MAX_BYTES / few.length() + 1) + few + "{}"));
        answer("many", vector("{},".repeat(QueryAnswer.MAX_SERIES) + "{}"));
        answer("partial", vector(few + "{}").replace("\"data\"", "\"warnings\":[\"partial\"],\"data\""));
        answer("cut", vector(few + "{}").substring(0, 100));
        answer("text", "oops");
        answer("failed", "{\"status\":\"error\",\"errorType\":\"bad_data\"}");
        answer("twice", vector(few + series.formatted("1100", "1000")));
        answer("old", vector(series.formatted("1301", "1000")));
        answer("nan", vector(series.formatted("1100", "NaN")));
        answer("deep", "[".repeat(100_000));
        var expected = new TreeMap<>(Map.of("flood", "answers more than 16777216 bytes", "many",
                "answers more than 200000 series", "partial", "may not be whole", "cut", "something else", "text",
                "something else", "failed", "than a vector", "twice", "no whole set", "old", "no whole set", "nan",
                "no whole set", "deep", "something else"));
        expected.put("missing", "answers 500");
        for (var each : expected.entrySet()) {
            var told = trouble(source(base() + "/" + each.getKey(), List.of()));
            assertTrue(told.contains(each.getValue()), each.getKey() + ": " + told);
        }
    }

    private void answer(String server, String body) {
        answers.put("/" + server + "/api/v1/query", body.getBytes(StandardCharsets.UTF_8));
    }

    private static String vector(String series) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + series + "]}}";
    }

    @Test
    void aVerdictNamesTheServerAndItsQueriesAndIsNoDataOnceThatIsGone() throws Exception {
        var fleet = deployed(start("http", "{}"));
        var reached = new AtomicReference<FleetEvent.VerdictReached>();
        int[] requests = {1000};
        try (var observer = new HttpCellObserver(new NoSamples(), folder.resolve("none"), () -> { }, time,
                CellHosts.ANY)) {
            Eventually.holds("the cell is judged healthy", () -> {
                tell("c1", "http_requests_total{code=\"200\"} " + (requests[0] += 20) + "\n");
                return verdict(observer, fleet, reached).equals(Optional.of(Verdict.HEALTHY));
            });
            var source = reached.get().evidence().source().orElseThrow();
            assertTrue(source.name().contains("http://127.0.0.1:") && source.name().endsWith("cell=\"c1\""),
                    source.name());
            assertTrue(source.queries().toString().contains("sum by (cell) (http_requests_total)"));
            prometheus.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            Eventually.holds("nothing is known any more", () -> {
                tell("c1", "http_requests_total{code=\"200\"} " + (requests[0] += 20) + "\n");
                return verdict(observer, fleet, reached).equals(Optional.of(Verdict.NO_DATA))
                        && reached.get().evidence().text().contains("Prometheus refuses the connection");
            });
        }
    }

    /// The newest; empty until there is a first one, since cells are looked at on other threads.
    private Optional<Verdict> verdict(HttpCellObserver observer, Fleet fleet,
            AtomicReference<FleetEvent.VerdictReached> into) {
        observer.observe(fleet, time.instant()).stream()
                .filter(FleetEvent.VerdictReached.class::isInstance).map(FleetEvent.VerdictReached.class::cast)
                .forEach(into::set);
        return Optional.ofNullable(into.get()).map(FleetEvent.VerdictReached::verdict);
    }

    private Fleet deployed(String server) {
        var ring = new RingSpec(RingNumber.INNERMOST, RingPolicy.DEFAULT, List.of(new CellSpec(CellId.of("c1"),
                CellSpec.Kind.MAIN, "local", Optional.of(base() + "/c1/health"), Optional.empty(), new TreeMap<>())));
        var spec = new FleetSpec("f", new FleetSpec.Product("a/b", "debian/bookworm", List.of("p")),
                RingNumber.INNERMOST, FleetSpec.Graduation.AUTOMATIC, List.of(ring), FleetRules.DEFAULT,
                measuring(server, List.of()), LargeChange.DEFAULT,
                ChangeRest.DEFAULT);
        var at = time.instant().minusSeconds(60);
        var version = ProductVersion.of("1.0");
        var attempt = AttemptId.of("r1.c1.deploy.1");
        return Fleet.empty().after(List.of(new FleetEvent.FleetApplied(at, "anna", spec),
                new FleetEvent.VersionRegistered(at, "anna", version, List.of(new PackageRef("p", "1.0", "amd64",
                        "0af3".repeat(16), "pool/p.deb"))),
                new FleetEvent.RolloutStarted(at, "anna", 1, version),
                new FleetEvent.RingOpened(at, 1, version, RingNumber.INNERMOST),
                new FleetEvent.AttemptRequested(at, attempt, RingNumber.INNERMOST, version, Optional.empty(),
                        Duration.ofMinutes(10)),
                new FleetEvent.AttemptStarted(at, attempt),
                new FleetEvent.AttemptFinished(at.plusSeconds(5), attempt, new AttemptResult.Succeeded()),
                new FleetEvent.CellObserved(at.plusSeconds(6), CellId.of("c1"), true, Optional.of(version))));
    }

    private static final class NoSamples implements Samples {
        @Override
        public void add(String source, java.util.SequencedMap<CellId, HealthSample> samples) {}

        @Override
        public List<HealthSample> since(String source, CellId cell, Instant from) {
            return List.of();
        }

        @Override
        public void thin(Instant from, Instant to, Duration spacing) {}

        @Override
        public void forgetBefore(Instant instant) {}
    }
}
