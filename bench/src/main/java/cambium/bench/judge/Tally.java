package cambium.bench.judge;

import cambium.rollout.Verdict;
import cambium.simulation.traffic.Circumstance;
import cambium.simulation.traffic.MadeDeployment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What one judge said about many deployments.
final class Tally {
    final Map<Circumstance, Row> rows = new EnumMap<>(Circumstance.class);

    /// @param waits seconds from the beginning of the fault to the verdict *harmful*, where it was a fault
    record Row(int deployments, int harmful, int healthyAtTheEnd, List<Double> waits) {
        Row plus(boolean alarmed, boolean healthy, double wait) {
            var longer = waits;
            if (alarmed) {
                longer = new ArrayList<>(waits);
                longer.add(wait);
            }
            return new Row(deployments + 1, harmful + (alarmed ? 1 : 0), healthyAtTheEnd + (healthy ? 1 : 0), longer);
        }
    }

    void judge(Rival rival, MadeDeployment deployment) {
        var last = Verdict.NO_DATA;
        double wait = 0;
        for (var at = rival.every(); at.compareTo(MadeDeployment.LENGTH) <= 0 && last != Verdict.HARMFUL;
                at = at.plus(rival.every())) {
            last = rival.judging().of(deployment.seen(at));
            wait = Math.max(0, at.minus(deployment.faultAfter()).toSeconds());
        }
        rows.put(deployment.circumstance(), rows.getOrDefault(deployment.circumstance(),
                new Row(0, 0, 0, List.of())).plus(last == Verdict.HARMFUL, last == Verdict.HEALTHY, wait));
    }

    int deployments(boolean harmful) {
        return rows.entrySet().stream().filter(each -> each.getKey().harmful() == harmful)
                .mapToInt(each -> each.getValue().deployments()).sum();
    }

    /// Deployments called harmful, of those that are or are not.
    int alarms(boolean harmful) {
        return rows.entrySet().stream().filter(each -> each.getKey().harmful() == harmful)
                .mapToInt(each -> each.getValue().harmful()).sum();
    }

    double precision() {
        return (double) alarms(true) / Math.max(1, alarms(true) + alarms(false));
    }

    double recall() {
        return (double) alarms(true) / deployments(true);
    }

    /// Over all faults that were found.
    Duration wait(double share) {
        return quantile(rows.entrySet().stream().filter(each -> each.getKey().harmful())
                .flatMap(each -> each.getValue().waits().stream()).sorted().toList(), share);
    }

    static Duration quantile(List<Double> sorted, double share) {
        return sorted.isEmpty() ? Duration.ZERO
                : Duration.ofSeconds(Math.round(sorted.get((int) Math.min(sorted.size() - 1,
                        Math.floor(share * sorted.size())))));
    }
}
