package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Evidence;
import cambium.rollout.Measuring;
import cambium.rollout.health.HealthSample;
import cambium.server.config.CellHosts;
import cambium.server.fleet.observe.CellFetch.Fetched;
import cambium.server.fleet.observe.QueryAnswer.Series;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Samples from a Prometheus server. Each figure is one instant query for all cells, so a round costs the same number
/// of requests however many cells there are. A sample has the time of the scrape, not of the question, so that a scrape
/// that came long ago is seen to be old; it is reckoned from the server's own clock. A cell that was scraped in the
/// middle of a round, whose series are twice there or cannot be counted with, has no sample in that round; if one query
/// fails, no cell has. See prometheus.io, "HTTP API".
final class PrometheusServer implements SampleSource {
    static final Duration SPACING = Duration.ofSeconds(5);
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);
    private static final double MAX_AGE_SECONDS = 300;

    private final Measuring measuring;
    private final PrometheusAccess access;
    private final InstantSource time;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile Optional<Instant> askedAt = Optional.empty();
    private volatile Map<String, Scraped> samples = Map.of();
    private volatile Optional<String> trouble = Optional.of("is not asked yet");

    /// @param stamp the server's time of the scrape, which tells scrapes apart
    private record Scraped(double stamp, HealthSample sample) {}

    /// A query failed.
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String reason) {
            super(reason, null, false, false);
        }
    }

    PrometheusServer(Measuring measuring, Path accessFile, InstantSource time, CellHosts hosts) {
        this.measuring = measuring;
        this.access = new PrometheusAccess(accessFile, measuring.server().orElseThrow(), hosts);
        this.time = time;
    }

    /// Whether it is time for a round, and none is under way; whoever is told so has to `ask`.
    boolean begins() {
        var due = askedAt.filter(last -> last.plus(SPACING).isAfter(time.instant())).isEmpty();
        return due && underWay.compareAndSet(false, true);
    }

    /// Asks for everything once; takes at most `MAX_WAIT` for each query.
    void ask() throws InterruptedException {
        try {
            askedAt = Optional.of(time.instant());
            samples = round();
            trouble = Optional.empty();
        } catch (Failed failed) {
            samples = Map.of();
            trouble = Optional.of(failed.getMessage());
        } finally {
            underWay.set(false);
        }
    }

    @Override
    public Optional<HealthSample> read(CellSpec cell) {
        return Optional.ofNullable(samples.get(cell.cell().toString())).map(Scraped::sample);
    }

    @Override
    public Optional<String> trouble(CellId cell) {
        return trouble.or(() -> samples.containsKey(cell.toString()) ? Optional.empty()
                : Optional.of("has no whole set of series with " + measuring.label() + "=\"" + cell + "\""))
                .map(reason -> "Prometheus " + reason);
    }

    @Override
    public Evidence.Source named(CellSpec cell) {
        var queries = new ArrayList<Evidence.Query>();
        var asked = measuring.queries();
        queries.add(query("scraped", asked.scraped()));
        queries.add(query("requests", asked.requests()));
        queries.add(query("errors", asked.errors()));
        queries.add(query("latency", asked.latency()));
        queries.add(query("saturation", asked.saturation()));
        measuring.own().forEach(own -> {
            queries.add(query(own.signal() + " (bad)", own.bad()));
            queries.add(query(own.signal() + " (all)", own.all()));
        });
        return new Evidence.Source("Prometheus " + measuring.server().orElseThrow() + ", " + measuring.label() + "=\""
                + cell.cell() + "\"", queries);
    }

    private Evidence.Query query(String figure, String text) {
        return new Evidence.Query(figure, measuring.asked(text));
    }

    @Override
    public Duration maxAge() {
        return measuring.staleAfter();
    }

    @Override
    public String key() {
        return Integer.toHexString(List.of(measuring.server(), measuring.label(), measuring.queries(), measuring.own())
                .toString().hashCode());
    }

    /// Bad ones are asked before all of which they are a part, so that they can never be more; and the time of the
    /// scrapes at both ends.
    private Map<String, Scraped> round() throws InterruptedException, Failed {
        var before = time.instant();
        var stamps = byCell("scraped", measuring.queries().scraped());
        var errors = byCell("errors", measuring.queries().errors());
        var bad = new ArrayList<Map<String, List<Series>>>();
        var all = new ArrayList<Map<String, List<Series>>>();
        for (var own : measuring.own()) {
            bad.add(byCell(own.signal() + " (bad)", own.bad()));
        }
        var latency = byCell("latency", measuring.queries().latency());
        var saturation = byCell("saturation", measuring.queries().saturation());
        var requests = byCell("requests", measuring.queries().requests());
        for (var own : measuring.own()) {
            all.add(byCell(own.signal() + " (all)", own.all()));
        }
        var stampsAfter = byCell("scraped", measuring.queries().scraped());
        var known = samples;
        var found = new TreeMap<String, Scraped>();
        stamps.forEach((cell, stamp) -> {
            var age = age(stamp, stampsAfter.getOrDefault(cell, List.of()));
            var of = requests.getOrDefault(cell, List.of());
            var failed = one(errors, cell);
            if (age.isEmpty() || of.size() != 1 || failed.isEmpty()) {
                return;
            }
            double at = stamp.getFirst().value();
            var same = Optional.ofNullable(known.get(cell)).filter(last -> last.stamp() == at);
            var when = same.map(last -> last.sample().at())
                    .orElse(before.minusMillis(Math.round(age.getAsDouble() * 1000)));
            found.put(cell, new Scraped(at, new HealthSample(when, of.getFirst().value(), failed.get(),
                    MetricsReader.buckets(latency.getOrDefault(cell, List.of()).stream()
                            .map(each -> Map.entry(each.labels(), each.value())).toList()),
                    share(saturation.getOrDefault(cell, List.of())), own(bad, all, cell))));
        });
        return found;
    }

    private static OptionalDouble age(List<Series> before, List<Series> after) {
        if (before.size() != 1 || after.size() != 1 || before.getFirst().value() != after.getFirst().value()) {
            return OptionalDouble.empty();
        }
        double age = before.getFirst().at() - before.getFirst().value();
        return age >= 0 && age <= MAX_AGE_SECONDS ? OptionalDouble.of(age) : OptionalDouble.empty();
    }

    /// A cell without bad ones has no series of them.
    private static Optional<Double> one(Map<String, List<Series>> series, String cell) {
        var found = series.getOrDefault(cell, List.of());
        return found.size() > 1 ? Optional.empty() : Optional.of(found.isEmpty() ? 0.0 : found.getFirst().value());
    }

    private static OptionalDouble share(List<Series> series) {
        return series.size() == 1 ? OptionalDouble.of(series.getFirst().value()) : OptionalDouble.empty();
    }

    private TreeMap<String, HealthSample.Ratio> own(List<Map<String, List<Series>>> bad,
            List<Map<String, List<Series>>> all, String cell) {
        var own = new TreeMap<String, HealthSample.Ratio>();
        for (int i = 0; i < measuring.own().size(); i++) {
            var of = all.get(i).getOrDefault(cell, List.of());
            var failed = one(bad.get(i), cell);
            if (of.size() == 1 && failed.isPresent()) {
                own.put(measuring.own().get(i).signal(),
                        new HealthSample.Ratio(failed.get(), of.getFirst().value()));
            }
        }
        return own;
    }

    private Map<String, List<Series>> byCell(String figure, String query) throws InterruptedException, Failed {
        var byCell = new TreeMap<String, List<Series>>();
        for (var each : series(figure, query)) {
            byCell.computeIfAbsent(each.labels().getOrDefault(measuring.label(), ""), _ -> new ArrayList<>())
                    .add(each);
        }
        return byCell;
    }

    private List<Series> series(String figure, String query) throws InterruptedException, Failed {
        var address = measuring.server().orElseThrow().replaceAll("/+$", "") + "/api/v1/query?timeout="
                + MAX_WAIT.toSeconds() + "s&query="
                + URLEncoder.encode(measuring.asked(query), StandardCharsets.UTF_8);
        var reading = switch (access.fetch(new CellFetch.Wanted(address, QueryAnswer.MAX_BYTES, MAX_WAIT))) {
            case Fetched.Body(var bytes) -> QueryAnswer.read(bytes);
            case Fetched.Nothing(var reason) -> new QueryAnswer.Reading.Unusable(reason);
        };
        return switch (reading) {
            case QueryAnswer.Reading.Read(var series) -> series;
            case QueryAnswer.Reading.Unusable(var reason) ->
                throw new Failed(reason + ", asked for " + figure);
        };
    }

    @Override
    public void close() {
        access.close();
    }
}
