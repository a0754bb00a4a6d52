package cambium.rollout.health;

import cambium.rollout.health.Finding.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Judges by how many whole minutes were bad: what a burst of noise does to a few minutes is not harm, what stays is.
/// There are two ways to harm, each with half of the false-alarm rate. Nine bad minutes of ten are harm whatever they
/// look like. Five on end are enough where each is far beyond what the past's minutes differed, and where enough is
/// known to say that noise lasts no longer than two, and one on the cell itself. How bad a minute was beyond that does
/// not matter, so that neither many requests nor wild figures can force a verdict. A minute in which controls were as
/// bad does not count.
final class WindowSignal {
    /// A healthy cell is taken to be bad in at most one minute of twenty, or as often as it was in its past.
    static final double MIN_BAD_SHARE = 0.05;
    /// Harm goes on: of so many of the last minutes only one may have been good.
    static final int LASTING = 10;
    /// No verdict on fewer bad minutes than this.
    static final int SOONEST = 5;
    /// What is sooner than `LASTING` needs so many minutes of the cell's past, to know how much they differ, ...
    static final int KNOWN_PAST = 30;
    /// ... and so many of it and its controls together, to know how long noise lasts: ...
    static final int KNOWN_MINUTES = 180;
    /// ... no more minutes on end than these, and on the cell itself, of which less is known, than these.
    static final int SHORT_NOISE = 2;
    static final int SHORT_NOISE_OF_ITS_OWN = 1;
    /// Each of the few minutes must be so many standard deviations of the past's minutes above their mean.
    static final double CLEARLY = 4.5;
    private static final int FRESH_WINDOWS = 3;
    private static final int RECENT = 3;

    final Weight weight;
    final double p;
    final double level;
    /// How long it has been bad, where it is harm.
    final String lasted;

    /// @param figure how slow or how full, on a scale that is the same before and since
    record Minute(Weight weight, double figure) {
        boolean bad() {
            return weight != Weight.FINE;
        }
    }

    /// Minutes without the version, noisy or not: those of the cell's past, and stretches of other cells'.
    record Known(List<Boolean> past, List<List<Boolean>> cells) {}

    private record Weighed(boolean harm, double p, double level, String lasted) {
        double strength() {
            return CountSignal.strength(p, level);
        }
    }

    /// @param windows of each whether it was bad (HARMFUL), as bad as controls (SHARED, AS_YESTERDAY), or FINE
    /// @param known asked for only when it can matter
    WindowSignal(List<Minute> past, List<Minute> windows, Supplier<Known> known, double rate) {
        var weights = windows.stream().map(Minute::weight).toList();
        double share = past.isEmpty() ? MIN_BAD_SHARE : Math.max(MIN_BAD_SHARE,
                Noise.of(List.of(past.stream().map(Minute::bad).toList())).share());
        var weighed = lasting(weights, share, rate / 2);
        int clear = clearOnEnd(past, windows);
        if (!weighed.harm && clear >= SOONEST) {
            var passed = windows.subList(0, windows.size() - badOnEnd(windows)).stream().map(Minute::bad).toList();
            var without = known.get();
            var own = List.of(without.past(), passed);
            var all = new ArrayList<>(without.cells());
            all.addAll(own);
            boolean brief = Noise.of(own).longest() <= SHORT_NOISE_OF_ITS_OWN;
            var sooner = sooner(Noise.of(all), brief, share, windows.size(), clear, rate / 2);
            weighed = sooner.harm || sooner.strength() > weighed.strength() ? sooner : weighed;
        }
        weight = weighed.harm ? Weight.HARMFUL : lately(weights);
        p = weighed.p;
        level = weighed.level;
        lasted = weighed.lasted;
    }

    private static Weighed lasting(List<Weight> windows, double share, double rate) {
        var best = new Weighed(false, 1, rate / 4, "");
        boolean beyondChance = false;
        for (int end = Math.max(1, windows.size() - FRESH_WINDOWS + 1); end <= windows.size(); end++) {
            for (var block : Blocks.endingAt(end)) {
                var covered = windows.subList(block.from(), block.to());
                double chance = ExactCounts.atLeast(covered.size(), count(covered, Weight.HARMFUL), share);
                double allowed = rate * block.share();
                var weighed = new Weighed(false, chance, allowed, "");
                best = weighed.strength() > best.strength() ? weighed : best;
                beyondChance |= chance <= allowed;
            }
        }
        var last = last(windows, LASTING);
        int bad = count(last, Weight.HARMFUL);
        return new Weighed(beyondChance && bad >= LASTING - 1, best.p, best.level,
                "in " + bad + " of the last " + last.size() + " minutes");
    }

    /// One test for each minute since the first that can be harm; the i-th may spend 1/(i (i + 1)) of the rate.
    private static Weighed sooner(Noise noise, boolean brief, double pastShare, int windows, int clear, double rate) {
        double test = windows - SOONEST + 1;
        double level = rate / (test * (test + 1));
        double chance = Math.pow(Math.max(pastShare, noise.share()), clear);
        boolean harm = brief && noise.minutes() >= KNOWN_MINUTES && noise.longest() <= SHORT_NOISE && chance <= level;
        return new Weighed(harm, chance, level, "for " + clear + " minutes on end, while noise lasted "
                + noise.longest() + " at most");
    }

    /// How many minutes up to now were bad without a break.
    private static int badOnEnd(List<Minute> windows) {
        return onEnd(windows, Double.NEGATIVE_INFINITY);
    }

    /// How many of them were clearly so; none where it is not known how much minutes differ.
    private static int clearOnEnd(List<Minute> past, List<Minute> windows) {
        var figures = figures(past);
        return figures.length < KNOWN_PAST ? 0 : onEnd(windows, Spread.mean(figures)
                + CLEARLY * Math.sqrt(Spread.variance(figures)));
    }

    private static int onEnd(List<Minute> windows, double least) {
        int found = 0;
        for (var minute : windows.reversed()) {
            if (minute.weight() != Weight.HARMFUL || minute.figure() < least) {
                break;
            }
            found++;
        }
        return found;
    }

    static double[] figures(List<Minute> minutes) {
        return minutes.stream().mapToDouble(Minute::figure).filter(Double::isFinite).toArray();
    }

    private static int count(List<Weight> windows, Weight weight) {
        return (int) windows.stream().filter(each -> each == weight).count();
    }

    private static List<Weight> last(List<Weight> windows, int most) {
        return windows.subList(Math.max(0, windows.size() - most), windows.size());
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
