package cambium.server.sql;

import java.time.Duration;
import java.time.Instant;

/// The clock of the database, which all processes share, and how far from it a process may be that signs, coordinates
/// or tells ages by its own.
public final class DatabaseClock {
    /// A fifth of what apt tolerates when a signature seems to be made in its future.
    public static final Duration MOST_SKEW = Duration.ofSeconds(2);

    private DatabaseClock() {}

    public static Instant now(Database database) {
        return database.ask(sql -> sql.fetchSingle("select clock_timestamp() as now").get("now", Instant.class));
    }

    public static boolean agree(Instant right, Instant own) {
        return agree(Duration.between(right, own), MOST_SKEW);
    }

    public static boolean agree(Duration skew, Duration most) {
        return skew.abs().compareTo(most) <= 0;
    }

    /// @param skew positive where this machine is ahead
    public static String told(Duration skew) {
        return "the clock of this machine is " + Math.abs(skew.toMillis()) / 1000.0 + " s "
                + (skew.isNegative() ? "behind" : "ahead of") + " the database's";
    }
}
