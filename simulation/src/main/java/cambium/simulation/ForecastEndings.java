package cambium.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/// How the runs ended that did not arrive, and on what: what is the same but for its times is told once, with how often
/// it came and a seed that plays it again.
final class ForecastEndings {
    private static final int MOST = 5;

    private final Truth.Nature nature;
    private final List<Forecast> runs;

    private ForecastEndings(ForecastSum sum) {
        nature = sum.nature();
        runs = sum.runs();
    }

    /// Nothing where all runs arrived.
    static List<String> lines(ForecastSum sum) {
        return new ForecastEndings(sum).lines();
    }

    private record Reason(String text, long seed, int runs) {
        Reason again() {
            return new Reason(text, seed, runs + 1);
        }

        String line() {
            return "    " + (runs == 1 ? "once" : runs + " times") + ": " + text + " (seed " + seed + ")";
        }
    }

    private List<String> lines() {
        var lines = new ArrayList<String>();
        var blocked = of(Forecast.End.BLOCKED);
        if (!blocked.isEmpty()) {
            var after = new ForecastSum(nature, blocked).spread(run -> run.blocked().orElseThrow().after().toSeconds());
            lines.add("  blocked in " + share(blocked) + ", after " + ForecastSum.told(after.median())
                    + (blocked.size() == 1 ? ":" : " (median; worst " + ForecastSum.told(after.worst()) + "):"));
            lines.addAll(reasons(blocked, run -> List.of(run.blocked().orElseThrow().why())));
        }
        var left = blocked.stream().filter(run -> !run.left().isEmpty()).toList();
        if (!left.isEmpty()) {
            lines.add("  blocked, and still on cells, in " + share(left) + ":");
            lines.addAll(reasons(left, Forecast::waits));
        }
        var waits = of(Forecast.End.WAITS);
        if (!waits.isEmpty()) {
            lines.add("  waits for a person in " + share(waits) + ":");
            lines.addAll(reasons(waits, Forecast::waits));
        }
        var unfinished = of(Forecast.End.UNFINISHED);
        if (!unfinished.isEmpty()) {
            lines.add("  unfinished at the limit in " + share(unfinished) + ", where it waits:");
            lines.addAll(reasons(unfinished, Forecast::waits));
        }
        if (!lines.isEmpty()) {
            lines.addFirst(Asked.word(nature) + ", where it does not arrive:");
            lines.addFirst("");
        }
        return lines;
    }

    private List<Forecast> of(Forecast.End end) {
        return runs.stream().filter(run -> run.end() == end).toList();
    }

    private String share(List<Forecast> some) {
        return some.size() + " of " + runs.size() + (runs.size() == 1 ? " run" : " runs");
    }

    private static List<String> reasons(List<Forecast> some, Function<Forecast, List<String>> told) {
        var reasons = new LinkedHashMap<String, Reason>();
        for (var run : some) {
            told.apply(run).stream().map(SinceCommand::timeless).distinct().forEach(shape -> {
                var text = told.apply(run).stream().filter(each -> SinceCommand.timeless(each).equals(shape))
                        .findFirst().orElseThrow();
                reasons.merge(shape, new Reason(text, run.seed(), 1), (known, _) -> known.again());
            });
        }
        var lines = new ArrayList<>(reasons.values().stream().sorted(Comparator.comparingInt(Reason::runs).reversed())
                .limit(MOST).map(Reason::line).toList());
        if (reasons.size() > MOST) {
            lines.add("    and " + (reasons.size() - MOST) + " more; --json tells them of each run");
        }
        return lines;
    }
}
