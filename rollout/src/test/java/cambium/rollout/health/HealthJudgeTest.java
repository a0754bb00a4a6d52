package cambium.rollout.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HealthJudgeTest {
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    private static Judgement judge(List<HealthSample> before, List<HealthSample> after) {
        return judge(before, after, List.of());
    }

    private static Judgement judge(List<HealthSample> before, List<HealthSample> after,
            List<List<HealthSample>> siblings) {
        var now = after.isEmpty() ? CellTraffic.START : after.getLast().at();
        return HealthJudge.judge(new HealthInput(before, after, siblings, now, MAX_AGE));
    }

    @Test
    void findsACellHealthyThatIsAsItWas() {
        var traffic = new CellTraffic(1);
        var judgement = judge(traffic.readings(60, 20, 0.01, 0.05), traffic.readings(60, 20, 0.01, 0.05));
        assertEquals(Verdict.HEALTHY, judgement.verdict(), judgement.evidence().text());
        assertTrue(judgement.samples() > 1000, judgement.toString());
        assertEquals(List.of("errors", "latency", "traffic"),
                judgement.evidence().signals().stream().map(signal -> signal.name()).toList());
    }

    @Test
    void findsABurstOfErrorsHarmful() {
        for (long seed = 0; seed < 500; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.readings(60, 20, 0.01, 0.05), traffic.readings(12, 20, 0.2, 0.05));
            assertEquals(Verdict.HARMFUL, judgement.verdict(), "seed " + seed + ": " + judgement.evidence().text());
        }
    }

    @Test
    void findsErrorsHarmfulWhereThereWereNoneBefore() {
        for (long seed = 0; seed < 500; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.readings(60, 20, 0, 0.05), traffic.readings(30, 20, 0.05, 0.05));
            assertEquals(Verdict.HARMFUL, judgement.verdict(), "seed " + seed + ": " + judgement.evidence().text());
        }
    }

    @Test
    void seesADoubledErrorRateInAThousandRequests() {
        int seen = 0;
        for (long seed = 0; seed < 1000; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.readings(300, 20, 0.05, 0.05), traffic.readings(51, 20, 0.10, 0.05));
            seen += judgement.verdict() == Verdict.HARMFUL ? 1 : 0;
        }
        assertTrue(seen >= 850, "a doubled error rate was seen in " + seen + " of 1000 seeds");
    }

    @Test
    void doesNotTripOverAStrayError() {
        var traffic = new CellTraffic(3);
        var before = traffic.readings(60, 20, 0, 0.05);
        var after = new ArrayList<>(traffic.readings(10, 20, 0, 0.05));
        var last = after.removeLast();
        after.add(new HealthSample(last.at(), last.requests(), last.errors() + 1, last.latencies(),
                OptionalDouble.empty()));
        assertEquals(Verdict.HEALTHY, judge(before, after).verdict());
    }

    @Test
    void hasNoDataWhileTrafficIsTooLow() {
        var traffic = new CellTraffic(4);
        var judgement = judge(traffic.readings(60, 20, 0, 0.05), traffic.readings(5, 1, 0, 0.05));
        assertEquals(Verdict.NO_DATA, judgement.verdict(), judgement.evidence().text());
    }

    @Test
    void hasNoDataWhileReadingsAreMissingOrStale() {
        var traffic = new CellTraffic(5);
        var before = traffic.readings(60, 20, 0, 0.05);
        assertEquals(Verdict.NO_DATA, judge(before, List.of()).verdict());
        var after = traffic.readings(60, 20, 0, 0.05);
        var late = after.getLast().at().plus(MAX_AGE).plusSeconds(1);
        var input = new HealthInput(before, after, List.of(), late, MAX_AGE);
        assertEquals(Verdict.NO_DATA, HealthJudge.judge(input).verdict());
    }

    @Test
    void hasNoDataWhereEveryReadingIsNonsense() {
        var traffic = new CellTraffic(6);
        var before = traffic.readings(60, 20, 0, 0.05);
        var after = new ArrayList<HealthSample>();
        double[] nonsense = {Double.NaN, Double.POSITIVE_INFINITY, -1};
        for (int i = 0; i < 30; i++) {
            after.add(HealthSample.counting(CellTraffic.START.plusSeconds(600 + i), nonsense[i % 3], 0));
            after.add(HealthSample.counting(CellTraffic.START.plusSeconds(600 + i), 10, 20));
        }
        assertEquals(Verdict.NO_DATA, judge(before, after).verdict());
    }

    @Test
    void hasNoDataWhenLatenciesAreNoLongerTold() {
        var traffic = new CellTraffic(7);
        var before = traffic.readings(60, 20, 0, 0.05);
        var after = traffic.readings(60, 20, 0, 0.05).stream()
                .map(reading -> HealthSample.counting(reading.at(), reading.requests(), reading.errors())).toList();
        assertEquals(Verdict.NO_DATA, judge(before, after).verdict());
    }

    @Test
    void countsOnAfterACounterStartedAnew() {
        var traffic = new CellTraffic(8);
        var before = traffic.readings(60, 20, 0.01, 0.05);
        var after = new ArrayList<>(traffic.readings(20, 20, 0.01, 0.05));
        traffic.restart();
        after.addAll(traffic.readings(20, 20, 0.01, 0.05));
        traffic.restart();
        after.addAll(traffic.readings(20, 20, 0.01, 0.05));
        var judgement = judge(before, after);
        assertEquals(Verdict.HEALTHY, judgement.verdict(), judgement.evidence().text());
        assertTrue(judgement.samples() > 900 && judgement.samples() < 1400, "samples " + judgement.samples());
    }

    @Test
    void findsDoubledLatenciesHarmful() {
        for (long seed = 0; seed < 300; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.readings(60, 20, 0.01, 0.05), traffic.readings(30, 20, 0.01, 0.11));
            assertEquals(Verdict.HARMFUL, judgement.verdict(), "seed " + seed + ": " + judgement.evidence().text());
        }
    }

    @Test
    void doesNotMindLatenciesThatAreABitSlower() {
        for (long seed = 0; seed < 300; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.readings(60, 20, 0.01, 0.05), traffic.readings(30, 20, 0.01, 0.055));
            assertEquals(Verdict.HEALTHY, judgement.verdict(), "seed " + seed + ": " + judgement.evidence().text());
        }
    }

    @Test
    void doesNotMindAMillisecondThatBecameFiveButMindsATenthOfASecond() {
        var fast = allWithin(0.001);
        assertEquals(Verdict.HEALTHY, judge(fast, allWithin(0.005)).verdict());
        assertEquals(Verdict.HARMFUL, judge(fast, allWithin(0.1)).verdict());
    }

    /// Thirty readings of a cell that answers every request within exactly this bucket, with fine buckets.
    private static List<HealthSample> allWithin(double seconds) {
        var samples = new ArrayList<HealthSample>();
        for (int i = 0; i < 30; i++) {
            double requests = i * 20.0;
            var buckets = new ArrayList<HealthSample.Bucket>();
            for (double bound : new double[] {0.001, 0.002, 0.005, 0.01, 0.1, Double.POSITIVE_INFINITY}) {
                buckets.add(new HealthSample.Bucket(bound, bound < seconds ? 0 : requests));
            }
            samples.add(new HealthSample(CellTraffic.START.plusSeconds(i), requests, 0, buckets,
                    OptionalDouble.empty()));
        }
        return samples;
    }

    @Test
    void holdsRatherThanBlamesWhenUnchangedSiblingsAreAsBad() {
        var traffic = new CellTraffic(9);
        var sibling = new CellTraffic(10);
        var judgement = judge(traffic.readings(60, 20, 0.01, 0.05), traffic.readings(30, 20, 0.3, 0.05),
                List.of(sibling.readings(30, 20, 0.3, 0.05)));
        assertEquals(Verdict.NO_DATA, judgement.verdict(), judgement.evidence().text());
        assertTrue(judgement.evidence().text().contains("siblings"), judgement.evidence().text());
    }

    @Test
    void comparesANewCellWithItsSiblings() {
        var sibling = new CellTraffic(11).readings(60, 20, 0.01, 0.05);
        assertEquals(Verdict.HEALTHY, judge(List.of(), new CellTraffic(12).readings(60, 20, 0.01, 0.05),
                List.of(sibling)).verdict());
        assertEquals(Verdict.HARMFUL, judge(List.of(), new CellTraffic(12).readings(60, 20, 0.2, 0.05),
                List.of(sibling)).verdict());
    }

    @Test
    void judgesAFirstVersionByWhatIsAllowedAtAll() {
        assertEquals(Verdict.HEALTHY, judge(List.of(), new CellTraffic(13).readings(60, 20, 0.02, 0.05)).verdict());
        assertEquals(Verdict.HARMFUL, judge(List.of(), new CellTraffic(13).readings(60, 20, 0.5, 0.05)).verdict());
    }

    /// Each deployment is looked at forty times while evidence grows, as the coordinator does.
    @Test
    void raisesAFalseAlarmOnAtMostOneOfAThousandHealthyDeployments() {
        int alarms = 0;
        int deployments = 5000;
        var seeds = new Random(20261121);
        for (int i = 0; i < deployments; i++) {
            long seed = seeds.nextLong();
            var traffic = new CellTraffic(seed);
            double rate = new double[] {0, 0.001, 0.01, 0.05, 0.2}[i % 5];
            var before = traffic.readings(40, 10, rate, 0.05);
            var after = traffic.readings(40, 10, rate, 0.05);
            for (int looks = 1; looks <= after.size(); looks++) {
                var seen = after.subList(0, looks);
                Instant now = seen.getLast().at();
                if (HealthJudge.judge(new HealthInput(before, seen, List.of(), now, MAX_AGE))
                        .verdict() == Verdict.HARMFUL) {
                    alarms++;
                    break;
                }
            }
        }
        assertTrue(alarms <= deployments / 1000, alarms + " false alarms in " + deployments + " healthy deployments");
    }
}
