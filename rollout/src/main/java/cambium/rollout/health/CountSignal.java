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
    private static final double CONTROL_LEVEL = 0.001;
    private static final double SHARED_LEVEL = 0.01;
    private static final double SHARED_SHARE = 0.25;
    private static final double CONTROL_MARGIN = 1.3;
    private static final double CONTROL_SHARE = 0.4;
    /// Controls with less than this share of the cell's requests cannot tell.
    private static final double MIN_CONTROL_SHARE = 0.02;

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
        var weight = look();
        if (weight.compareTo(Weight.AS_YESTERDAY) > 0) {
            var lately = suspicion(measured.end().minus(Case.LONG));
            if (leaveOutWhatControlsShare()) {
                worstStrength = -1;
                weight = look();
                if (weight == Weight.FINE && lately != Weight.FINE) {
                    weight = Weight.SHARED;
                }
            }
        }
        return new Finding(weight, text(weight, whole), signal(whole));
    }

    private Weight look() {
        var worstWeight = Weight.FINE;
        int windows = (int) Math.min(Integer.MAX_VALUE, Case.wholeWindows(measured.since(), measured.end()));
        for (int end = Math.max(1, windows - FRESH_WINDOWS + 1); end <= windows; end++) {
            for (var block : Blocks.endingAt(end)) {
                var weight = weigh(at(block.from()), at(block.to()), rate * block.share());
                worstWeight = weight.compareTo(worstWeight) > 0 ? weight : worstWeight;
            }
        }
        var lately = suspicion(measured.end().minus(Case.LONG));
        for (var weight : new Weight[] {lately, suspicion(measured.since())}) {
            worstWeight = weight.compareTo(worstWeight) > 0 ? weight : worstWeight;
        }
        return worstWeight == Weight.SHARED && lately == Weight.FINE ? Weight.FINE : worstWeight;   // it has passed
    }

    /// Leaves out the readings at which cells that were not changed had clearly more errors than before, too; true if
    /// there were any.
    private boolean leaveOutWhatControlsShare() {
        var cells = measured.controls().stream().filter(told -> told.kind() == Control.Kind.CELL).toList();
        var earlier = cells.stream().flatMap(told -> told.before().stream()).map(counted)
                .reduce(Counted.NONE, Counted::plus);
        if (earlier.all() < Case.MIN_REQUESTS) {
            return false;
        }
        boolean any = false;
        var intervals = measured.after().intervals();
        for (int i = 0; i < intervals.size(); i++) {
            var one = counted.apply(intervals.get(i));
            if (one.rate() > past.rate() && shared(one, intervals.get(i), cells, earlier)) {
                any = true;
                one = Counted.NONE;
            }
            sums[i + 1] = sums[i].plus(one);
        }
        return any;
    }

    private boolean shared(Counted one, Interval interval, java.util.List<ToldControl> cells, Counted earlier) {
        var now = Counted.NONE;
        for (var told : cells) {
            now = now.plus(told.during(interval.from(), interval.to()).map(counted).orElse(Counted.NONE));
        }
        return now.bad() > 0 && now.rate() - earlier.rate() >= SHARED_SHARE * (one.rate() - past.rate())
                && ExactCounts.moreThan(earlier, now, 1, 1) < SHARED_LEVEL;
    }

    private Instant at(int window) {
        return measured.since().plus(Case.SHORT.multipliedBy(window));
    }

    private Counted between(Instant from, Instant to) {
        return sums[endedBy(to)].minus(sums[endedBy(from)]);
    }

    private int endedBy(Instant time) {
        return measured.after().endedBy(time);
    }

    /// Without the worst reading: errors come in clusters, and one cluster alone is not harm.
    private Weight weigh(Instant from, Instant to, double level) {
        var block = between(from, to);
        if (block.bad() < MIN_BAD || block.rate() < past.rate() + MIN_RISE) {
            return Weight.FINE;
        }
        block = block.minus(worstReading(from, to));
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
        return p > level ? Weight.FINE : excused(from, to, block);
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
        var excused = excused(start, measured.end(), block);
        return excused == Weight.HARMFUL ? Weight.SUSPECT : excused;
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

    private Counted worstReading(Instant from, Instant to) {
        var worstOne = Counted.NONE;
        for (int i = endedBy(from); i < endedBy(to); i++) {
            var one = sums[i + 1].minus(sums[i]);
            worstOne = one.bad() > worstOne.bad() ? one : worstOne;
        }
        return worstOne;
    }

    /// Difference in differences: the cell's rate must have risen by more than that of controls may have risen over the
    /// same time. Controls with little traffic may have risen by much, so more must be known.
    private Weight excused(Instant from, Instant to, Counted block) {
        for (var kind : Control.Kind.values()) {
            var earlier = Counted.NONE;
            var now = Counted.NONE;
            for (var told : measured.controls()) {
                if (told.kind() == kind) {
                    earlier = earlier.plus(told.before().map(counted).orElse(Counted.NONE));
                    now = now.plus(told.during(from, to).map(counted).orElse(Counted.NONE));
                }
            }
            var weight = excused(kind, block, earlier, now);
            if (weight != Weight.HARMFUL) {
                return weight;
            }
        }
        return measured.controlsAreLate(from, to) ? Weight.SUSPECT : Weight.HARMFUL;
    }

    private Weight excused(Control.Kind kind, Counted block, Counted earlier, Counted now) {
        if (earlier.all() < Case.MIN_REQUESTS || now.all() < MIN_CONTROL_SHARE * block.all()) {
            return Weight.HARMFUL;
        }
        double was = past.all() >= Case.MIN_REQUESTS ? past.rate() : earlier.rate();
        double highest = (now.bad() + 2 + 2 * Math.sqrt(now.bad() + 1)) / now.all();
        double mayHaveRisen = Math.clamp(highest - earlier.rate(), 0, 1 - was);
        if (block.rate() >= was + CONTROL_MARGIN * mayHaveRisen
                && ExactCounts.moreThan(was + mayHaveRisen, block) < CONTROL_LEVEL) {
            return Weight.HARMFUL;
        }
        boolean rose = now.rate() - earlier.rate() >= CONTROL_SHARE * (block.rate() - was);
        return kind == Control.Kind.YESTERDAY ? rose ? Weight.AS_YESTERDAY : Weight.HARMFUL
                : rose ? Weight.SHARED : Weight.SUSPECT;
    }

    private String text(Weight weight, Counted whole) {
        var shown = worstStrength < 0 ? whole : worst;
        var is = name + " " + percent(shown.rate()) + " of " + requests(shown, whole);
        var was = worstReference == null ? "" : ", " + percent(worstReference.counted().all() == 0 ? ALLOWED
                : worstReference.counted().rate()) + " in " + worstReference.name();
        return switch (weight) {
            case FINE -> "";
            case AS_YESTERDAY -> is + was + ", as a day earlier at this time";
            case SUSPECT -> is + was + "; it may be chance or not its own, more requests will tell";
            case SHARED -> is + was + "; but siblings that were not changed became as bad, so it is not told apart";
            case HARMFUL -> is + was;
        };
    }

    /// What is weighed may be a part of what the figures beside the sentence count: then it says which.
    private static String requests(Counted shown, Counted whole) {
        long some = Math.round(shown.all());
        long all = Math.round(whole.all());
        return some + " requests" + (some == all ? "" : " (of " + all
                + " since the deployment, the stretch that tells most, without its worst reading)");
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
