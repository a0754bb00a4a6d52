package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingNumber;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Forecasts for people and for machines.
final class ForecastReport {
    private ForecastReport() {}

    static List<String> lines(Asked asked, FleetSpec spec, List<ForecastSum> sums) {
        var lines = new ArrayList<String>();
        int cells = spec.rings().stream().mapToInt(ring -> ring.cells().size()).sum();
        lines.add("fleet " + spec.name() + ": " + spec.rings().size() + " rings, " + cells + " cells; " + asked.runs()
                + (asked.runs() == 1 ? " run" : " runs") + " of each kind of version, from seed " + asked.seed());
        lines.add(judge(asked.judge()) + "; people "
                + asked.peopleAfter().map(time -> "act after " + ForecastSum.told(time.toSeconds()))
                        .orElse("never act") + "; at most " + ForecastSum.told(asked.limit().toSeconds()));
        if (!asked.faults().shares().isEmpty()) {
            lines.add("faults: " + faults(asked.faults()).entrySet().stream().map(fault -> fault.getKey() + "="
                    + BigDecimal.valueOf(fault.getValue()).stripTrailingZeros().toPlainString())
                    .collect(Collectors.joining(", ")));
        }
        lines.add("");
        lines.addAll(Columns.of(List.of("version", "ends", "takes: median", "worst", "cells with it", "harmed: median",
                "worst", "cell-minutes of harm: median", "worst", "judged harmful", "after: median", "worst", "calls"),
                sums.stream().map(ForecastReport::row).toList()));
        for (var sum : sums) {
            lines.addAll(rings(sum));
            lines.addAll(ForecastEndings.lines(sum));
        }
        return lines;
    }

    private static Map<String, Double> faults(Faults faults) {
        var shares = new LinkedHashMap<String, Double>();
        faults.shares().forEach((fault, share) -> shares.put(fault.word(), share));
        return shares;
    }

    private static String judge(JudgeOfForecast judge) {
        return switch (judge) {
            case JudgeOfForecast.Right(var after) -> "a right verdict after " + ForecastSum.told(after.toSeconds());
            case JudgeOfForecast.Real(var perSecond, var harm) -> "the real judge over "
                    + ForecastSum.plain(perSecond) + " requests a second to each cell; a harmful version adds "
                    + ForecastSum.plain(harm.errors() * 100) + " % errors, takes " + ForecastSum.plain(harm.slower())
                    + " times as long and " + ForecastSum.plain(harm.saturation() * 100)
                    + " % more of the tightest resource";
        };
    }

    private static List<String> row(ForecastSum sum) {
        var harmed = sum.spread(run -> run.harmed().size());
        var minutes = sum.harmMinutes();
        var judged = new ForecastSum(sum.nature(), sum.runs().stream().filter(run -> run.judgedHarmful().isPresent())
                .toList());
        var after = judged.runs().isEmpty() ? Optional.<ForecastSum.Spread>empty()
                : Optional.of(judged.spread(run -> run.judgedHarmful().orElseThrow().toSeconds()));
        return List.of(Asked.word(sum.nature()), ends(sum), ForecastSum.told(sum.seconds().median()),
                ForecastSum.told(sum.seconds().worst()), "" + sum.spread(run -> run.reached().size()).worst(),
                "" + harmed.median(), "" + harmed.worst(), "" + minutes.median(), "" + minutes.worst(),
                judged.runs().size() + " of " + sum.runs().size(),
                after.map(known -> ForecastSum.told(known.median())).orElse("-"),
                after.map(known -> ForecastSum.told(known.worst())).orElse("-"),
                "" + sum.spread(run -> run.pages().size()).worst());
    }

    private static String ends(ForecastSum sum) {
        return sum.ends().entrySet().stream().map(end -> end.getKey().name().toLowerCase(Locale.ROOT)
                + (sum.ends().size() == 1 ? "" : " " + end.getValue())).collect(Collectors.joining(", "));
    }

    private static List<String> rings(ForecastSum sum) {
        var numbers = new TreeSet<RingNumber>();
        sum.runs().forEach(run -> numbers.addAll(run.rings().keySet()));
        var rows = numbers.stream().map(ring -> {
            var began = new ForecastSum(sum.nature(), sum.runs().stream().filter(run -> run.rings().containsKey(ring))
                    .toList());
            var proved = new ForecastSum(sum.nature(), began.runs().stream()
                    .filter(run -> !run.rings().get(ring).proved().isZero()).toList());
            return List.of("ring " + ring, began.runs().size() + " of " + sum.runs().size(),
                    ForecastSum.told(began.spread(run -> run.rings().get(ring).began().toSeconds()).median()),
                    proved.runs().isEmpty() ? "-" : ForecastSum.told(proved.spread(run -> run.rings().get(ring)
                            .proved().toSeconds()).median()));
        }).toList();
        var lines = new ArrayList<>(List.of("", Asked.word(sum.nature()) + ", ring by ring:"));
        lines.addAll(Columns.of(List.of("", "reached", "opens: median", "proved: median"), rows));
        return lines;
    }

    static Map<String, Object> json(Asked asked, FleetSpec spec, List<ForecastSum> sums) {
        var json = new LinkedHashMap<String, Object>();
        json.put("fleet", spec.name());
        json.put("seed", asked.seed());
        json.put("runs", asked.runs());
        switch (asked.judge()) {
            case JudgeOfForecast.Right(var after) -> {
                json.put("judge", "right");
                json.put("verdict_after_seconds", after.toSeconds());
            }
            case JudgeOfForecast.Real(var perSecond, var harm) -> {
                json.put("judge", "real");
                json.put("traffic_per_second", perSecond);
                var strain = new LinkedHashMap<String, Object>();
                strain.put("errors", harm.errors());
                strain.put("slower", harm.slower());
                strain.put("saturation", harm.saturation());
                json.put("harm", strain);
            }
        }
        json.put("people_after_seconds", asked.peopleAfter().map(time -> (Object) time.toSeconds()).orElse(null));
        json.put("limit_seconds", asked.limit().toSeconds());
        json.put("faults", faults(asked.faults()));
        json.put("versions", sums.stream().map(sum -> {
            var one = new LinkedHashMap<String, Object>();
            one.put("version", Asked.word(sum.nature()));
            one.put("runs", sum.runs().stream().map(ForecastReport::json).toList());
            return one;
        }).toList());
        return json;
    }

    private static Map<String, Object> json(Forecast.Block block) {
        var json = new LinkedHashMap<String, Object>();
        json.put("seconds", block.after().toSeconds());
        json.put("ring", block.ring().value());
        json.put("cell", block.cell().map(CellId::value).orElse(null));
        json.put("why", block.why());
        return json;
    }

    private static Map<String, Object> json(Forecast run) {
        var json = new LinkedHashMap<String, Object>();
        json.put("seed", run.seed());
        json.put("end", run.end().name().toLowerCase(Locale.ROOT));
        json.put("seconds", run.took().toSeconds());
        json.put("blocked", run.blocked().map(ForecastReport::json).orElse(null));
        json.put("deployments", run.deployments());
        json.put("rollbacks", run.rollbacks());
        json.put("cells_with_it", run.reached().size());
        json.put("cells_left_with_it", run.left().stream().map(CellId::value).toList());
        json.put("cells_harmed", run.harmed().size());
        json.put("harm_cell_seconds", run.harm().toSeconds());
        json.put("judged_harmful_seconds", run.judgedHarmful().map(Duration::toSeconds).orElse(null));
        json.put("calls", run.pages());
        json.put("waits", run.waits());
        json.put("rings", run.rings().entrySet().stream().map(ring -> {
            var one = new LinkedHashMap<String, Object>();
            one.put("ring", ring.getKey().value());
            one.put("opened_seconds", ring.getValue().began().toSeconds());
            one.put("converged_seconds", ring.getValue().converged().isZero() ? null
                    : ring.getValue().converged().toSeconds());
            one.put("proved_seconds", ring.getValue().proved().isZero() ? null
                    : ring.getValue().proved().toSeconds());
            return one;
        }).toList());
        return json;
    }
}
