package cambium.rollout.health;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/// Exact tests of counts. Given how many errors there were in all, those after are binomial with the share of requests
/// after (Przyborowski and Wilenski's conditional test): right for counts however small, also where there was no error
/// before. Errors that come in clusters are divided by the design effect first (Rao and Scott).
final class ExactCounts {
    private static final int MAX_COUNT = 1_000_000_000;

    /// So many bad ones of so many.
    record Counted(double bad, double all) {
        static final Counted NONE = new Counted(0, 0);

        Counted plus(Counted other) {
            return new Counted(bad + other.bad, all + other.all);
        }

        Counted minus(Counted other) {
            return new Counted(bad - other.bad, all - other.all);
        }

        double rate() {
            return all == 0 ? 0 : bad / all;
        }
    }

    private ExactCounts() {}

    /// Chance of at least so many after, if their rate were at most `ratio` times the rate before.
    static double moreThan(Counted before, Counted after, double ratio, double designEffect) {
        double share = ratio * after.all() / (ratio * after.all() + before.all());
        int bad = (int) Math.min(MAX_COUNT, Math.floor(after.bad() / designEffect));
        int earlier = (int) Math.min(MAX_COUNT, Math.ceil(before.bad() / designEffect));
        return atLeast(bad + earlier, bad, share);
    }

    /// Chance of at least so many, if their rate were at most `rate`.
    static double moreThan(double rate, Counted after) {
        return atLeast((int) Math.min(MAX_COUNT, Math.round(after.all())),
                (int) Math.min(MAX_COUNT, Math.round(after.bad())), rate);
    }

    /// Chance of at least `found` successes in `tries`.
    static double atLeast(int tries, int found, double chance) {
        return found == 0 || tries == 0 ? 1 : BinomialDistribution.of(tries, chance).survivalProbability(found - 1);
    }

    static double zScore(Counted before, Counted after, double designEffect) {
        double share = after.all() / (after.all() + before.all());
        double all = before.bad() + after.bad();
        double deviation = Math.sqrt(all * share * (1 - share) * designEffect);
        return deviation == 0 || Double.isNaN(deviation) ? 0 : (after.bad() - all * share) / deviation;
    }
}
