package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Evidence;
import cambium.rollout.health.HealthSample;
import cambium.server.fleet.observe.CellFetch.Fetched;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Samples read from each cell's own `metrics` address.
final class CellScrape implements SampleSource {
    private final CellFetch fetch;
    private final Duration maxAge;
    private final InstantSource time;
    private final Map<CellId, String> troubles = new ConcurrentHashMap<>();

    CellScrape(CellFetch fetch, Duration maxAge, InstantSource time) {
        this.fetch = fetch;
        this.maxAge = maxAge;
        this.time = time;
    }

    @Override
    public Optional<HealthSample> read(CellSpec cell) throws InterruptedException {
        if (cell.metrics().isEmpty()) {
            troubles.put(cell.cell(), "the cell has no metrics address");
            return Optional.empty();
        }
        var fetched = fetch.fetch(cell.metrics().get());
        var sample = MetricsReader.read(time.instant(), fetched);
        if (sample.isPresent()) {
            troubles.remove(cell.cell());
        } else {
            troubles.put(cell.cell(), "the metrics address " + (fetched instanceof Fetched.Nothing(var reason) ? reason
                    : "tells no figures that can be counted with"));
        }
        return sample;
    }

    @Override
    public Optional<String> trouble(CellId cell) {
        return Optional.ofNullable(troubles.get(cell));
    }

    @Override
    public Evidence.Source named(CellSpec cell) {
        return new Evidence.Source(cell.metrics().orElse("no metrics address"), List.of());
    }

    @Override
    public Duration maxAge() {
        return maxAge;
    }

    @Override
    public String key() {
        return "";
    }
}
