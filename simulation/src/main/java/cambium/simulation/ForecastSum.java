package cambium.simulation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// All runs of one kind of version.
record ForecastSum(Truth.Nature nature, List<Forecast> runs) {

    /// The middle and the worst of a figure over the runs.
    record Spread(long median, long worst) {}

    Map<Forecast.End, Long> ends() {
        return runs.stream().collect(Collectors.groupingBy(Forecast::end, TreeMap::new, Collectors.counting()));
    }

    Spread spread(ToLongFunction<Forecast> figure) {
        var sorted = runs.stream().mapToLong(figure).sorted().toArray();
        return new Spread(sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    Spread seconds() {
        return spread(run -> run.took().toSeconds());
    }

    /// In whole minutes, each run's sum rounded up: a little harm is not none.
    Spread harmMinutes() {
        return spread(run -> (run.harm().toSeconds() + 59) / 60);
    }

    /// A number as people write it.
    static String plain(double number) {
        return new BigDecimal(number).setScale(4, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
    }

    static String told(long seconds) {
        var time = Duration.ofSeconds(seconds);
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        return time.toHours() > 0 ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
}
