package cambium.server.pages;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/// How pages say times, lengths of time, sizes and states.
public final class Words {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_CLOCK =
            DateTimeFormatter.ofPattern("d MMM yyyy HH:mm:ss", Locale.ENGLISH);

    private static final Pattern INSTANT =
            Pattern.compile("20\\d\\d-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z");

    private Words() {}

    /// `21 Nov 2026 12:00:05 UTC`.
    public static String moment(Instant at) {
        return DAY_AND_CLOCK.format(at.atOffset(ZoneOffset.UTC)) + " UTC";
    }

    /// `12:00:05`, in UTC, where the day is plain from the surroundings.
    public static String clock(Instant at) {
        return CLOCK.format(at.atOffset(ZoneOffset.UTC));
    }

    /// `12 s`, `4 min 05 s`, `3 h 20 min`, `2 d 4 h`; never negative.
    public static String length(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return "%d min %02d s".formatted(seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
        }
        return "%d d %d h".formatted(seconds / 86_400, seconds / 3600 % 24);
    }

    /// `12 s left`, or `now` once the time is reached.
    public static String left(Instant until, Instant now) {
        return until.isAfter(now) ? length(Duration.between(now, until).plusMillis(999)) + " left" : "now";
    }

    /// `just now`, `12 s ago`, `3 h 20 min ago`.
    public static String ago(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        return age.toSeconds() < 1 ? "just now" : length(age) + " ago";
    }

    /// `812 B`, `1.4 kB`, `20.1 MB`.
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /// Sentences of the planner name instants to the nanosecond; people read the clock, and the day where it is
    /// another.
    public static String readable(String text, Instant now) {
        return INSTANT.matcher(text).replaceAll(found -> {
            Instant at = Instant.parse(found.group());
            boolean today = at.truncatedTo(ChronoUnit.DAYS).equals(now.truncatedTo(ChronoUnit.DAYS));
            return today ? clock(at) + " UTC" : moment(at);
        });
    }

    /// `Ring 2`; the ring of cells in quarantine has a name.
    static String ring(int number) {
        return number < 0 ? "Quarantine" : "Ring " + number;
    }

    /// `1 cell`, `3 cells`.
    public static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /// `102,500`.
    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// `102,500 packages`.
    public static String numbered(long number, String noun) {
        return number(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /// Characters that nobody sees but that turn text around, hide parts of it or make twins, shown by their number.
    /// Those that scripts and joined emoji need stay.
    public static String visible(String text) {
        if (text.chars().noneMatch(Words::deceives)) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 64);
        text.chars().forEach(c -> {
            if (deceives(c)) {
                shown.append(String.format(Locale.ROOT, "‹U+%04X›", c));
            } else {
                shown.append((char) c);
            }
        });
        return shown.toString();
    }

    private static boolean deceives(int c) {
        return c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f
                || c >= 0x202a && c <= 0x202e || c >= 0x2060 && c <= 0x2069 || c == 0xfeff;
    }

    /// The state as people read it: `rolling-back` becomes `rolling back`.
    public static String state(String state) {
        return state.replace('-', ' ');
    }

    /// How a state is felt: `good`, `moving`, `held`, `bad` or `quiet`; the colour of its badge.
    public static String tone(String state) {
        return switch (state) {
            case "healthy", "converged", "graduated", "complete", "succeeded" -> "good";
            case "deploying", "verifying", "baking", "pdm", "rolling", "running" -> "moving";
            case "waiting", "unreachable", "unknown", "no-data", "rolling-back", "withheld" -> "held";
            case "failed", "blocked", "harmful", "timed-out", "lost" -> "bad";
            default -> "quiet";
        };
    }

    /// The symbol of a state in the sprite; unknown words get the question mark.
    public static String glyph(String state) {
        return switch (state) {
            case "new", "idle", "registered" -> "new";
            case "deploying", "rolling", "running" -> "deploying";
            case "verifying" -> "verifying";
            case "baking" -> "baking";
            case "healthy", "converged", "graduated", "complete", "succeeded" -> "healthy";
            case "pdm" -> "pdm";
            case "failed", "blocked", "harmful", "timed-out" -> "failed";
            case "rolling-back" -> "rolling-back";
            case "waiting", "superseded", "withheld" -> "waiting";
            case "unreachable", "no-data" -> "unreachable";
            default -> "unknown";
        };
    }
}
