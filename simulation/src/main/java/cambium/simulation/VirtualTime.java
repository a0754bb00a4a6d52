package cambium.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The only clock of a simulation. It moves when it is told to.
final class VirtualTime implements InstantSource {
    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private Instant now = START;

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Duration elapsed() {
        return Duration.between(START, now);
    }
}
