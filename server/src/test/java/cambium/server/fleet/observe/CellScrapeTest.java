package cambium.server.fleet.observe;

import cambium.rollout.CellSpec;
import cambium.rollout.health.HealthSample;
import cambium.server.config.CellHosts;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/// The built-in reading of cells.
class CellScrapeTest extends SampleSourceContract {
    private final CellFetch fetch = new CellFetch(CellHosts.ANY);

    @AfterEach
    void close() {
        fetch.close();
    }

    @Override
    SampleSource source() {
        return new CellScrape(fetch, Duration.ofSeconds(6), time);
    }

    @Override
    Optional<HealthSample> look(SampleSource source, CellSpec cell) throws InterruptedException {
        return source.read(cell);
    }
}
