package cambium.server.repository.key;

import java.time.Duration;

/// The clocks of this process and of the database differ by more than a signature may be off: apt refuses a Release
/// file that is dated ten seconds ahead of its own clock.
public final class SkewedClock extends RuntimeException {
    private static final long serialVersionUID = 1;

    SkewedClock(Duration skew, Duration most) {
        super("the clock of this process is " + skew.toMillis() / 1000.0 + " s ahead of the database's; more than "
            + most.toSeconds() + " s either way and nothing is signed");
    }
}
