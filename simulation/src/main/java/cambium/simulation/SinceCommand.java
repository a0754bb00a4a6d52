package cambium.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/// Sentences of the planner in the time of a forecast: its instants are made up, and what counts is how long after the
/// command they are.
final class SinceCommand {
    private static final Pattern INSTANT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?Z");
    private static final Pattern TOLD = Pattern.compile("([0-9]{1,9} (d|h|min|s) ){2}(after|before) the command");

    private SinceCommand() {}

    static String told(String sentence, Instant begin) {
        return INSTANT.matcher(sentence).replaceAll(found -> {
            var since = Duration.between(begin, Instant.parse(found.group()));
            return ForecastSum.told(since.abs().toSeconds()) + (since.isNegative() ? " before" : " after")
                    + " the command";
        });
    }

    /// What sentences have in common that differ in their times only.
    static String timeless(String sentence) {
        return TOLD.matcher(sentence).replaceAll("then");
    }
}
