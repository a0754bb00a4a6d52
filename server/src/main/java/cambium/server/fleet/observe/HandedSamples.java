package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The coordinator's judge over samples that somebody hands in, instead of fetching them: for playing fleets whose
/// cells exist nowhere. It chooses pasts and controls as it does for real cells. Not safe for use by several threads.
public final class HandedSamples {
    private final Map<CellId, CellHistory> histories = new HashMap<>();
    private final CellJudge judge = new CellJudge();
    private final Handed source;

    /// @param maxAge readings older than this say nothing about now
    public HandedSamples(Duration maxAge) {
        this.source = new Handed(maxAge);
    }

    /// One that is not newer than the newest is ignored.
    public void add(CellId cell, HealthSample sample) {
        histories.computeIfAbsent(cell, _ -> new CellHistory()).add(sample);
    }

    /// What the judge says at present of every cell that is watched and has samples. What a round would leave over is
    /// of the same moment here.
    public List<FleetEvent.VerdictReached> verdicts(Fleet fleet, Instant now) {
        List<FleetEvent.VerdictReached> verdicts;
        do {
            verdicts = judge.verdicts(fleet, cell -> Optional.ofNullable(histories.get(cell)), source, Duration.ZERO,
                    now);
        } while (judge.hasMore());
        return verdicts;
    }

    /// Reads nothing.
    record Handed(Duration maxAge) implements SampleSource {
        @Override
        public Optional<HealthSample> read(CellSpec cell) {
            return Optional.empty();
        }

        @Override
        public Optional<String> trouble(CellId cell) {
            return Optional.empty();
        }

        @Override
        public Evidence.Source named(CellSpec cell) {
            return new Evidence.Source("samples handed in", List.of());
        }

        @Override
        public String key() {
            return "";
        }
    }
}
