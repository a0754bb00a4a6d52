package cambium.rollout.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HealthJudgeTest {
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    private static Judgement judge(List<HealthSample> before, List<HealthSample> after) {
        return judge(before, after, List.of());
    }

    private static Judgement judge(List<HealthSample> before, List<HealthSample> after, List<Control> controls) {
        return judge(before, after, controls, Set.of());
    }

    private static Judgement judge(List<HealthSample> before, List<HealthSample> after, List<Control> controls,
            Set<String> shadow) {
        var since = after.isEmpty() ? CellTraffic.START : after.getFirst().at();
        var now = after.isEmpty() ? CellTraffic.START : after.getLast().at();
        return HealthJudge.judge(new HealthInput(before, after, controls, since, now, MAX_AGE, shadow));
    }

    private static Control cell(List<HealthSample> before, List<HealthSample> after) {
        return new Control(Control.Kind.CELL, "c2", before, after);
    }

    private static void assertVerdict(Verdict verdict, Judgement judgement) {
        assertEquals(verdict, judgement.verdict(), judgement.evidence().text());
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
            var judgement = judge(traffic.readings(60, 20, 0.01, 0.05), traffic.readings(18, 20, 0.2, 0.05));
            assertEquals(Verdict.HARMFUL, judgement.verdict(), "seed " + seed + ": " + judgement.evidence().text());
        }
    }

    /// The figures beside the sentence are of all requests: it says of how many of them it speaks.
    @Test
    void saysWhichPartOfTheRequestsDecided() {
        var traffic = new CellTraffic(1);
        var judgement = judge(traffic.readings(60, 20, 0.01, 0.05), traffic.readings(18, 20, 0.2, 0.05));
        var text = judgement.evidence().text();
        assertTrue(text.matches("errors \\d+\\.\\d % of (\\d+) requests \\(of " + judgement.samples() + " since the"
                + " deployment, the stretch that tells most, without its worst reading\\), [01]\\.\\d % in its"
                + " own past"), text);
    }

    @Test
    void findsErrorsHarmfulWhereThereWereNoneBefore() {
        for (long seed = 0; seed < 500; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.readings(80, 20, 0, 0.05), traffic.readings(40, 20, 0.05, 0.05));
            assertEquals(Verdict.HARMFUL, judgement.verdict(), "seed " + seed + ": " + judgement.evidence().text());
        }
    }

    @Test
    void seesADoubledErrorRateInThreeThousandRequests() {
        int seen = 0;
        for (long seed = 0; seed < 1000; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.readings(300, 20, 0.05, 0.05), traffic.readings(151, 20, 0.10, 0.05));
            seen += judgement.verdict() == Verdict.HARMFUL ? 1 : 0;
        }
        assertTrue(seen >= 950, "a doubled error rate was seen in " + seen + " of 1000 seeds");
    }

    @Test
    void doesNotTripOverAStrayError() {
        var traffic = new CellTraffic(3);
        var before = traffic.readings(80, 20, 0, 0.05);
        var after = new ArrayList<>(traffic.readings(10, 20, 0, 0.05));
        var last = after.removeLast();
        after.add(new HealthSample(last.at(), last.requests(), last.errors() + 1, last.latencies(),
                OptionalDouble.empty()));
        assertEquals(Verdict.HEALTHY, judge(before, after).verdict());
    }

    @Test
    void hasNoDataWhileTrafficIsTooLow() {
        var traffic = new CellTraffic(4);
        var judgement = judge(traffic.readings(80, 20, 0, 0.05), traffic.readings(5, 1, 0, 0.05));
        assertEquals(Verdict.NO_DATA, judgement.verdict(), judgement.evidence().text());
    }

    @Test
    void hasNoDataWhileReadingsAreMissingOrStale() {
        var traffic = new CellTraffic(5);
        var before = traffic.readings(80, 20, 0, 0.05);
        assertEquals(Verdict.NO_DATA, judge(before, List.of()).verdict());
        var after = traffic.readings(80, 20, 0, 0.05);
        var late = after.getLast().at().plus(MAX_AGE).plusSeconds(1);
        var input = new HealthInput(before, after, List.of(), after.getFirst().at(), late, MAX_AGE, Set.of());
        assertEquals(Verdict.NO_DATA, HealthJudge.judge(input).verdict());
    }

    @Test
    void hasNoDataWhereEveryReadingIsNonsense() {
        var traffic = new CellTraffic(6);
        var before = traffic.readings(80, 20, 0, 0.05);
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
        var before = traffic.readings(80, 20, 0, 0.05);
        var after = traffic.readings(80, 20, 0, 0.05).stream()
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
        for (long seed = 0; seed < 100; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.past(20, 0.01, 0.05), traffic.readings(68, 20, 0.01, 0.11));
            assertEquals(Verdict.HARMFUL, judgement.verdict(), "seed " + seed + ": " + judgement.evidence().text());
        }
    }

    @Test
    void doesNotMindLatenciesThatAreABitSlower() {
        for (long seed = 0; seed < 100; seed++) {
            var traffic = new CellTraffic(seed);
            var judgement = judge(traffic.past(20, 0.01, 0.05), traffic.readings(60, 20, 0.01, 0.055));
            assertEquals(Verdict.HEALTHY, judgement.verdict(), "seed " + seed + ": " + judgement.evidence().text());
        }
    }

    @Test
    void holdsTheGateDuringAMinuteOfSlownessAndForgetsIt() {
        var traffic = new CellTraffic(21);
        var past = traffic.past(20, 0.01, 0.05);
        var after = new ArrayList<>(traffic.readings(10, 20, 0.01, 0.2));
        assertVerdict(Verdict.NO_DATA, judge(past, after));
        after.addAll(traffic.readings(30, 20, 0.01, 0.05));
        assertVerdict(Verdict.HEALTHY, judge(past, after));
    }

    @Test
    void doesNotMindAMillisecondThatBecameFiveButMindsATenthOfASecond() {
        var fast = allWithin(0, 360, 0.001);
        assertVerdict(Verdict.HEALTHY, judge(fast, allWithin(360, 80, 0.005)));
        assertVerdict(Verdict.HARMFUL, judge(fast, allWithin(360, 80, 0.1)));
    }

    /// Readings of a cell that answers every request within exactly this bucket, with fine buckets.
    private static List<HealthSample> allWithin(int from, int readings, double seconds) {
        var samples = new ArrayList<HealthSample>();
        for (int i = 0; i < readings; i++) {
            double requests = i * 20.0;
            var buckets = new ArrayList<HealthSample.Bucket>();
            for (double bound : new double[] {0.001, 0.002, 0.005, 0.01, 0.1, Double.POSITIVE_INFINITY}) {
                buckets.add(new HealthSample.Bucket(bound, bound < seconds ? 0 : requests));
            }
            samples.add(new HealthSample(CellTraffic.START.plusSeconds((from + i) * 10L), requests, 0, buckets,
                    OptionalDouble.empty()));
        }
        return samples;
    }

    @Test
    void holdsRatherThanBlamesWhenUnchangedSiblingsAreAsBad() {
        var traffic = new CellTraffic(9);
        var sibling = new CellTraffic(10);
        var judgement = judge(traffic.past(20, 0.01, 0.05), traffic.readings(30, 20, 0.3, 0.05),
                List.of(cell(sibling.past(20, 0.01, 0.05), sibling.readings(30, 20, 0.3, 0.05))));
        assertVerdict(Verdict.NO_DATA, judgement);
        assertTrue(judgement.evidence().text().contains("siblings"), judgement.evidence().text());
    }

    @Test
    void holdsWhenUnchangedSiblingsBecameAsSlowOrAsFull() {
        var traffic = new CellTraffic(9);
        var sibling = new CellTraffic(10);
        assertVerdict(Verdict.NO_DATA, judge(traffic.past(20, 0.01, 0.05), traffic.readings(80, 20, 0.01, 0.15),
                List.of(cell(sibling.past(20, 0.01, 0.04), sibling.readings(80, 20, 0.01, 0.12)))));
        var full = new CellTraffic(11).saturated(0.4);
        var alike = new CellTraffic(12).saturated(0.5);
        assertVerdict(Verdict.NO_DATA, judge(full.past(20, 0, 0.05), full.saturated(0.95).readings(80, 20, 0, 0.05),
                List.of(cell(alike.past(20, 0, 0.05), alike.saturated(0.95).readings(80, 20, 0, 0.05)))));
    }

    @Test
    void blamesACellThatIsFarWorseThanSiblingsInTheSameOutage() {
        var traffic = new CellTraffic(9);
        var sibling = new CellTraffic(10);
        assertVerdict(Verdict.HARMFUL, judge(traffic.past(20, 0.01, 0.05), traffic.readings(30, 20, 0.6, 0.05),
                List.of(cell(sibling.past(20, 0.01, 0.05), sibling.readings(30, 20, 0.03, 0.05)))));
    }

    @Test
    void findsACellHealthyThatIsAsSlowAsADayEarlierAtThisTime() {
        var today = new CellTraffic(14);
        var earlier = new CellTraffic(15);
        var yesterday = new Control(Control.Kind.YESTERDAY, "a day earlier", earlier.past(20, 0.01, 0.05),
                earlier.readings(80, 20, 0.01, 0.12));
        var past = today.past(20, 0.01, 0.05);
        var after = today.readings(80, 20, 0.01, 0.12);
        assertVerdict(Verdict.HEALTHY, judge(past, after, List.of(yesterday)));
        assertVerdict(Verdict.HARMFUL, judge(past, after));
    }

    @Test
    void comparesANewCellWithItsSiblings() {
        var sibling = new CellTraffic(11).readings(60, 20, 0.01, 0.05);
        assertVerdict(Verdict.HEALTHY, judge(List.of(), new CellTraffic(12).readings(60, 20, 0.01, 0.05),
                List.of(cell(List.of(), sibling))));
        assertVerdict(Verdict.HARMFUL, judge(List.of(), new CellTraffic(12).readings(60, 20, 0.2, 0.05),
                List.of(cell(List.of(), sibling))));
    }

    @Test
    void judgesAFirstVersionByWhatIsAllowedAtAll() {
        assertVerdict(Verdict.HEALTHY, judge(List.of(), new CellTraffic(13).readings(60, 20, 0.02, 0.05)));
        assertVerdict(Verdict.HARMFUL, judge(List.of(), new CellTraffic(13).readings(60, 20, 0.5, 0.05)));
    }

    @Test
    void findsAFaultThatComesAnHourLater() {
        for (long seed = 0; seed < 20; seed++) {
            var traffic = new CellTraffic(seed);
            var past = traffic.past(20, 0.001, 0.05);
            var after = new ArrayList<>(traffic.readings(360, 20, 0.001, 0.05));
            assertVerdict(Verdict.HEALTHY, judge(past, after));
            after.addAll(traffic.readings(24, 20, 0.1, 0.05));
            assertVerdict(Verdict.HARMFUL, judge(past, after));
        }
    }

    @Test
    void findsAResourceHarmfulThatStaysNearlyFull() {
        var traffic = new CellTraffic(16).saturated(0.4);
        var past = traffic.past(20, 0, 0.05);
        assertVerdict(Verdict.HEALTHY, judge(past, traffic.saturated(0.6).readings(80, 20, 0, 0.05)));
        assertVerdict(Verdict.HARMFUL, judge(past, traffic.saturated(0.96).readings(80, 20, 0, 0.05)));
    }

    @Test
    void opensNoGateWhereTrafficIsGone() {
        var traffic = new CellTraffic(17);
        assertVerdict(Verdict.NO_DATA, judge(traffic.past(100, 0, 0.05), traffic.readings(40, 4, 0, 0.05)));
    }

    /// C-33: what has never judged inside may hold a version outside, and never condemns it.
    @Test
    void aSignalOnTrialHoldsWhatItWouldCondemnAndLeavesTheOthersAlone() {
        var traffic = new CellTraffic(28);
        var past = traffic.past(20, 0.01, 0.05);
        var failing = traffic.readings(60, 20, 0.3, 0.05);
        var held = onTrial(past, failing, "errors");
        assertVerdict(Verdict.NO_DATA, held);
        assertTrue(held.evidence().text().contains("since no version has baked in the innermost ring with the signal"
                + " errors as it is now"), held.evidence().text());
        assertTrue(held.evidence().text().startsWith(judge(past, failing).evidence().text()), "and what it saw");
        assertVerdict(Verdict.HARMFUL, onTrial(past, failing, "latency"));
        assertVerdict(Verdict.HEALTHY, onTrial(past, traffic.readings(60, 20, 0.01, 0.05), "errors"));
    }

    private static Judgement onTrial(List<HealthSample> before, List<HealthSample> after, String signal) {
        return HealthJudge.judge(new HealthInput(before, after, List.of(), after.getFirst().at(), after.getLast().at(),
                MAX_AGE, Set.of(), Set.of(signal)));
    }

    @Test
    void showsAShadowSignalThatDoesNotDecide() {
        var traffic = new CellTraffic(18);
        var judgement = judge(traffic.past(20, 0.01, 0.05), traffic.readings(60, 20, 0.3, 0.05), List.of(),
                Set.of("errors"));
        assertVerdict(Verdict.HEALTHY, judgement);
        var errors = judgement.evidence().signals().getFirst();
        assertEquals("errors", errors.name());
        assertTrue(errors.pValue() < errors.weighing().orElseThrow().level(), errors.toString());
    }

    @Test
    void judgesAFleetsOwnCountersLikeErrors() {
        var before = new ArrayList<HealthSample>();
        var good = new ArrayList<HealthSample>();
        var bad = new ArrayList<HealthSample>();
        for (int i = 0; i < 60; i++) {
            before.add(checkouts(i, 0));
            good.add(checkouts(60 + i, 0));
            bad.add(checkouts(60 + i, i));
        }
        assertVerdict(Verdict.HEALTHY, judge(before, good));
        var judgement = judge(before, bad);
        assertVerdict(Verdict.HARMFUL, judgement);
        assertTrue(judgement.evidence().text().contains("checkouts"), judgement.evidence().text());
    }

    private static HealthSample checkouts(int i, int failed) {
        return new HealthSample(CellTraffic.START.plusSeconds(10L * i), i * 100.0, 0, List.of(),
                OptionalDouble.empty(), new TreeMap<>(Map.of("checkouts", new HealthSample.Ratio(failed, i * 10.0))));
    }

    @Test
    void changesItsVerdictOnlyWhenAWindowHasEnded() {
        var traffic = new CellTraffic(19);
        var past = traffic.past(20, 0, 0.05);
        var after = traffic.readings(12, 20, 0.2, 0.05);
        var since = after.getFirst().at();
        for (int second = 50; second < 55; second++) {
            var input = new HealthInput(past, after, List.of(), since, since.plusSeconds(second), MAX_AGE, Set.of());
            var first = new HealthInput(past, after, List.of(), since, since.plusSeconds(50), MAX_AGE, Set.of());
            assertEquals(HealthJudge.judge(first), HealthJudge.judge(input));
        }
    }

    @Test
    void doesNotBelieveReadingsOfATimeToCome() {
        var traffic = new CellTraffic(20);
        var past = traffic.past(20, 0, 0.05);
        var after = traffic.readings(80, 20, 0, 0.05);
        var since = after.getFirst().at();
        var input = new HealthInput(past, after.subList(30, 60), List.of(), since, since.plusSeconds(100), MAX_AGE,
                Set.of());
        assertVerdict(Verdict.NO_DATA, HealthJudge.judge(input));
    }

    /// Each deployment is looked at forty times while evidence grows, as the coordinator does.
    @Test
    void raisesAFalseAlarmOnAtMostOneOfAThousandHealthyDeployments() {
        int alarms = 0;
        int deployments = 1000;
        var seeds = new Random(20261121);
        for (int i = 0; i < deployments; i++) {
            long seed = seeds.nextLong();
            var traffic = new CellTraffic(seed);
            double rate = new double[] {0, 0.001, 0.01, 0.05, 0.2}[i % 5];
            var before = traffic.readings(40, 10, rate, 0.05);
            var after = traffic.readings(40, 10, rate, 0.05);
            for (int looks = 1; looks <= after.size(); looks++) {
                if (judge(before, after.subList(0, looks)).verdict() == Verdict.HARMFUL) {
                    alarms++;
                    break;
                }
            }
        }
        assertTrue(alarms <= deployments / 1000, alarms + " false alarms in " + deployments + " healthy deployments");
    }
}
