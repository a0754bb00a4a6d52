package cambium.simulation;

import cambium.simulation.traffic.Strain;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The words of `cambium simulate`, understood.
record Asked(String fleet, List<Truth.Nature> natures, Faults faults, int runs, long seed, JudgeOfForecast judge,
        Optional<Duration> peopleAfter, Duration limit, boolean json) {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([smhd])");
    private static final int MAX_RUNS = 10_000;

    /// Trouble that a forecast can have. Coordinators are not killed in it: that costs seconds and changes no answer.
    private static final List<Fault> TROUBLE = List.of(Fault.STEP_FAILS, Fault.STEP_HANGS, Fault.STEP_LIES,
            Fault.STEP_FORGOTTEN, Fault.UNREACHABLE, Fault.METRICS_GONE, Fault.CHANNEL_SLOW);

    static String word(Truth.Nature nature) {
        return nature.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String kinds() {
        return Arrays.stream(Truth.Nature.values()).map(Asked::word).collect(Collectors.joining(", "));
    }

    static String faultNames() {
        return TROUBLE.stream().map(Fault::word).collect(Collectors.joining(", "));
    }

    /// @throws IllegalArgumentException with a sentence for the person who typed it
    static Asked of(List<String> args) {
        var words = words(args);
        var fleet = Optional.ofNullable(words.remove("--fleet")).orElseThrow(() ->
                new IllegalArgumentException("a fleet file is needed: --fleet fleet.yaml"));
        var natures = Optional.ofNullable(words.remove("--version")).map(Asked::nature).map(List::of)
                .orElse(List.of(Truth.Nature.values()));
        var people = words.getOrDefault("--people-after", "30m");
        return new Asked(fleet, natures, faults(words.getOrDefault("--faults", "")),
                (int) number("--runs", words.getOrDefault("--runs", "20"), 1, MAX_RUNS),
                number("--seed", words.getOrDefault("--seed", "1"), 0, 999_999_999_999_999L),
                judge(words),
                people.equals("never") ? Optional.empty() : Optional.of(time("--people-after", people)),
                time("--limit", words.getOrDefault("--limit", "30d")), words.containsKey("--json"));
    }

    private static Map<String, String> words(List<String> args) {
        var known = List.of("--fleet", "--version", "--faults", "--runs", "--seed", "--verdict-after",
                "--people-after", "--limit", "--judge", "--traffic", "--harm");
        var words = new LinkedHashMap<String, String>();
        for (int i = 0; i < args.size(); i++) {
            var name = args.get(i);
            if (name.equals("--json")) {
                words.put(name, "");
            } else if (!known.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' is not known; known are --json, "
                        + String.join(", ", known));
            } else if (i + 1 == args.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            } else {
                words.put(name, args.get(++i));
            }
        }
        return words;
    }

    private static JudgeOfForecast judge(Map<String, String> words) {
        var kind = words.getOrDefault("--judge", "right");
        var others = switch (kind) {
            case "right" -> List.of("--traffic", "--harm");
            case "real" -> List.of("--verdict-after");
            default -> throw new IllegalArgumentException("--judge is right or real, not '" + kind + "'");
        };
        others.stream().filter(words::containsKey).findFirst().ifPresent(other -> {
            throw new IllegalArgumentException(other + " says nothing with --judge " + kind);
        });
        return kind.equals("real") ? new JudgeOfForecast.Real(share("--traffic",
                words.getOrDefault("--traffic", "10"), 0.01, 10_000), harm(words.getOrDefault("--harm", "errors=0.02")))
                : new JudgeOfForecast.Right(time("--verdict-after", words.getOrDefault("--verdict-after", "3m")));
    }

    private static Strain harm(String list) {
        double errors = 0;
        double slower = 1;
        double saturation = 0;
        for (var pair : list.split(",")) {
            var parts = pair.strip().split("=", 2);
            var value = parts.length < 2 ? "" : parts[1];
            switch (parts[0]) {
                case "errors" -> errors = share("--harm errors", value, 0, 1);
                case "slower" -> slower = share("--harm slower", value, 1, 100);
                case "saturation" -> saturation = share("--harm saturation", value, 0, 1);
                default -> throw new IllegalArgumentException("--harm names errors, slower or saturation, such as "
                        + "errors=0.02, not '" + pair + "'");
            }
        }
        return new Strain(errors, slower, saturation);
    }

    private static double share(String name, String text, double least, double most) {
        if (!text.matches("[0-9]{0,6}(\\.[0-9]{1,9})?") || text.isEmpty() || Double.parseDouble(text) < least
                || Double.parseDouble(text) > most) {
            throw new IllegalArgumentException(name + " is a number from " + ForecastSum.plain(least) + " to "
                    + ForecastSum.plain(most) + ", not '" + text + "'");
        }
        return Double.parseDouble(text);
    }

    private static Truth.Nature nature(String word) {
        return Arrays.stream(Truth.Nature.values()).filter(nature -> word(nature).equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no kind of version; known are "
                        + kinds()));
    }

    private static Faults faults(String list) {
        var shares = new EnumMap<Fault, Double>(Fault.class);
        for (var pair : list.split(",")) {
            if (!pair.isBlank()) {
                var parts = pair.strip().split("=", 2);
                var trouble = TROUBLE.stream().filter(each -> each.word().equals(parts[0])).findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("'" + parts[0] + "' is no fault; known are "
                                + faultNames()));
                if (parts.length < 2 || !parts[1].matches("0|1|0?\\.[0-9]{1,9}")) {
                    throw new IllegalArgumentException(parts[0] + " needs a share from 0 to 1, such as "
                            + parts[0] + "=0.05");
                }
                shares.put(trouble, Double.parseDouble(parts[1]));
            }
        }
        return new Faults(shares);
    }

    private static long number(String name, String text, long least, long most) {
        if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw new IllegalArgumentException(name + " is a number from " + least + " to " + most + ", not '" + text
                    + "'");
        }
        return Long.parseLong(text);
    }

    private static Duration time(String name, String text) {
        var found = TIME.matcher(text);
        if (!found.matches() || Long.parseLong(found.group(1)) == 0) {
            throw new IllegalArgumentException(name + " is a time such as 90s, 30m, 2h or 7d, not '" + text + "'");
        }
        long number = Long.parseLong(found.group(1));
        return switch (found.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
