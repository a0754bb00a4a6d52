package cambium.server.fleet.source;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The figures of the source, for Prometheus; true only on the process that coordinates.
public final class SourceMeters {
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong silent = new AtomicLong();

    public SourceMeters(MeterRegistry registry) {
        registry.gauge("cambium.fleet.source.waiting", waiting);
        registry.gauge("cambium.fleet.source.silent", silent);
    }

    /// Nothing is told by a process that does not coordinate.
    void told(Optional<SourceState> state) {
        waiting.set(state.filter(SourceState::waits).isPresent() ? 1 : 0);
        silent.set(state.flatMap(SourceState::trouble).isPresent() ? 1 : 0);
    }
}
