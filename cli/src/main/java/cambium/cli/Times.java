package cambium.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// Points in time as an operator reads and writes them. Always UTC, said so; ages are taken on the server's clock.
final class Times {
    private Times() {}

    /// "40s", "12m", "3h 5m", "2d 4h"; empty when either end is unknown or unreadable.
    static String age(String since, String at) {
        return read(since).flatMap(from -> read(at).map(to -> age(Duration.between(from, to)))).orElse("");
    }

    static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 24) {
            return hours + "h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + "m");
        }
        return hours / 24 + "d" + (hours % 24 == 0 ? "" : " " + hours % 24 + "h");
    }

    /// "12:14:05 UTC"
    static String clock(String instant) {
        return read(instant).map(at -> at.atOffset(ZoneOffset.UTC).toLocalTime().withNano(0))
                .map(time -> "%tT UTC".formatted(time)).orElse(instant);
    }

    /// "2026-11-21 12:14:05 UTC"
    static String full(String instant) {
        return read(instant).map(at -> at.atOffset(ZoneOffset.UTC))
                .map(at -> "%tF %<tT UTC".formatted(at)).orElse(instant);
    }

    /// What `--until` takes: an instant, a time of day in UTC (the next one), or a length from now such as 90s,
    /// 30m, 2h, 1d.
    static Optional<Instant> until(String text, Instant now) {
        Optional<Instant> instant = read(text);
        return instant.isPresent() ? instant : length(text).map(now::plus).or(() -> timeOfDay(text, now));
    }

    /// A length of time: 90s, 30m, 2h, 1d.
    static Optional<Duration> length(String text) {
        if (!text.matches("[1-9][0-9]{0,5}[smhd]")) {
            return Optional.empty();
        }
        long amount = Long.parseLong(text.substring(0, text.length() - 1));
        return Optional.of(switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMinutes(amount);
            case 'h' -> Duration.ofHours(amount);
            case 'd' -> Duration.ofDays(amount);
            default -> throw new IllegalStateException("unit not in the pattern above");
        });
    }

    private static Optional<Instant> timeOfDay(String text, Instant now) {
        try {
            Instant today = now.atOffset(ZoneOffset.UTC).with(LocalTime.parse(text)).toInstant();
            return Optional.of(today.isAfter(now) ? today : today.plus(Duration.ofDays(1)));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> read(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException notAnInstant) {
            return Optional.empty();
        }
    }
}
