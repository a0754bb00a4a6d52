package cambium.rollout.health;

import cambium.rollout.health.Finding.Weight;
import java.util.List;

/// Judges by how many whole minutes were bad: what a burst of noise does to a few minutes is not harm, what stays is.
/// How bad a minute was does not matter, so that neither many requests nor wild figures can force a verdict. A minute
/// in which controls were as bad does not count.
final class WindowSignal {
    /// A healthy cell is taken to be bad in at most one minute of twenty, or as often as it was in its past.
    static final double MIN_BAD_SHARE = 0.05;
    /// Harm goes on: of so many of the last minutes only one may have been good.
    static final int LASTING = 10;
    private static final int FRESH_WINDOWS = 3;
    private static final int RECENT = 3;
    private static final double CAUTION = 2;

    final Weight weight;
    final double p;
    final double level;

    /// @param windows of each whether it was bad (HARMFUL), as bad as controls (SHARED, AS_YESTERDAY), or FINE
    WindowSignal(List<Boolean> past, List<Weight> windows, double rate) {
        double share = past.isEmpty() ? MIN_BAD_SHARE : Math.max(MIN_BAD_SHARE,
                (past.stream().filter(bad -> bad).count() + CAUTION) / (past.size() + 2 * CAUTION));
        double bestP = 1;
        double bestLevel = rate / 4;
        boolean beyondChance = false;
        for (int end = Math.max(1, windows.size() - FRESH_WINDOWS + 1); end <= windows.size(); end++) {
            for (var block : Blocks.endingAt(end)) {
                var covered = windows.subList(block.from(), block.to());
                double chance = ExactCounts.atLeast(covered.size(), count(covered, Weight.HARMFUL), share);
                double allowed = rate * block.share();
                if (CountSignal.strength(chance, allowed) > CountSignal.strength(bestP, bestLevel)) {
                    bestP = chance;
                    bestLevel = allowed;
                }
                beyondChance |= chance <= allowed;
            }
        }
        weight = beyondChance && lasts(windows) ? Weight.HARMFUL : lately(windows);
        p = bestP;
        level = bestLevel;
    }

    private static int count(List<Weight> windows, Weight weight) {
        return (int) windows.stream().filter(each -> each == weight).count();
    }

    private static List<Weight> last(List<Weight> windows, int most) {
        return windows.subList(Math.max(0, windows.size() - most), windows.size());
    }

    private static boolean lasts(List<Weight> windows) {
        return count(last(windows, LASTING), Weight.HARMFUL) >= LASTING - 1;
    }

    /// Two of the last three, or the only one there is.
    private static Weight lately(List<Weight> windows) {
        var last = last(windows, RECENT);
        int enough = windows.size() == 1 ? 1 : 2;
        if (count(last, Weight.HARMFUL) >= enough) {
            return Weight.SUSPECT;
        }
        if (count(last, Weight.HARMFUL) + count(last, Weight.SHARED) >= enough) {
            return Weight.SHARED;
        }
        return last.contains(Weight.AS_YESTERDAY) ? Weight.AS_YESTERDAY : Weight.FINE;
    }
}
