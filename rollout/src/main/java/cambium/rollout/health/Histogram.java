package cambium.rollout.health;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/// Requests by the bucket their latency fell into: `counts[i]` of them took more than `bounds[i - 1]` and at most
/// `bounds[i]` seconds.
record Histogram(double[] bounds, double[] counts) {
    static final Histogram EMPTY = new Histogram(new double[0], new double[0]);

    /// What was added between two readings of cumulative buckets. Other bounds, or a count that fell, mean that the
    /// counters were started anew: then all that the later one shows was counted since.
    static Histogram between(Buckets from, Buckets to) {
        boolean goesOn = goesOn(from, to);
        var counts = new double[to.size()];
        double below = 0;
        for (int i = 0; i < counts.length; i++) {
            double count = to.counts[i] - (goesOn ? from.counts[i] : 0);
            counts[i] = Math.max(0, count - below);
            below = count;
        }
        return new Histogram(to.bounds, counts);
    }

    private static boolean goesOn(Buckets from, Buckets to) {
        if (!to.haveBoundsOf(from)) {
            return false;
        }
        for (int i = 0; i < from.counts.length; i++) {
            if (to.counts[i] < from.counts[i]) {
                return false;
            }
        }
        return true;
    }

    Histogram plus(Histogram other) {
        if (bounds.length == 0) {
            return other;
        }
        if (other.bounds.length == 0) {
            return this;
        }
        var all = Arrays.equals(bounds, other.bounds) ? bounds
                : DoubleStream.concat(Arrays.stream(bounds), Arrays.stream(other.bounds)).sorted().distinct().toArray();
        var sums = on(all);
        var more = other.on(all);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more[i];
        }
        return new Histogram(all, sums);
    }

    /// These counts on bounds that hold all of its own.
    private double[] on(double[] all) {
        if (all.length == bounds.length) {
            return counts.clone();
        }
        var moved = new double[all.length];
        for (int i = 0; i < bounds.length; i++) {
            moved[Arrays.binarySearch(all, bounds[i])] = counts[i];
        }
        return moved;
    }

    double total() {
        double sum = 0;
        for (double count : counts) {
            sum += count;
        }
        return sum;
    }

    /// The time in seconds within which this share of the requests stayed, even within a bucket; endless where it lies
    /// in a bucket without an upper bound.
    double quantile(double share) {
        double sought = total() * share;
        double seen = 0;
        for (int i = 0; i < bounds.length; i++) {
            if (counts[i] > 0 && seen + counts[i] >= sought) {
                double lower = i == 0 ? 0 : bounds[i - 1];
                return Double.isFinite(bounds[i]) ? lower + (bounds[i] - lower) * (sought - seen) / counts[i]
                        : bounds[i];
            }
            seen += counts[i];
        }
        return Double.NaN;
    }

    /// Chance that a request of `other` was slower than one of these, where ties count half (the Mann–Whitney
    /// statistic as a share); and how many standard deviations that is from a half, corrected for ties.
    Slower slowerIn(Histogram other) {
        double n1 = total();
        double n2 = other.total();
        if (n1 == 0 || n2 == 0) {
            return new Slower(0.5, 0);
        }
        var all = plus(other).bounds;
        var mine = on(all);
        var theirs = other.on(all);
        double slower = 0;
        double ties = 0;
        double soFar = 0;
        for (int i = 0; i < all.length; i++) {
            slower += theirs[i] * (soFar + mine[i] / 2);
            soFar += mine[i];
            double tied = mine[i] + theirs[i];
            ties += tied * tied * tied - tied;
        }
        double n = n1 + n2;
        double variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
        return new Slower(slower / (n1 * n2), variance <= 0 ? 0 : (slower - n1 * n2 / 2) / Math.sqrt(variance));
    }

    record Slower(double chance, double zScore) {}
}
