package cambium.server.fleet;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The time by which a coordinator reckons: the clock as it stood at the start, moved on by elapsed time. A clock that
/// is set forward or back while the process runs can neither shorten a bake nor make events older than they are.
public final class SteadyTime implements InstantSource {
    private final Instant start;
    private final long startNanos;
    private final LongSupplier nanos;

    /// `nanos` counts elapsed nanoseconds from anywhere, as `System::nanoTime` does.
    public SteadyTime(InstantSource clock, LongSupplier nanos) {
        this.start = clock.instant();
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    /// In milliseconds: that is what is stored, shown and compared.
    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(start.plusNanos(nanos.getAsLong() - startNanos).toEpochMilli());
    }
}
