package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.health.HealthSample;
import cambium.server.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PostgresSamplesTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123Z");

    @Test
    void givesBackWhatItTookAndForgetsWhatIsOld() {
        try (var database = TestDatabase.fresh()) {
            var samples = new PostgresSamples(database);
            var one = new HealthSample(AT, 100, 5, List.of(new HealthSample.Bucket(0.5, 90),
                    new HealthSample.Bucket(Double.POSITIVE_INFINITY, 100)), OptionalDouble.of(0.5));
            var later = HealthSample.counting(AT.plusSeconds(10), 200, 6);
            for (var sample : List.of(one, one, later)) {
                var batch = new LinkedHashMap<CellId, HealthSample>();
                batch.put(CellId.of("c1"), sample);
                batch.put(CellId.of("c2"), sample);
                samples.add("", batch);
            }
            samples.add("", new LinkedHashMap<>());
            assertEquals(List.of(one, later), samples.since("", CellId.of("c1"), Instant.EPOCH));
            assertEquals(List.of(later), samples.since("", CellId.of("c2"), AT.plus(Duration.ofSeconds(1))));
            assertEquals(List.of(), samples.since("other", CellId.of("c1"), Instant.EPOCH), "of another source");
            samples.forgetBefore(AT.plusSeconds(5));
            assertEquals(List.of(later), samples.since("", CellId.of("c1"), Instant.EPOCH));
        }
    }

    @Test
    void keepsOfEachStretchTheFirstAndLeavesTheRestAlone() {
        try (var database = TestDatabase.fresh()) {
            var samples = new PostgresSamples(database);
            var from = Instant.parse("2026-01-01T00:00:00Z");
            for (int i = 0; i < 30; i++) {
                var batch = new LinkedHashMap<CellId, HealthSample>();
                batch.put(CellId.of("c1"), HealthSample.counting(from.plusSeconds(i * 10 + 3), i, 0));
                batch.put(CellId.of("c2"), HealthSample.counting(from.plusSeconds(i * 10 + 7), i, 0));
                samples.add("", batch);
            }
            for (int again = 0; again < 2; again++) {
                samples.thin(from.plusSeconds(60), from.plusSeconds(180), Duration.ofMinutes(1));
                for (var cell : List.of("c1", "c2")) {
                    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 12, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29),
                            samples.since("", CellId.of(cell), Instant.EPOCH).stream()
                                    .map(sample -> (int) sample.requests()).toList(), cell);
                }
            }
        }
    }

    @Test
    void historiesGrowThinWithAge() {
        var history = new CellHistory();
        for (var second = 0; second < 2 * 3600; second++) {
            history.add(HealthSample.counting(AT.plusSeconds(second), second, 0));
        }
        var all = history.between(Instant.EPOCH, Instant.MAX);
        var count = all.size();
        assertEquals(AT, all.getFirst().at());
        assertEquals(7199.0, all.getLast().requests());
        assertTrue(count > 120 && count < 400, "kept " + count);
    }
}
