package cambium.rollout.health;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

/// Counters of a made-up cell, read at even times.
final class CellTraffic {
    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, Double.POSITIVE_INFINITY};

    private final Random random;
    private final double[] buckets = new double[BOUNDS.length];
    private double requests;
    private double errors;
    private Instant at = START;
    private OptionalDouble saturation = OptionalDouble.empty();

    CellTraffic(long seed) {
        random = new Random(seed);
    }

    /// An hour of readings.
    List<HealthSample> past(double perReading, double errorRate, double meanSeconds) {
        return readings(360, perReading, errorRate, meanSeconds);
    }

    CellTraffic saturated(double share) {
        saturation = OptionalDouble.of(share);
        return this;
    }

    /// Readings every ten seconds; `perReading` requests between two on average.
    List<HealthSample> readings(int count, double perReading, double errorRate, double meanSeconds) {
        var readings = new ArrayList<HealthSample>();
        readings.add(reading());
        for (int i = 1; i < count; i++) {
            at = at.plusSeconds(10);
            int arrived = poisson(perReading);
            for (int k = 0; k < arrived; k++) {
                requests++;
                errors += random.nextDouble() < errorRate ? 1 : 0;
                double seconds = -Math.log(1 - random.nextDouble()) * meanSeconds;
                for (int b = 0; b < BOUNDS.length; b++) {
                    buckets[b] += seconds <= BOUNDS[b] ? 1 : 0;
                }
            }
            readings.add(reading());
        }
        return readings;
    }

    void restart() {
        requests = 0;
        errors = 0;
        java.util.Arrays.fill(buckets, 0);
    }

    private HealthSample reading() {
        var told = new ArrayList<HealthSample.Bucket>();
        for (int b = 0; b < BOUNDS.length; b++) {
            told.add(new HealthSample.Bucket(BOUNDS[b], buckets[b]));
        }
        return new HealthSample(at, requests, errors, told, saturation);
    }

    private int poisson(double mean) {
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
