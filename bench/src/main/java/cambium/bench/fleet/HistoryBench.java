package cambium.bench.fleet;

import cambium.bench.Figures;
import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.FleetHistory;
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
    /// Many a commit, by the store as ever: a million events are minutes of work as it is.
    private static final int PAGE = 10_000;
    private static final int TICKS = 200;
    private static final int WARM = 50;

    private HistoryBench() {}

    public static void run(Figures figures, Path folder) throws Exception {
        try (var young = fleet(folder.resolve("young")); var old = fleet(folder.resolve("old"))) {
            grow(young, SHORT);
            grow(old, LONG);
            var ofYoung = new double[TICKS];
            var ofOld = new double[TICKS];
            for (var i = -WARM; i < TICKS; i++) {
                // By turns, so that what else the machine does falls on both.
                var one = round(young);
                var other = round(old);
                if (i >= 0) {
                    ofYoung[i] = one;
                    ofOld[i] = other;
                }
            }
            figures.add("a round that records one event, after " + SHORT + " events", "ms", "", ofYoung);
            figures.add("a round that records one event, after " + LONG + " events", "ms", "", ofOld);
            figures.add("the second, in parts of the first", "", "≤ 1.5", median(ofOld) / median(ofYoung));
            var begin = System.nanoTime();
            new PostgresFleetStore(old.database).load();
            figures.add("a coordinator's first look at " + LONG + " events, from the stored fold", "ms", "",
                    (System.nanoTime() - begin) / 1e6);
            begin = System.nanoTime();
            new FleetHistory(old.store).figures(30, Instant.now());
            new FleetHistory(old.store).attemptsOf(CellId.of("c1"));
            figures.add("what the first page asks of the history of " + LONG + " events", "ms", "",
                    (System.nanoTime() - begin) / 1e6);
        }
    }

    private static CoordinatorUnderTest fleet(Path folder) throws Exception {
        var looks = new int[1];
        var tested = new CoordinatorUnderTest(folder, _ -> new Nothing(), _ -> (fleet, now) ->
                fleet.cells().isEmpty() ? List.of() : List.of(new FleetEvent.CellObserved(now, CellId.of("c0"),
                        ++looks[0] % 2 == 0, Optional.empty())));
        tested.declare(CELLS, "bench", "");
        return tested;
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

    private static double round(CoordinatorUnderTest tested) {
        var begin = System.nanoTime();
        tested.tick();
        return (System.nanoTime() - begin) / 1e6;
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
