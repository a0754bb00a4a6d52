package cambium.rollout.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// When latency and saturation are judged: six readings are a minute.
class WindowSignalTest {
    private static final Duration MAX_AGE = Duration.ofMinutes(1);
    private static final double USUAL = 0.05;
    private static final double SLOW = 0.15;

    private final List<Control> controls = new ArrayList<>();

    private Judgement judge(List<HealthSample> before, List<HealthSample> after, int minutes) {
        var seen = after.subList(0, 6 * minutes + 1);
        return HealthJudge.judge(new HealthInput(before, seen, controls, seen.getFirst().at(), seen.getLast().at(),
                MAX_AGE, Set.of()));
    }

    private void assertVerdicts(int firstHarmful, List<HealthSample> before, List<HealthSample> after) {
        for (int minutes = firstHarmful - 1; minutes <= firstHarmful; minutes++) {
            var judgement = judge(before, after, minutes);
            assertEquals(minutes < firstHarmful ? Verdict.NO_DATA : Verdict.HARMFUL, judgement.verdict(), "after "
                    + minutes + " minutes: " + judgement.evidence().text());
        }
    }

    /// Cells beside it, quiet before and since.
    private WindowSignalTest besideQuietCells() {
        for (long seed = 101; seed <= 103; seed++) {
            var cell = new CellTraffic(seed).saturated(0.4);
            controls.add(new Control(Control.Kind.CELL, "c" + seed, cell.past(20, 0, USUAL),
                    cell.readings(120, 20, 0, USUAL)));
        }
        return this;
    }

    /// One of them was so slow and so full for so many minutes of the hour before.
    private void afterASpellOf(int minutes, double seconds, double saturation) {
        var cell = new CellTraffic(104).saturated(0.4);
        var before = new ArrayList<>(cell.readings(121, 20, 0, USUAL));
        before.addAll(cell.saturated(saturation).readings(6 * minutes, 20, 0, seconds));
        before.addAll(cell.saturated(0.4).readings(200, 20, 0, USUAL));
        controls.add(new Control(Control.Kind.CELL, "c104", before, cell.readings(120, 20, 0, USUAL)));
    }

    private static List<HealthSample> slow(CellTraffic cell) {
        return cell.readings(70, 20, 0, SLOW);
    }

    @Test
    void blamesAfterFiveMinutesWhatIsClearlySlowerThanMinutesEverDiffered() {
        besideQuietCells();
        for (long seed = 0; seed < 20; seed++) {
            var cell = new CellTraffic(seed);
            assertVerdicts(5, cell.past(20, 0, USUAL), slow(cell));
        }
        var cell = new CellTraffic(1);
        var judgement = judge(cell.past(20, 0, USUAL), slow(cell), 5);
        var text = judgement.evidence().text();
        assertTrue(text.startsWith("slower: in the last 5 min half of the requests within 0.1"), text);
        assertTrue(text.endsWith("; for 5 minutes on end, while noise lasted 0 at most"), text);
        var latency = judgement.evidence().signals().get(1);
        assertEquals("latency", latency.name());
        assertTrue(latency.pValue() <= latency.weighing().orElseThrow().level(), "what decided: " + latency);
        assertTrue(latency.zScore() > 10, latency.toString());
    }

    @Test
    void blamesAfterFiveMinutesWhatIsNearlyFull() {
        besideQuietCells();
        var cell = new CellTraffic(2).saturated(0.4);
        var past = cell.past(20, 0, USUAL);
        var after = cell.saturated(0.96).readings(70, 20, 0, USUAL);
        assertVerdicts(5, past, after);
        var text = judge(past, after, 5).evidence().text();
        assertEquals("nearly full: in the newest minute 96.0 % of the tightest resource in use, was 40.0 %; for 5"
                + " minutes on end, while noise lasted 0 at most", text);
    }

    @Test
    void waitsForNineMinutesOfTenWhereNoiseLastedLongOnACellBesideIt() {
        besideQuietCells().afterASpellOf(2, SLOW, 0.97);
        var cell = new CellTraffic(3);
        assertVerdicts(5, cell.past(20, 0, USUAL), slow(cell));
        afterASpellOf(4, SLOW, 0.97);
        cell = new CellTraffic(4);
        var past = cell.past(20, 0, USUAL);
        var after = slow(cell);
        assertVerdicts(9, past, after);
        assertTrue(judge(past, after, 9).evidence().text().endsWith("; in 9 of the last 9 minutes"), "the other way");
    }

    @Test
    void noiseThatLiftsSaturationIsNoiseAlsoWhereNothingBecomesFull() {
        besideQuietCells().afterASpellOf(4, USUAL, 0.7);
        var cell = new CellTraffic(9).saturated(0.4);
        assertVerdicts(9, cell.past(20, 0, USUAL), cell.saturated(0.96).readings(70, 20, 0, USUAL));
        cell = new CellTraffic(10);
        assertVerdicts(5, cell.past(20, 0, USUAL), slow(cell));
    }

    @Test
    void waitsAsLongWhereNobodyKnowsHowLongNoiseLasts() {
        var cell = new CellTraffic(5);
        assertVerdicts(9, cell.past(20, 0, USUAL), slow(cell));
        besideQuietCells();
        cell = new CellTraffic(6);
        assertVerdicts(9, cell.readings(120, 20, 0, USUAL), slow(cell));
    }

    @Test
    void waitsAsLongWhereMinutesOfThePastDifferedAsMuch() {
        besideQuietCells();
        var cell = new CellTraffic(7);
        var past = new ArrayList<HealthSample>();
        for (int i = 0; i < 30; i++) {
            past.addAll(cell.readings(6, 20, 0, USUAL));
            past.addAll(cell.readings(6, 20, 0, i % 6 == 0 ? SLOW : USUAL));
        }
        var after = slow(cell);
        assertEquals(Verdict.NO_DATA, judge(past, after, 7).verdict());
        assertEquals(Verdict.HARMFUL, judge(past, after, 11).verdict(), judge(past, after, 11).evidence().text());
    }

    @Test
    void waitsAsLongWhereNoiseOfItsOwnLastedLongerThanAMinute() {
        besideQuietCells();
        for (int minutes = 1; minutes <= 2; minutes++) {
            var cell = new CellTraffic(11);
            var past = new ArrayList<>(cell.readings(121, 20, 0, USUAL));
            past.addAll(cell.readings(6 * minutes + 1, 20, 0, SLOW));
            past.addAll(cell.readings(211, 20, 0, USUAL));
            assertVerdicts(minutes == 1 ? 5 : 9, past, cell.readings(70, 20, 0, 0.4));
        }
    }

    @Test
    void cellsThatTellNothingOfASignalKnowNothingOfItsNoise() {
        besideQuietCells();
        var silent = controls.stream().map(each -> new Control(each.kind(), each.name(), unsaturated(each.before()),
                unsaturated(each.after()))).toList();
        controls.clear();
        controls.addAll(silent);
        var cell = new CellTraffic(8).saturated(0.4);
        assertVerdicts(9, cell.past(20, 0, USUAL), cell.saturated(0.96).readings(70, 20, 0, USUAL));
    }

    private static List<HealthSample> unsaturated(List<HealthSample> readings) {
        return readings.stream().map(each -> new HealthSample(each.at(), each.requests(), each.errors(),
                each.latencies(), java.util.OptionalDouble.empty())).toList();
    }

    @Test
    void countsSpellsOfNoiseWithinAStretchAndNotAcross() {
        var bad = IntStream.range(0, 3).mapToObj(_ -> true).toList();
        var noise = Noise.of(List.of(List.of(false, true, true, false), bad, bad, List.of()));
        assertEquals(new Noise(10, 8, 3), noise);
        assertEquals(0.5, Noise.of(List.of()).share(), "nothing known");
        assertFalse(noise.share() < 0.7, "much noise: " + noise.share());
    }
}
