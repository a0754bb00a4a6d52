package cambium.rollout.health;

import java.util.ArrayList;
import java.util.List;

/// Which blocks of windows are tested, and what share of the false-alarm rate each may spend. The shares of all blocks
/// that can ever be, however long it is looked, sum up to 1; so by the union bound the chance that any test is wrong
/// stays below the rate, and nobody has to say beforehand how often or how long to look.
///
/// Half of it goes to blocks that begin at the deployment, tested each time they have grown by a quarter: harm from the
/// start. The other half goes to blocks of 1, 2, 4, 8, … windows that begin every half length: harm that comes later.
final class Blocks {
    private static final double GROWTH = 1.25;

    private Blocks() {}

    /// Windows `from` (inclusive) to `to` (exclusive), counted from 0.
    record Block(int from, int to, double share) {}

    static List<Block> endingAt(int windows) {
        var blocks = new ArrayList<Block>();
        int end = 1;
        int look = 1;
        while (end < windows) {
            end = Math.max(end + 1, (int) Math.ceil(end * GROWTH));
            look++;
        }
        if (end == windows) {
            blocks.add(new Block(0, windows, 0.5 / pair(look)));
        }
        for (int scale = 0; 1 << scale <= windows && scale < 30; scale++) {
            int length = 1 << scale;
            int step = Math.max(1, length / 2);
            int from = windows - length;
            if (from % step == 0) {
                blocks.add(new Block(from, windows, 0.5 / pair(scale + 1) / pair(from / step + 1)));
            }
        }
        return blocks;
    }

    /// `1 / (n (n + 1))` over all n from 1 sums up to 1.
    private static double pair(double n) {
        return n * (n + 1);
    }
}
