package cambium.bench.fleet;

import cambium.bench.Figures;
import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.postgres.PostgresFleetStore;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A round of the coordinator that records one observation: with a short history, and with a million events behind it.
public final class HistoryBench {
    private static final int CELLS = 100;
    private static final int SHORT = 3_000;
    private static final int LONG = 1_000_000;
    private static final int PAGE = 1_000;
    private static final int TICKS = 300;

    private HistoryBench() {}

    public static void run(Figures figures, Path folder) throws Exception {
        var looks = new int[1];
        try (var tested = new CoordinatorUnderTest(folder, _ -> new Nothing(), (fleet, now) ->
                fleet.cells().isEmpty() ? List.of() : List.of(new FleetEvent.CellObserved(now, CellId.of("c0"),
                        ++looks[0] % 2 == 0, Optional.empty())))) {
            tested.declare(CELLS, "bench", "");
            grow(tested, SHORT);
            rounds(tested);
            var young = rounds(tested);
            grow(tested, LONG);
            rounds(tested);
            var old = rounds(tested);
            figures.add("a round that records one event, after " + SHORT + " events", "ms", "", young);
            figures.add("a round that records one event, after " + LONG + " events", "ms", "", old);
            figures.add("the second, in parts of the first", "", "≤ 1.5", median(old) / median(young));
            var begin = System.nanoTime();
            new PostgresFleetStore(tested.database).load();
            figures.add("a coordinator's first look at " + LONG + " events, from the stored fold", "ms", "",
                    (System.nanoTime() - begin) / 1e6);
        }
    }

    private static void grow(CoordinatorUnderTest tested, int events) {
        var at = Instant.parse("2026-01-01T00:00:00Z");
        for (var revision = tested.store.load().revision(); revision < events;
                revision = tested.store.load().revision()) {
            var page = new ArrayList<FleetEvent>();
            for (var i = 0; i < PAGE; i++) {
                page.add(new FleetEvent.CellObserved(at.plusSeconds(revision + i), CellId.of("c" + i % CELLS),
                        i / CELLS % 2 == 0, Optional.empty()));
            }
            tested.append(page);
        }
    }

    private static double[] rounds(CoordinatorUnderTest tested) {
        var millis = new double[TICKS];
        for (var i = 0; i < TICKS; i++) {
            var begin = System.nanoTime();
            tested.tick();
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        return millis;
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /// No attempt ever begins here.
    private static final class Nothing implements CellDriver {
        @Override
        public Taking start(StepOrder order) {
            return Taking.TAKEN;
        }

        @Override
        public StepProgress progress(AttemptId attempt) {
            return new StepProgress.Unknown();
        }

        @Override
        public Optional<InputStream> log(AttemptId attempt) {
            return Optional.empty();
        }

        @Override
        public boolean cancel(AttemptId attempt, String why) {
            return false;
        }
    }
}
