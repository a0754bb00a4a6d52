package cambium.server.repository.statistics;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The steps of a series, in UTC. A step is known by its first day (`20160221Z`), an hour by day and hour
/// (`20160221T09Z`); weeks begin on Monday.
public enum SeriesInterval {
    HOURLY(ChronoUnit.HOURS, "hour"), DAILY(ChronoUnit.DAYS, "day"), WEEKLY(ChronoUnit.WEEKS, "week"),
    MONTHLY(ChronoUnit.MONTHS, "month");

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd'Z'", Locale.ROOT);
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("yyyyMMdd'T'HH'Z'", Locale.ROOT);

    private final ChronoUnit unit;
    private final String sqlUnit;

    SeriesInterval(ChronoUnit unit, String sqlUnit) {
        this.unit = unit;
        this.sqlUnit = sqlUnit;
    }

    /// By the word in an address, such as `daily`.
    public static Optional<SeriesInterval> of(String text) {
        return Arrays.stream(values()).filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text)).findFirst();
    }

    /// What `date_trunc` of PostgreSQL calls it.
    String sqlUnit() {
        return sqlUnit;
    }

    LocalDateTime start(Instant instant) {
        var time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        var day = time.truncatedTo(ChronoUnit.DAYS);
        return switch (this) {
            case HOURLY -> time.truncatedTo(ChronoUnit.HOURS);
            case DAILY -> day;
            case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTHLY -> day.withDayOfMonth(1);
        };
    }

    /// The start of the step that is so many steps later, or earlier where negative.
    LocalDateTime plus(LocalDateTime start, long steps) {
        return start.plus(steps, unit);
    }

    String key(LocalDateTime start) {
        return (this == HOURLY ? HOUR : DAY).format(start);
    }
}
