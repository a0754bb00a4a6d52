package cambium.server.fleet.pull;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A pull cell's setting `report-within`: so long after its last report nobody knows what it runs.
public final class ReportWithin {
    public static final String SETTING = "report-within";
    static final Duration DEFAULT = Duration.ofMinutes(15);
    private static final Pattern SHORT = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    private static final Duration LEAST = Duration.ofSeconds(10);

    private ReportWithin() {}

    /// What is wrong with it.
    public static Optional<String> problem(Map<String, String> settings) {
        var text = settings.get(SETTING);
        return text == null || parsed(text).filter(time -> time.compareTo(LEAST) >= 0).isPresent() ? Optional.empty()
                : Optional.of("a time from " + LEAST.toSeconds() + "s such as 30s, 15m, 2h or 1d is expected, not '"
                        + text + "': so long after its last report the cell counts as unreachable");
    }

    static Duration of(Map<String, String> settings) {
        return parsed(settings.getOrDefault(SETTING, "")).orElse(DEFAULT);
    }

    private static Optional<Duration> parsed(String text) {
        var match = SHORT.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var amount = Long.parseLong(match.group(1));
        return Optional.of(switch (match.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        });
    }
}
