package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.health.HealthSample;
import cambium.server.sql.DatabaseFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleKeeperTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final SampleSource SOURCE = new HandedSamples.Handed(Duration.ofSeconds(6));

    private final Kept kept = new Kept();
    private final SampleKeeper keeper = new SampleKeeper(kept);

    /// In memory; may be out of order.
    private static final class Kept implements Samples {
        private final Map<CellId, TreeMap<Instant, HealthSample>> held = new TreeMap<>();
        private final List<String> thinned = new ArrayList<>();
        private boolean broken;
        private int asked;

        private void ask() {
            asked++;
            if (broken) {
                throw new DatabaseFailed("the database does not answer", new IllegalStateException());
            }
        }

        @Override
        public void add(String source, SequencedMap<CellId, HealthSample> samples) {
            ask();
            samples.forEach((cell, sample) -> held.computeIfAbsent(cell, _ -> new TreeMap<>())
                    .put(sample.at(), sample));
        }

        @Override
        public List<HealthSample> since(String source, CellId cell, Instant from) {
            ask();
            return List.copyOf(held.getOrDefault(cell, new TreeMap<>()).tailMap(from, true).values());
        }

        @Override
        public void thin(Instant from, Instant to, Duration spacing) {
            ask();
            thinned.add(from + " " + to + " " + spacing);
        }

        @Override
        public void forgetBefore(Instant instant) {
            ask();
            held.values().forEach(samples -> samples.headMap(instant, false).clear());
        }
    }

    private static List<WatchedCell> cells(int count) {
        return IntStream.range(0, count).mapToObj(i -> new WatchedCell(CellId.of("c" + i), SOURCE)).toList();
    }

    private static HealthSample sample(Instant at) {
        return HealthSample.counting(at, Duration.between(Instant.EPOCH, at).toSeconds(), 0);
    }

    private void passes(List<WatchedCell> cells, Duration time, Duration interval) {
        for (var at = START; at.isBefore(START.plus(time)); at = at.plus(TURN)) {
            if (Duration.between(START, at).toSeconds() % interval.toSeconds() == 0) {
                var read = sample(at);
                cells.forEach(cell -> cell.history.add(read));
            }
            keeper.turn(cells, SOURCE.key(), at);
        }
    }

    @Test
    void aCellIsStoredEveryTenSecondsAndOneOfALargeFleetLessOften() {
        passes(cells(3), Duration.ofMinutes(5), Duration.ofSeconds(1));
        assertEquals(30, kept.held.get(CellId.of("c0")).size());
        kept.held.clear();
        passes(cells(5_000), Duration.ofMinutes(5), Duration.ofSeconds(20));
        int most = kept.held.values().stream().mapToInt(TreeMap::size).max().orElseThrow();
        assertTrue(most >= 4 && most <= 6, most + " of one cell in five minutes");
        assertEquals(5_000, kept.held.size());
    }

    @Test
    void whatWasKeptComesBackWithWhatWasReadMeanwhile() {
        var old = new ArrayList<HealthSample>();
        var stored = new TreeMap<Instant, HealthSample>();
        for (int minute = 30; minute > 0; minute--) {
            old.add(sample(START.minusSeconds(60L * minute)));
            stored.put(old.getLast().at(), old.getLast());
        }
        var cells = cells(120);
        cells.forEach(cell -> kept.held.put(cell.id, new TreeMap<>(stored)));
        cells.forEach(cell -> cell.history.add(sample(START)));
        assertTrue(keeper.turn(cells, SOURCE.key(), START), "more cells are to be read");
        assertEquals(50, cells.stream().filter(cell -> cell.recalled).count());
        assertEquals(30, kept.held.get(cells.getLast().id).size(), "nothing is stored of a cell before it is read");
        cells.forEach(cell -> cell.history.add(sample(START.plusSeconds(1))));
        assertTrue(keeper.turn(cells, SOURCE.key(), START.plusSeconds(1)));
        assertFalse(keeper.turn(cells, SOURCE.key(), START.plusSeconds(1)));
        old.addAll(List.of(sample(START), sample(START.plusSeconds(1))));
        cells.forEach(cell -> assertEquals(old, cell.history.between(Instant.EPOCH, Instant.MAX)));
    }

    @Test
    void afterADatabaseThatDidNotAnswerItIsAskedAgainInAMoment() {
        var cells = cells(1);
        kept.broken = true;
        for (int i = 0; i < 50; i++) {
            assertFalse(keeper.turn(cells, SOURCE.key(), START.plusMillis(200L * i)));
        }
        assertEquals(2, kept.asked, "in ten seconds");
        assertFalse(cells.getFirst().recalled);
        kept.broken = false;
        keeper.turn(cells, SOURCE.key(), START.plusSeconds(11));
        assertTrue(cells.getFirst().recalled);
    }

    /// Every stretch of the time that is kept is thinned, and none of it twice but for the border.
    @Test
    void whatIsStoredIsThinnedOnceAsItGrowsOld() {
        passes(cells(1), Duration.ofMinutes(21), Duration.ofSeconds(1));
        var fine = kept.thinned.stream().filter(each -> each.endsWith("PT1M")).toList();
        assertEquals("2026-11-20T08:58:00Z 2026-11-20T09:58:00Z PT1M", fine.getFirst());
        assertEquals("2026-11-21T12:08:00Z 2026-11-21T12:18:00Z PT1M", fine.getLast());
        assertEquals(27 + 2, fine.size(), fine.toString());
        for (int i = 1; i < fine.size(); i++) {
            assertEquals(fine.get(i - 1).split(" ")[1], fine.get(i).split(" ")[0], "no gap: " + fine);
        }
        var coarse = kept.thinned.stream().filter(each -> each.endsWith("PT30M")).toList();
        assertEquals("2026-11-21T10:00:00Z 2026-11-21T11:00:00Z PT30M", coarse.getLast());
    }
}
