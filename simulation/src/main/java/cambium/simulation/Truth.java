package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.ProductVersion;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// What is really so of each version, which the coordinator can only find out.
final class Truth {
    /// What a version does to the cells that run it.
    enum Nature {
        GOOD,
        /// It serves errors from the start.
        HARMFUL,
        /// It serves errors after a while.
        HARMFUL_LATER,
        /// Its deployment fails on some cells.
        BREAKS,
        /// The cell stops answering after a while.
        KILLS,
        /// Its migrations fail.
        MIGRATES_BADLY
    }

    private final Map<ProductVersion, Nature> natures = new TreeMap<>();

    void register(ProductVersion version, Nature nature) {
        natures.putIfAbsent(version, nature);
    }

    Nature of(ProductVersion version) {
        return natures.getOrDefault(version, Nature.GOOD);
    }

    /// Whether a version harms a cell that has run it for so long.
    boolean harms(ProductVersion version, Duration ran) {
        return switch (of(version)) {
            case HARMFUL -> true;
            case HARMFUL_LATER -> ran.compareTo(Duration.ofMinutes(6)) > 0;
            case GOOD, BREAKS, KILLS, MIGRATES_BADLY -> false;
        };
    }

    boolean kills(ProductVersion version, Duration ran) {
        return of(version) == Nature.KILLS && ran.compareTo(Duration.ofMinutes(3)) > 0;
    }

    /// Deployments of such a version fail on about half of the cells, always the same ones.
    boolean breaks(ProductVersion version, CellId cell) {
        return of(version) == Nature.BREAKS && (cell.value().hashCode() + version.value().hashCode()) % 2 == 0;
    }
}
