package cambium.bench.judge;

import cambium.simulation.traffic.Circumstance;
import cambium.simulation.traffic.MadeDeployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Judges beside each other: how many faults each finds, how soon, and how often it blames a version that did nothing.
/// Seeds below 2,000,000 are for tuning, those from there on for reporting.
public final class JudgeBench {
    static final long REPORTED = 2_000_000;

    private JudgeBench() {}

    public static void run(Path results, int healthy, int harmful) throws IOException {
        var text = new StringBuilder("""
                | judge | precision | recall | false alarms per 1,000 healthy | median time to verdict | p90 |
                |---|---:|---:|---:|---:|---:|
                """);
        Tally ours = null;
        for (var rival : Rivals.all()) {
            var tally = tally(rival, REPORTED, healthy, harmful);
            ours = ours == null ? tally : ours;
            var line = String.format(Locale.ROOT, "| %s | %.2f %% | %.2f %% | %.2f (%d of %,d) | %s | %s |%n",
                    rival.name(), tally.precision() * 100, tally.recall() * 100,
                    1000.0 * tally.alarms(false) / tally.deployments(false), tally.alarms(false),
                    tally.deployments(false), minutes(tally.wait(0.5)), minutes(tally.wait(0.9)));
            System.out.print(line);
            text.append(line);
        }
        var detail = detail(ours);
        System.out.print("\n" + detail);
        Files.writeString(results.resolve("judge.md"), text + "\n" + detail);
    }

    static Tally tally(Rival rival, long firstSeed, int healthy, int harmful) {
        var tally = new Tally();
        for (var circumstance : Circumstance.values()) {
            int deployments = circumstance.harmful() ? harmful : healthy;
            for (int i = 0; i < deployments; i++) {
                tally.judge(rival, MadeDeployment.of(firstSeed + i, circumstance));
            }
        }
        return tally;
    }

    private static String detail(Tally tally) {
        var text = new StringBuilder("""
                | circumstance | deployments | called harmful | healthy after an hour | median time to verdict | p90 |
                |---|---:|---:|---:|---:|---:|
                """);
        Arrays.stream(Circumstance.values()).filter(tally.rows::containsKey).forEach(each -> {
            var row = tally.rows.get(each);
            var waits = row.waits().stream().sorted().toList();
            text.append(String.format(Locale.ROOT, "| %s | %,d | %,d | %,d | %s | %s |%n",
                    each.name().toLowerCase(Locale.ROOT).replace('_', ' '), row.deployments(), row.harmful(),
                    row.healthyAtTheEnd(), each.harmful() ? time(waits, 0.5) : "", each.harmful() ? time(waits, 0.9)
                    : ""));
        });
        return text.toString();
    }

    private static String time(List<Double> waits, double share) {
        return minutes(Tally.quantile(waits, share));
    }

    private static String minutes(Duration time) {
        return String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart());
    }
}
