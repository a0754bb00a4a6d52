package cambium.rollout.health;

import cambium.rollout.Evidence;
import cambium.rollout.Evidence.Signal;
import cambium.rollout.health.ExactCounts.Counted;
import cambium.rollout.health.Finding.Weight;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/// Judges a count of bad ones of all, such as errors of requests, by exact tests over blocks of short windows.
final class CountSignal {
    /// A few stray errors never are harm.
    static final double MIN_BAD = 5;
    /// The rate must rise by this much to matter, and by half of what it was.
    static final double MIN_RISE = 0.005;
    static final double MIN_RATIO = 1.5;
    /// What a cell without any past may show.
    static final double ALLOWED = 0.05;
    /// A look as bad as this is met once in a hundred; it opens no gate.
    static final double SUSPICION = 0.005;
    /// Blocks are looked at as long as there are readings as fine as their windows.
    private static final int FRESH_WINDOWS = 24;
    private static final int MIN_PAST_WINDOWS = 5;
    private static final double CLEARLY = 1.5;
    private static final double CONTROL_LEVEL = 0.01;
    private static final double CONTROL_RATIO = 1.2;

    private final Case measured;
    private final String name;
    private final double rate;
    private final Function<Interval, Counted> counted;
    private final Counted past;
    private final double designEffect;
    private final Counted[] sums;

    private Counted worst = Counted.NONE;
    private Reference worstReference;
    private double worstP = 1;
    private double worstLevel;
    private double worstStrength = -1;

    /// What a block is compared with.
    private record Reference(String name, Counted counted) {}

    CountSignal(Case measured, String name, double falseAlarmRate, Function<Interval, Counted> counted) {
        this.measured = measured;
        this.name = name;
        this.rate = falseAlarmRate;
        this.counted = counted;
        past = measured.before().whole().map(counted).orElse(Counted.NONE);
        designEffect = designEffect(measured.pastWindows().stream().map(counted).toList(), past.rate());
        var intervals = measured.after().intervals();
        sums = new Counted[intervals.size() + 1];
        sums[0] = Counted.NONE;
        for (int i = 0; i < intervals.size(); i++) {
            sums[i + 1] = sums[i].plus(counted.apply(intervals.get(i)));
        }
    }

    /// Variance of the windows' counts over what it would be if errors came one by one, where it is above that by more
    /// than chance; else 1.
    private static double designEffect(java.util.List<Counted> windows, double rate) {
        if (windows.size() < MIN_PAST_WINDOWS || rate == 0 || rate == 1) {
            return 1;
        }
        double sum = 0;
        for (var window : windows) {
            double expected = window.all() * rate;
            sum += (window.bad() - expected) * (window.bad() - expected) / (expected * (1 - rate));
        }
        double effect = sum / (windows.size() - 1);
        return effect > 1 + CLEARLY * Math.sqrt(2.0 / (windows.size() - 1)) ? effect : 1;
    }

    Finding finding() {
        var whole = sums[sums.length - 1];
        var worstWeight = Weight.FINE;
        int windows = (int) Math.min(Integer.MAX_VALUE, Case.wholeWindows(measured.since(), measured.end()));
        for (int end = Math.max(1, windows - FRESH_WINDOWS + 1); end <= windows; end++) {
            for (var block : Blocks.endingAt(end)) {
                var weight = weigh(at(block.from()), at(block.to()), rate * block.share());
                worstWeight = weight.compareTo(worstWeight) > 0 ? weight : worstWeight;
            }
        }
        for (var from : new Instant[] {measured.since(), measured.end().minus(Case.LONG)}) {
            var weight = suspicion(from);
            worstWeight = weight.compareTo(worstWeight) > 0 ? weight : worstWeight;
        }
        return new Finding(worstWeight, text(worstWeight, whole), signal(whole));
    }

    private Instant at(int window) {
        return measured.since().plus(Case.SHORT.multipliedBy(window));
    }

    private Counted between(Instant from, Instant to) {
        return sums[endedBy(to)].minus(sums[endedBy(from)]);
    }

    /// How many intervals had ended by then.
    private int endedBy(Instant time) {
        var intervals = measured.after().intervals();
        int low = 0;
        int high = intervals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (intervals.get(middle).to().isAfter(time)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private Weight weigh(Instant from, Instant to, double level) {
        var block = between(from, to);
        if (block.bad() < MIN_BAD) {
            return Weight.FINE;
        }
        var reference = reference(from, to);
        double p = p(reference, block);
        if (!matters(reference, block)) {
            return Weight.FINE;
        }
        double strength = strength(p, level);
        if (strength > worstStrength) {
            worstStrength = strength;
            worst = block;
            worstP = p;
            worstLevel = level;
            worstReference = reference;
        }
        return p > level ? Weight.FINE : excused(from, to, block, level);
    }

    static double strength(double p, double level) {
        return Math.log(Math.max(p, 1e-300)) / Math.log(level);
    }

    private Weight suspicion(Instant from) {
        var start = from.isBefore(measured.since()) ? measured.since() : from;
        var block = between(start, measured.end());
        if (block.bad() < MIN_BAD) {
            return Weight.FINE;
        }
        var reference = reference(start, measured.end());
        if (!matters(reference, block) || p(reference, block) >= SUSPICION) {
            return Weight.FINE;
        }
        return excused(start, measured.end(), block, SUSPICION) == Weight.AS_YESTERDAY ? Weight.AS_YESTERDAY
                : Weight.SUSPECT;
    }

    private Reference reference(Instant from, Instant to) {
        if (past.all() >= Case.MIN_REQUESTS) {
            return new Reference("its own past", past);
        }
        var siblings = measured.cellsBetween(from, to).map(counted).orElse(Counted.NONE);
        return siblings.all() >= Case.MIN_REQUESTS ? new Reference("cells not changed", siblings)
                : new Reference("what is allowed without a past", Counted.NONE);
    }

    private double p(Reference reference, Counted block) {
        return reference.counted().all() == 0 ? ExactCounts.moreThan(ALLOWED, block)
                : ExactCounts.moreThan(reference.counted(), block, 1, designEffect);
    }

    private static boolean matters(Reference reference, Counted block) {
        double was = reference.counted().all() == 0 ? ALLOWED : reference.counted().rate();
        return block.rate() >= was + MIN_RISE && block.rate() >= was * MIN_RATIO;
    }

    /// Difference in differences: where controls became worse too, the cell must be worse than they explain.
    private Weight excused(Instant from, Instant to, Counted block, double level) {
        var weight = Weight.HARMFUL;
        for (var kind : Control.Kind.values()) {
            var earlier = Counted.NONE;
            var now = Counted.NONE;
            for (var told : measured.controls()) {
                if (told.control().kind() == kind) {
                    earlier = earlier.plus(told.before().whole().map(counted).orElse(Counted.NONE));
                    now = now.plus(told.during(from, to).map(counted).orElse(Counted.NONE));
                }
            }
            if (suffer(earlier, now) && !worseThan(earlier, now, block, level)) {
                return kind == Control.Kind.CELL ? Weight.SHARED : Weight.AS_YESTERDAY;
            }
        }
        return weight;
    }

    private boolean suffer(Counted earlier, Counted now) {
        return now.bad() >= 1 && earlier.all() >= Case.MIN_REQUESTS && now.all() >= 1
                && now.rate() >= CONTROL_RATIO * earlier.rate()
                && ExactCounts.moreThan(earlier, now, 1, designEffect) < CONTROL_LEVEL;
    }

    /// Beyond the factor by which the controls' rate rose, and beyond their rate now.
    private boolean worseThan(Counted earlier, Counted now, Counted block, double level) {
        double ratio = (now.bad() + 0.5) / now.all() / ((earlier.bad() + 0.5) / earlier.all());
        boolean beyondRise = past.all() < Case.MIN_REQUESTS
                || ExactCounts.moreThan(past, block, ratio, designEffect) <= level;
        return beyondRise && matters(new Reference("", now), block)
                && ExactCounts.moreThan(now, block, 1, designEffect) <= level;
    }

    private String text(Weight weight, Counted whole) {
        var shown = worstStrength < 0 ? whole : worst;
        var is = name + " " + percent(shown.rate()) + " of " + Math.round(shown.all()) + " requests";
        var was = worstReference == null ? "" : ", " + percent(worstReference.counted().all() == 0 ? ALLOWED
                : worstReference.counted().rate()) + " in " + worstReference.name();
        return switch (weight) {
            case FINE -> "";
            case AS_YESTERDAY -> is + was + ", as a day earlier at this time";
            case SUSPECT -> is + was + "; it may be chance, more requests will tell";
            case SHARED -> is + was + "; but siblings that were not changed became as bad, so it is not told apart";
            case HARMFUL -> is + was;
        };
    }

    static String percent(double share) {
        return String.format(java.util.Locale.ROOT, "%.1f %%", share * 100);
    }

    private Optional<Signal> signal(Counted whole) {
        if (whole.all() == 0) {
            return Optional.empty();
        }
        var reference = reference(measured.since(), measured.end());
        double z = reference.counted().all() == 0 ? 0
                : ExactCounts.zScore(reference.counted(), whole, designEffect);
        double p = worstStrength < 0 ? p(reference, whole) : worstP;
        double level = worstStrength < 0 ? rate / 4 : worstLevel;
        return Optional.of(new Signal(name, reference.counted().rate() * 100, whole.rate() * 100, "%", z, p,
                Optional.of(new Evidence.Weighing(level, Math.round(whole.all()), reference.name()))));
    }
}
