package cambium.rollout.health;

import cambium.rollout.Evidence;
import cambium.rollout.Evidence.Signal;
import cambium.rollout.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Says whether a version harms a cell. It does if errors or latencies are worse than in the cell's own past, by more
/// than chance and by enough to matter, and unchanged siblings are not just as bad. What cannot be told is `NO_DATA`.
///
/// It is asked again and again while evidence grows, so its level is far stricter than one look would need.
public final class HealthJudge {
    /// Fewer requests than this after the deployment, or in a past, say nothing.
    public static final long MIN_REQUESTS = 20;
    /// A few stray errors never are harm.
    static final long MIN_ERRORS = 5;
    static final double LEVEL = 1e-5;
    /// An error rate must rise by this much to matter, and by half of what it was.
    static final double MIN_RATE_RISE = 0.005;
    static final double MIN_RATE_RATIO = 1.5;
    /// What a cell without any past may show.
    static final double ALLOWED_RATE = 0.05;
    /// Chance that a request is slower than one before, from which on slowness matters; doubled latencies give 0.67.
    static final double MIN_SLOWER = 0.60;
    /// Ranks know no size: one millisecond become five is far beyond chance and nobody's harm. The median or the
    /// slowest twentieth must have moved by this much.
    static final double MIN_SECONDS_SLOWER = 0.010;

    private final Counts before;
    private final Counts after;
    private final Counts siblings;
    private final HealthInput input;

    private HealthJudge(HealthInput input) {
        this.input = input;
        before = Counts.of(input.before());
        after = Counts.of(input.after());
        siblings = Counts.together(input.siblings().stream().map(Counts::of).toList());
    }

    public static Judgement judge(HealthInput input) {
        return new HealthJudge(input).judge();
    }

    private Judgement judge() {
        var stale = after.last().filter(last -> !last.plus(input.maxAge()).isBefore(input.now())).isEmpty();
        if (stale) {
            return told(Verdict.NO_DATA, after.last().map(last -> "the newest sound reading is of " + last)
                    .orElse("no sound reading since the deployment"));
        }
        var harm = errors().or(this::latencies);
        if (harm.isPresent()) {
            return harm.get();
        }
        if (after.requests() < MIN_REQUESTS) {
            return told(Verdict.NO_DATA, "only " + Math.round(after.requests()) + " requests since the deployment, "
                    + MIN_REQUESTS + " are needed");
        }
        if (after.measuredLatencies() == 0 && before.measuredLatencies() > 0) {
            return told(Verdict.NO_DATA, "latencies are no longer told since the deployment");
        }
        return told(Verdict.HEALTHY, "no worse than before: errors " + percent(after.errorRate())
                + (known(before) ? ", were " + percent(before.errorRate()) : "") + ", " + Math.round(after.requests())
                + " requests");
    }

    private Optional<Judgement> errors() {
        if (after.errors() < MIN_ERRORS) {
            return Optional.empty();
        }
        if (!known(before) && !known(siblings)) {
            return Comparison.errors(ALLOWED_RATE, after).pValue() >= LEVEL ? Optional.empty()
                    : Optional.of(told(Verdict.HARMFUL, "errors " + percent(after.errorRate()) + " of "
                            + Math.round(after.requests()) + " requests, and there is no past to compare with"));
        }
        var past = known(before) ? before : siblings;
        if (!moreErrorsThan(past)) {
            return Optional.empty();
        }
        var text = "errors " + percent(after.errorRate()) + " of " + Math.round(after.requests()) + " requests, "
                + (known(before) ? "were " : "siblings have ") + percent(past.errorRate());
        return Optional.of(known(siblings) && !moreErrorsThan(siblings) ? told(Verdict.NO_DATA, text
                + "; but siblings that were not changed have " + percent(siblings.errorRate())
                + ", so it is not told apart")
                : told(Verdict.HARMFUL, text));
    }

    private boolean moreErrorsThan(Counts past) {
        return Comparison.errors(past, after).pValue() < LEVEL
                && after.errorRate() >= past.errorRate() + MIN_RATE_RISE
                && after.errorRate() >= past.errorRate() * MIN_RATE_RATIO;
    }

    private Optional<Judgement> latencies() {
        var past = known(before) ? before : siblings;
        if (!slowerThan(past)) {
            return Optional.empty();
        }
        var text = "slower: half of the requests within " + seconds(after.quantile(0.5)) + ", was "
                + seconds(past.quantile(0.5)) + "; 95 % within " + seconds(after.quantile(0.95)) + ", was "
                + seconds(past.quantile(0.95));
        boolean alike = known(siblings) && siblings.measuredLatencies() >= MIN_REQUESTS && !slowerThan(siblings);
        return Optional.of(alike ? told(Verdict.NO_DATA, text
                + "; but siblings that were not changed are no faster, so it is not told apart")
                : told(Verdict.HARMFUL, text));
    }

    private boolean slowerThan(Counts past) {
        if (past.measuredLatencies() < MIN_REQUESTS || after.measuredLatencies() < MIN_REQUESTS) {
            return false;
        }
        var comparison = Comparison.latencies(past, after);
        return comparison.pValue() < LEVEL && comparison.effect() >= MIN_SLOWER
                && (slowerBy(past, 0.5) >= MIN_SECONDS_SLOWER || slowerBy(past, 0.95) >= MIN_SECONDS_SLOWER);
    }

    private double slowerBy(Counts past, double share) {
        return after.quantile(share) - past.quantile(share);
    }

    private static boolean known(Counts counts) {
        return counts.requests() >= MIN_REQUESTS;
    }

    private Judgement told(Verdict verdict, String text) {
        return new Judgement(verdict, Math.round(after.requests()), new Evidence(text, signals()));
    }

    /// The four golden signals, for people to see; traffic and saturation do not decide.
    private List<Signal> signals() {
        var past = known(before) ? before : siblings;
        var signals = new ArrayList<Signal>();
        var errors = known(past) ? Comparison.errors(past, after) : Comparison.errors(ALLOWED_RATE, after);
        signals.add(new Signal("errors", past.errorRate() * 100, after.errorRate() * 100, "%", errors.zScore(),
                errors.pValue()));
        if (past.measuredLatencies() > 0 && after.measuredLatencies() > 0) {
            var latencies = Comparison.latencies(past, after);
            signals.add(new Signal("latency", bounded(past.quantile(0.95)), bounded(after.quantile(0.95)), "s (95 %)",
                    latencies.zScore(), latencies.pValue()));
        }
        if (!before.time().isZero() && !after.time().isZero()) {
            double expected = before.requestsPerSecond() * after.time().toMillis() / 1000.0;
            double z = expected <= 0 ? 0 : (after.requests() - expected) / Math.sqrt(expected);
            signals.add(new Signal("traffic", before.requestsPerSecond(), after.requestsPerSecond(), "requests/s", z,
                    1));
        }
        if (!before.saturation().isEmpty() && !after.saturation().isEmpty()) {
            signals.add(saturation());
        }
        return signals;
    }

    private Signal saturation() {
        double was = mean(before.saturation());
        double is = mean(after.saturation());
        double variance = before.saturation().stream().mapToDouble(value -> (value - was) * (value - was)).average()
                .orElse(0);
        double z = variance <= 0 ? 0 : (is - was) / Math.sqrt(variance / after.saturation().size());
        return new Signal("saturation", was, is, "share", z, 1);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /// The last bucket has no upper bound; figures shown to people and stored as JSON stay finite.
    private static double bounded(double seconds) {
        return Double.isFinite(seconds) ? seconds : Double.MAX_VALUE;
    }

    private static String percent(double rate) {
        return String.format(Locale.ROOT, "%.1f %%", rate * 100);
    }

    private static String seconds(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g s", value) : "more than the last bucket";
    }
}
