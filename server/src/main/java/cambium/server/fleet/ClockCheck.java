package cambium.server.fleet;

import cambium.server.sql.Database;
import cambium.server.sql.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// Lets a process coordinate only by a time that agrees with PostgreSQL's clock, which all coordinators share: by one
/// that is an hour ahead, every bake would end an hour early when the lease came here (C-26).
public final class ClockCheck implements Hindrance {
    private final Supplier<Instant> shared;
    private final SteadyTime time;

    /// @param shared the clock that all coordinators can ask
    public ClockCheck(Supplier<Instant> shared, SteadyTime time) {
        this.shared = shared;
        this.time = time;
    }

    static ClockCheck by(Database database, SteadyTime time) {
        return new ClockCheck(() -> DatabaseClock.now(database), time);
    }

    /// How far ahead of the database's clock (behind: negative) this process is.
    ///
    /// @param reckoned by the time that it counts and shows
    /// @param machine by the clock of its machine, from which it goes on after a restart
    record Offset(Duration reckoned, Duration machine) {
        /// The one that is further off.
        Duration worse() {
            return reckoned.abs().compareTo(machine.abs()) >= 0 ? reckoned : machine;
        }

        boolean tooFar() {
            return !DatabaseClock.agree(worse(), DatabaseClock.MOST_SKEW);
        }
    }

    Offset offset() {
        var right = shared.get();
        return new Offset(Duration.between(right, time.instant()), Duration.between(right, time.clock()));
    }

    /// Why this process must not coordinate now. While it leads, a machine's clock that is set is not heeded as long as
    /// the time by which it reckons is right; else that goes on from the machine's clock, if this one is right.
    @Override
    public Optional<String> problem(boolean leading) {
        var right = shared.get();
        if (leading && DatabaseClock.agree(right, time.instant())) {
            return Optional.empty();
        }
        if (!DatabaseClock.agree(right, time.clock())) {
            var skew = Duration.between(right, time.clock());
            return Optional.of(DatabaseClock.told(skew) + ": while they differ by more than "
                    + DatabaseClock.MOST_SKEW.toSeconds() + " s it does not coordinate, and the ages that it shows are "
                    + "wrong; set the clocks by NTP");
        }
        time.believe();
        return Optional.empty();
    }
}
