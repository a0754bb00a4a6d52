package cambium.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A coordinator's machine: a clock that people and time servers set, and a count of elapsed time that stands still
/// while the machine sleeps, as the one of an operating system does.
final class Machine implements InstantSource {
    private final VirtualTime time;
    private Duration ahead = Duration.ZERO;
    private Duration slept = Duration.ZERO;

    Machine(VirtualTime time) {
        this.time = time;
    }

    void set(Duration newlyAhead) {
        ahead = newlyAhead;
    }

    void sleep(Duration length) {
        slept = slept.plus(length);
    }

    /// What its clock says.
    @Override
    public Instant instant() {
        return time.instant().plus(ahead);
    }

    long nanos() {
        return time.elapsed().minus(slept).toNanos();
    }
}
