package cambium.simulation.traffic;

import cambium.rollout.health.HealthSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// The counters of one cell over time: traffic that drifts and follows the day, errors in clusters, log-normal
/// latencies that drift and rise with load, a resource in use.
final class CellLife {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    private static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
        Double.POSITIVE_INFINITY};
    private static final double DRIFT_SECONDS = 10;
    private static final double DAY_SECONDS = 86_400;

    private final Random random;
    private final Habits habits;
    private final List<Episode> episodes;
    private final double[] buckets = new double[BOUNDS.length];
    private double requests;
    private double errors;
    private double trafficDrift;
    private double latencyDrift;
    private double saturationDrift;

    /// @param perSecond requests a second on average
    /// @param errorRate share that fails on an ordinary day
    /// @param clusters errors that come together, on average
    /// @param median of latencies, in seconds; `spread` of their logarithm
    /// @param dayShare by how much of the average traffic swings over a day
    /// @param underLoad how much slower, and more failing, a doubled load makes it
    /// @param secondOfDay when the deployment ends
    record Habits(double perSecond, double errorRate, double clusters, double median, double spread, double saturation,
            double dayShare, double underLoad, double secondOfDay) {}

    CellLife(long seed, Habits habits, List<Episode> episodes) {
        this.random = new Random(seed);
        this.habits = habits;
        this.episodes = List.copyOf(episodes);
    }

    /// Readings at these seconds, counted from the end of the deployment, which is at `origin`.
    List<HealthSample> readings(Instant origin, double[] seconds) {
        var readings = new ArrayList<HealthSample>();
        double before = Double.NaN;
        for (double second : seconds) {
            if (!Double.isNaN(before)) {
                live(second - before, load(before), strain(before));
            }
            readings.add(reading(origin.plusMillis(Math.round(second * 1000))));
            before = second;
        }
        return readings;
    }

    void restart() {
        requests = 0;
        errors = 0;
        Arrays.fill(buckets, 0);
    }

    /// The reading at the end of so many seconds of this strain, the load being what it is on average.
    HealthSample goOn(Instant at, double length, Strain strain) {
        for (double second = DRIFT_SECONDS; second < length; second += DRIFT_SECONDS) {
            driftOn();
        }
        live(length, 1, strain);
        return saturated(reading(at), 1, strain);
    }

    private void live(double length, double average, Strain strain) {
        driftOn();
        double load = average * Math.exp(trafficDrift);
        double strained = 1 + habits.underLoad() * (load - 1);
        int arrived = fill(habits.perSecond() * load * length, habits.median() * Math.max(0.3, strained)
                * strain.slower() * Math.exp(latencyDrift));
        requests += arrived;
        double ordinary = habits.errorRate() * Math.max(0.2, strained) * Math.exp(0.3 * random.nextGaussian() - 0.045);
        errors += Math.min(arrived, ordinaryErrors(arrived * ordinary) + binomial(arrived, strain.errors()));
    }

    private void driftOn() {
        trafficDrift = drift(trafficDrift, 0.05);
        latencyDrift = drift(latencyDrift, 0.04);
        saturationDrift = drift(saturationDrift, 0.015);
    }

    private double load(double second) {
        return 1 + habits.dayShare() * Math.sin(2 * Math.PI * (habits.secondOfDay() + second) / DAY_SECONDS);
    }

    private Strain strain(double second) {
        return episodes.stream().map(episode -> episode.at(second)).reduce(Strain.NONE, Strain::and);
    }

    private double drift(double value, double step) {
        return 0.93 * value + step * random.nextGaussian();
    }

    private int fill(double expected, double median) {
        double below = 0;
        int arrived = 0;
        int so = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            double share = Double.isInfinite(BOUNDS[i]) ? 1
                    : NORMAL.cumulativeProbability(Math.log(BOUNDS[i] / median) / habits.spread());
            so += poisson(expected * (share - below));
            below = share;
            buckets[i] += so;
            arrived = so;
        }
        return arrived;
    }

    private int ordinaryErrors(double expected) {
        int clusters = poisson(expected / habits.clusters());
        int all = 0;
        for (int i = 0; i < clusters; i++) {
            all++;
            while (random.nextDouble() < 1 - 1 / habits.clusters()) {
                all++;
            }
        }
        return all;
    }

    private HealthSample reading(Instant at) {
        var told = new ArrayList<HealthSample.Bucket>(BOUNDS.length);
        for (int i = 0; i < BOUNDS.length; i++) {
            told.add(new HealthSample.Bucket(BOUNDS[i], buckets[i]));
        }
        return new HealthSample(at, requests, errors, told, OptionalDouble.empty());
    }

    /// The reading as it is, with the share of its tightest resource at that second.
    HealthSample saturated(HealthSample reading, double second) {
        return saturated(reading, load(second), strain(second));
    }

    private HealthSample saturated(HealthSample reading, double load, Strain strain) {
        double share = habits.saturation() * (1 + 0.5 * (load - 1)) + 0.02 * random.nextGaussian()
                + saturationDrift + strain.saturation();
        return new HealthSample(reading.at(), reading.requests(), reading.errors(), reading.latencies(),
                OptionalDouble.of(Math.clamp(share, 0, 1)));
    }

    private int binomial(int tries, double chance) {
        if (chance <= 0) {
            return 0;
        }
        if (tries * chance > 30 && tries * (1 - chance) > 30) {
            return Math.clamp(Math.round(tries * chance
                    + Math.sqrt(tries * chance * (1 - chance)) * random.nextGaussian()), 0, tries);
        }
        int found = 0;
        for (int i = 0; i < tries; i++) {
            found += random.nextDouble() < chance ? 1 : 0;
        }
        return found;
    }

    private int poisson(double mean) {
        if (mean > 30) {
            return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }
}
