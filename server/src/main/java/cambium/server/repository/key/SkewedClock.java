package cambium.server.repository.key;

import cambium.server.sql.DatabaseClock;
import java.time.Duration;

/// The clocks of this process and of the database differ by more than a signature may be off: apt refuses a Release
/// file that is dated ten seconds ahead of its own clock.
public final class SkewedClock extends RuntimeException {
    private static final long serialVersionUID = 1;

    SkewedClock(Duration skew, Duration most) {
        super(DatabaseClock.told(skew) + ": while they differ by more than " + most.toSeconds()
            + " s nothing is signed; set the clocks by NTP");
    }
}
