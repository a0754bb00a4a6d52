package cambium.server.fleet;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The time by which a coordinator reckons: the clock as it stood when it was last believed, moved on by elapsed time.
/// A clock that is set forward or back while the process coordinates can neither shorten a bake nor make events older
/// than they are.
public final class SteadyTime implements InstantSource {
    private final InstantSource clock;
    private final LongSupplier nanos;
    private volatile Reading believed;

    private record Reading(Instant at, long nanos) {}

    /// `nanos` counts elapsed nanoseconds from anywhere, as `System::nanoTime` does.
    public SteadyTime(InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        believe();
    }

    /// Goes on from the clock as it stands now; for a process that does not coordinate, whose machine may have slept.
    void believe() {
        believed = new Reading(clock.instant(), nanos.getAsLong());
    }

    /// The clock itself, whatever it says.
    Instant clock() {
        return clock.instant();
    }

    /// In milliseconds: that is what is stored, shown and compared.
    @Override
    public Instant instant() {
        var from = believed;
        return Instant.ofEpochMilli(from.at().plusNanos(nanos.getAsLong() - from.nanos()).toEpochMilli());
    }
}
