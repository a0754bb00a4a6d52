package cambium.rollout.health;

import cambium.rollout.health.Finding.Weight;
import java.util.List;

/// Judges by how many whole minutes were bad: what a burst of noise does to a minute or two is not harm, what stays is.
/// A minute's size does not matter, so that neither many requests nor wild figures can force a verdict.
final class WindowSignal {
    /// A healthy cell is taken to be bad in at most one minute of twenty, or as often as it was in its past.
    static final double MIN_BAD_SHARE = 0.05;
    private static final int FRESH_WINDOWS = 3;
    private static final int RECENT = 3;
    private static final double CAUTION = 2;

    /// Says what controls make of a block of bad windows.
    interface Excuse {
        Weight of(int from, int to);
    }

    final Weight weight;
    final double p;
    final double level;

    WindowSignal(List<Boolean> past, List<Boolean> windows, double rate, Excuse excuse) {
        long pastBad = past.stream().filter(bad -> bad).count();
        double share = Math.max(MIN_BAD_SHARE, (pastBad + CAUTION) / (past.size() + 2 * CAUTION));
        var found = Weight.FINE;
        if (suspicious(windows)) {
            var weighed = excuse.of(Math.max(0, windows.size() - RECENT), windows.size());
            found = weighed == Weight.AS_YESTERDAY ? weighed : Weight.SUSPECT;
        }
        double bestP = 1;
        double bestLevel = rate / 4;
        if (past.isEmpty()) {
            share = MIN_BAD_SHARE;
        }
        for (int end = Math.max(1, windows.size() - FRESH_WINDOWS + 1); end <= windows.size(); end++) {
            for (var block : Blocks.endingAt(end)) {
                int bad = (int) windows.subList(block.from(), block.to()).stream().filter(each -> each).count();
                double chance = ExactCounts.atLeast(block.to() - block.from(), bad, share);
                double allowed = rate * block.share();
                if (CountSignal.strength(chance, allowed) > CountSignal.strength(bestP, bestLevel)) {
                    bestP = chance;
                    bestLevel = allowed;
                }
                if (chance <= allowed) {
                    var weighed = excuse.of(block.from(), block.to());
                    found = weighed.compareTo(found) > 0 ? weighed : found;
                }
            }
        }
        weight = found;
        p = bestP;
        level = bestLevel;
    }

    /// Two of the last three, or the only one there is.
    private static boolean suspicious(List<Boolean> windows) {
        var last = windows.subList(Math.max(0, windows.size() - RECENT), windows.size());
        long bad = last.stream().filter(each -> each).count();
        return bad >= 2 || bad == 1 && windows.size() == 1;
    }
}
