package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Evidence;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads nothing: tests fill the histories themselves.
record SilentSource(Duration maxAge) implements SampleSource {
    @Override
    public Optional<HealthSample> read(CellSpec cell) {
        return Optional.empty();
    }

    @Override
    public Optional<String> trouble(CellId cell) {
        return Optional.empty();
    }

    @Override
    public Evidence.Source named(CellSpec cell) {
        return new Evidence.Source("a test", List.of());
    }

    @Override
    public String key() {
        return "test";
    }
}
