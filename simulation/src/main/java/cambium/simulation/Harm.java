package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Cells that each version was judged to harm, until a person lets it be tried again. What was given before a release
/// is judged no more.
final class Harm {
    private final Map<ProductVersion, Set<CellId>> cells = new HashMap<>();
    private final Map<ProductVersion, Instant> releasedAt = new HashMap<>();

    Set<CellId> of(ProductVersion version) {
        return cells.getOrDefault(version, Set.of());
    }

    void add(FleetEvent event, History before) {
        switch (event) {
            case FleetEvent.VerdictReached reached when reached.verdict() == Verdict.HARMFUL
                    && counts(reached, before.cell(reached.cell())) ->
                cells.computeIfAbsent(reached.version(), _ -> new HashSet<>()).add(reached.cell());
            case FleetEvent.VersionReleased released -> {
                cells.remove(released.version());
                releasedAt.put(released.version(), released.at());
            }
            case FleetEvent.RetryAsked asked -> cells.getOrDefault(asked.version(), new HashSet<>())
                    .remove(asked.cell());
            default -> { }
        }
    }

    /// It is of what the cell was given last, and news.
    private boolean counts(FleetEvent.VerdictReached reached, History.CellHistory cell) {
        var released = releasedAt.getOrDefault(reached.version(), Instant.MIN);
        return cell.deployment.filter(asked -> asked.request.attempt().equals(reached.attempt())
                && asked.startedAt.filter(released::isBefore).isPresent()).isPresent()
                && cell.verdict.filter(known -> reached.at().isBefore(known.at())).isEmpty();
    }
}
