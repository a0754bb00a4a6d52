package cambium.rollout.health;

import java.util.TreeSet;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;

/// How much worse one set of counts is than another.
///
/// @param zScore standard deviations by which it is worse
/// @param pValue chance of being this much worse if nothing differed
/// @param effect ratio of error rates, or the chance that a request was slower than one before (0.5: no difference)
record Comparison(double zScore, double pValue, double effect) {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    private static final BinomialTest MORE = BinomialTest.withDefaults().with(AlternativeHypothesis.GREATER_THAN);

    /// Given how many errors there were in all, those after are binomial with the share of requests after. Exact for
    /// counts however small, also where there was no error before; the sum of errors is bounded by `Integer.MAX_VALUE`.
    static Comparison errors(Counts before, Counts after) {
        double share = after.requests() / (after.requests() + before.requests());
        long all = Math.round(before.errors() + after.errors());
        double p = all == 0 ? 1 : MORE.test((int) Math.min(all, Integer.MAX_VALUE),
                (int) Math.min(Math.round(after.errors()), Integer.MAX_VALUE), share).getPValue();
        double deviation = Math.sqrt(all * share * (1 - share));
        double z = deviation == 0 ? 0 : (after.errors() - all * share) / deviation;
        return new Comparison(z, p, after.errorRate() / Math.max(before.errorRate(), 1 / (before.requests() + 1)));
    }

    /// Against a rate that is allowed where there is no past to compare with.
    static Comparison errors(double allowedRate, Counts after) {
        int requests = (int) Math.min(Math.round(after.requests()), Integer.MAX_VALUE);
        int errors = (int) Math.min(Math.round(after.errors()), requests);
        double p = requests == 0 ? 1 : MORE.test(requests, errors, allowedRate).getPValue();
        double deviation = Math.sqrt(requests * allowedRate * (1 - allowedRate));
        return new Comparison(deviation == 0 ? 0 : (errors - requests * allowedRate) / deviation, p,
                after.errorRate() / allowedRate);
    }

    /// Mann–Whitney on bucketed latencies: requests of one bucket are ties, and the variance is corrected for them.
    static Comparison latencies(Counts before, Counts after) {
        double n1 = before.measuredLatencies();
        double n2 = after.measuredLatencies();
        if (n1 == 0 || n2 == 0) {
            return new Comparison(0, 1, 0.5);
        }
        var bounds = new TreeSet<>(before.latencies().keySet());
        bounds.addAll(after.latencies().keySet());
        double slower = 0;
        double ties = 0;
        double beforeSoFar = 0;
        for (double bound : bounds) {
            double b = before.latencies().getOrDefault(bound, 0.0);
            double a = after.latencies().getOrDefault(bound, 0.0);
            slower += a * (beforeSoFar + b / 2);
            beforeSoFar += b;
            double t = a + b;
            ties += t * t * t - t;
        }
        double n = n1 + n2;
        double variance = n1 * n2 / 12 * ((n + 1) - ties / (n * (n - 1)));
        double z = variance <= 0 ? 0 : (slower - n1 * n2 / 2) / Math.sqrt(variance);
        return new Comparison(z, NORMAL.survivalProbability(z), slower / (n1 * n2));
    }
}
