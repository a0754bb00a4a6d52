package cambium.server.fleet;

import cambium.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Lets a process begin to coordinate only by a clock that agrees with PostgreSQL's, which all coordinators share: by
/// one that is an hour ahead, every bake would end an hour early when the lease came here (C-26).
final class ClockCheck {
    static final Duration MOST_SKEW = Duration.ofSeconds(2);

    private final Database database;
    private final SteadyTime time;

    ClockCheck(Database database, SteadyTime time) {
        this.database = database;
        this.time = time;
    }

    /// Why this process must not begin to coordinate; else its time goes on from the clock that was found right.
    Optional<String> problem() {
        var right = database.read(sql -> sql.fetchSingle("select clock_timestamp() as now").get("now", Instant.class));
        var skew = Duration.between(right, time.clock());
        if (skew.abs().compareTo(MOST_SKEW) > 0) {
            return Optional.of("the clock of this machine is " + Math.abs(skew.toMillis()) / 1000.0 + " s "
                    + (skew.isNegative() ? "behind" : "ahead of") + " the database's: it does not coordinate while "
                    + "they differ by more than " + MOST_SKEW.toSeconds() + " s; set the clocks by NTP");
        }
        time.believe();
        return Optional.empty();
    }
}
