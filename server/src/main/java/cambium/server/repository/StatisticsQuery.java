package cambium.server.repository;

import cambium.server.http.Call;
import cambium.server.http.Refused;
import cambium.server.repository.statistics.Fetch;
import cambium.server.repository.statistics.UsageQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the filters of a statistics call. Dates are days in UTC, written `20160231Z`, `20160231` or `2016-02-31` (a
/// day beyond the end of its month means the last, as in packagecloud's own example), or points in time, such as
/// `2016-02-29T12:00:00Z`. The end is meant with its whole day. Without dates: the last seven days and today.
final class StatisticsQuery {
    private static final int DEFAULT_DAYS = 7;
    private static final Pattern DAY = Pattern.compile("(20[0-9]{2})-?([0-9]{2})-?([0-9]{2})Z?");

    private StatisticsQuery() {}

    static UsageQuery of(Call call, Instant now) {
        Instant end = date(call, "end_date", true).orElse(now.plusSeconds(1));
        Instant start = date(call, "start_date", false)
            .orElse(end.truncatedTo(ChronoUnit.DAYS).minus(DEFAULT_DAYS, ChronoUnit.DAYS));
        return new UsageQuery(start, end, text(call, "master_token"), text(call, "read_token"),
            text(call, "user_agent"), source(call));
    }

    private static Optional<String> text(Call call, String name) {
        return call.query(name).filter(value -> !value.isBlank());
    }

    private static Optional<Fetch.Source> source(Call call) {
        return text(call, "source").map(value -> switch (value) {
            case "web" -> Fetch.Source.WEB;
            case "cli" -> Fetch.Source.CLI;
            default -> throw refused("source", "must be web or cli");
        });
    }

    private static Optional<Instant> date(Call call, String name, boolean isEnd) {
        return text(call, name).map(value -> {
            try {
                Matcher day = DAY.matcher(value);
                return day.matches() ? day(day, isEnd) : OffsetDateTime.parse(value).toInstant();
            } catch (DateTimeException unreadable) {
                throw refused(name, "is not a date such as 20160229Z");
            }
        });
    }

    private static Instant day(Matcher day, boolean isEnd) {
        int number = Integer.parseInt(day.group(3));
        if (number < 1 || number > 31) {
            throw new DateTimeException("no month has a day " + number);
        }
        LocalDate first = LocalDate.of(Integer.parseInt(day.group(1)), Integer.parseInt(day.group(2)), 1);
        LocalDate meant = first.withDayOfMonth(Math.min(number, first.lengthOfMonth()));
        return (isEnd ? meant.plusDays(1) : meant).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static Refused refused(String field, String message) {
        return new Refused(422, "filter_invalid", field + " " + message, field);
    }
}
