package cambium.simulation.traffic;

import cambium.rollout.health.Control;
import cambium.rollout.health.HealthInput;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;

/// One deployment of one cell under a circumstance, all drawn from a seed: an hour before, an hour after, three cells
/// that are not changed, and the same hours of the day before. It is seen as a coordinator sees it: fine readings of
/// the last two minutes, one a minute before that.
public final class MadeDeployment {
    public static final Instant SINCE = Instant.parse("2026-11-21T12:00:00Z");
    public static final Duration LENGTH = Duration.ofHours(1);
    /// Between two looks.
    public static final Duration STEP = Duration.ofSeconds(10);
    private static final Duration MAX_AGE = Duration.ofMinutes(1);
    private static final Duration FINE = Duration.ofMinutes(2);
    private static final Duration AROUND = Duration.ofMinutes(35);
    private static final int CONTROLS = 3;
    private static final double HOUR = 3600;

    private final Random random;
    private final Circumstance circumstance;
    private final Made cell;
    private final List<Made> controls = new ArrayList<>();
    private final List<HealthSample> dayBefore;
    private double faultSecond = Double.NaN;

    /// What one cell shows before and after.
    private record Made(List<HealthSample> before, List<HealthSample> after) {}

    private MadeDeployment(long seed, Circumstance circumstance) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + circumstance.ordinal());
        this.circumstance = circumstance;
        var shared = shared();
        double secondOfDay = random.nextInt(86_400);
        var habits = habits(secondOfDay);
        var own = new ArrayList<>(shared);
        own.addAll(noise(circumstance == Circumstance.NOISY_NEIGHBOURS
                || circumstance == Circumstance.NOISE_ON_ONE_CELL));
        own.addAll(fault(habits));
        cell = made(habits, own);
        for (int i = 0; i < CONTROLS; i++) {
            var others = new ArrayList<>(shared);
            others.addAll(noise(circumstance == Circumstance.NOISY_NEIGHBOURS));
            controls.add(made(habits(secondOfDay), others));
        }
        dayBefore = dayBefore(habits);
    }

    public static MadeDeployment of(long seed, Circumstance circumstance) {
        return new MadeDeployment(seed, circumstance);
    }

    public Circumstance circumstance() {
        return circumstance;
    }

    /// When the fault begins, where there is one, after the end of the deployment.
    public Duration faultAfter() {
        return Duration.ofMillis(Double.isNaN(faultSecond) ? 0 : Math.round(faultSecond * 1000));
    }

    /// What is known so long after the deployment.
    public HealthInput seen(Duration after) {
        var now = SINCE.plus(after);
        var told = new ArrayList<Control>();
        for (int i = 0; i < CONTROLS; i++) {
            told.add(new Control(Control.Kind.CELL, "c" + (i + 2), controls.get(i).before(),
                    thinned(controls.get(i).after(), now)));
        }
        var day = Duration.ofDays(1);
        told.add(new Control(Control.Kind.YESTERDAY, "a day earlier",
                between(dayBefore, SINCE.minus(day).minus(Duration.ofHours(1)), SINCE.minus(day).plusSeconds(1)),
                between(dayBefore, now.minus(day).minus(AROUND), now.minus(day).plus(AROUND))));
        return new HealthInput(cell.before(), thinned(cell.after(), now), told, SINCE, now, MAX_AGE, Set.of());
    }

    private static List<HealthSample> between(List<HealthSample> samples, Instant from, Instant to) {
        return samples.stream().filter(each -> !each.at().isBefore(from) && each.at().isBefore(to)).toList();
    }

    private static List<HealthSample> thinned(List<HealthSample> samples, Instant now) {
        return samples.stream().filter(each -> !each.at().isAfter(now)
                && (each.at().isAfter(now.minus(FINE)) || each.at().getEpochSecond() % 60 == 0)).toList();
    }

    private Made made(CellLife.Habits habits, List<Episode> episodes) {
        var life = new CellLife(random.nextLong(), habits, episodes);
        var before = saturated(life, DoubleStream.iterate(-HOUR, at -> at < -20, at -> at + 60).toArray());
        life.restart();
        var after = saturated(life, DoubleStream.iterate(0, at -> at <= HOUR, at -> at + STEP.toSeconds()).toArray());
        return circumstance == Circumstance.RESTARTS_AND_GAPS ? new Made(holed(before), holed(after))
                : new Made(before, after);
    }

    private static List<HealthSample> saturated(CellLife life, double[] seconds) {
        var readings = new ArrayList<HealthSample>();
        HealthSample last = null;
        for (int i = 0; i < seconds.length; i++) {
            var made = life.readings(SINCE, i == 0 ? new double[] {seconds[0]}
                    : new double[] {seconds[i - 1], seconds[i]});
            last = life.saturated(made.getLast(), seconds[i]);
            readings.add(last);
        }
        return readings;
    }

    /// Counters start anew now and then, readings are missing or nonsense.
    private List<HealthSample> holed(List<HealthSample> readings) {
        var holed = new ArrayList<HealthSample>();
        var base = new HealthSample(SINCE, 0, 0, List.of(), java.util.OptionalDouble.empty());
        for (var reading : readings) {
            if (random.nextDouble() < 0.01) {
                base = reading;
            }
            double fate = random.nextDouble();
            if (fate < 0.05) {
                holed.add(HealthSample.counting(reading.at(), Double.NaN, 0));
            } else if (fate > 0.1) {
                holed.add(lessBy(reading, base));
            }
        }
        return holed;
    }

    private static HealthSample lessBy(HealthSample reading, HealthSample base) {
        var buckets = new ArrayList<HealthSample.Bucket>();
        for (int i = 0; i < reading.latencies().size(); i++) {
            double earlier = base.latencies().isEmpty() ? 0 : base.latencies().get(i).count();
            buckets.add(new HealthSample.Bucket(reading.latencies().get(i).upperSeconds(),
                    reading.latencies().get(i).count() - earlier));
        }
        return new HealthSample(reading.at(), reading.requests() - base.requests(), reading.errors() - base.errors(),
                buckets, reading.saturation());
    }

    private List<HealthSample> dayBefore(CellLife.Habits habits) {
        double day = 86_400;
        var life = new CellLife(random.nextLong(), habits, List.of());
        return saturated(life, DoubleStream.iterate(-day - 2 * HOUR, at -> at <= -day + 2 * HOUR, at -> at + 1800)
                .toArray());
    }

    private CellLife.Habits habits(double secondOfDay) {
        boolean swings = circumstance == Circumstance.DAY_AND_NIGHT;
        double rate = circumstance == Circumstance.ERRORS_FROM_NONE ? 0
                : new double[] {0, 1e-4, 1e-3, 5e-3, 2e-2}[random.nextInt(5)];
        return new CellLife.Habits(circumstance.lowTraffic() ? even(0.05, 0.5) : scaled(2, 100), rate,
                random.nextBoolean() ? 1 : 2, scaled(0.010, 0.300), even(0.5, 1), even(0.2, 0.6),
                swings ? even(0.4, 0.8) : even(0, 0.15), swings ? even(0.3, 0.8) : 0.2, secondOfDay);
    }

    /// Ordinary noise is rare; noisy neighbours come every half hour, for up to four minutes.
    private List<Episode> noise(boolean noisy) {
        var episodes = new ArrayList<Episode>();
        double at = -HOUR;
        while (at < HOUR) {
            at += -Math.log(1 - random.nextDouble()) * (noisy ? HOUR / 2 : 4 * HOUR);
            episodes.add(new Episode(at, at + even(30, noisy ? 240 : 120), 0,
                    new Strain(0, even(1.3, noisy ? 3 : 2), even(0.05, noisy ? 0.4 : 0.2))));
        }
        return episodes;
    }

    /// What strikes all cells alike.
    private List<Episode> shared() {
        if (circumstance != Circumstance.OUTAGE_OF_ALL) {
            return List.of();
        }
        double at = even(0, HOUR / 2);
        return List.of(new Episode(at, at + even(120, 1800), 0, new Strain(even(0.03, 0.4), even(1, 4), even(0, 0.3))));
    }

    private List<Episode> fault(CellLife.Habits habits) {
        if (circumstance == Circumstance.COLD_START) {
            return List.of(new Episode(0, even(60, 150), 0, new Strain(0, even(1.5, 5), even(0, 0.4))));
        }
        if (!circumstance.harmful()) {
            return List.of();
        }
        double most = Math.max(0.02, 2 * habits.errorRate());
        faultSecond = random.nextBoolean() ? 0 : even(0, HOUR / 3);
        return List.of(switch (circumstance) {
            case STEP_OF_LATENCY -> lasting(0, new Strain(0, even(1.8, 4), even(0, 0.2)));
            case SLOW_BURN_OF_ERRORS -> lasting(even(600, 1500), new Strain(most * even(2, 6), 1, 0));
            case SLOW_BURN_OF_LATENCY -> lasting(even(600, 1500), new Strain(0, even(2.2, 5), even(0, 0.2)));
            case ERROR_BURST -> new Episode(faultSecond, faultSecond + even(60, 240), 0,
                    new Strain(even(0.1, 0.5), 1, 0));
            case SATURATION -> lasting(even(120, 900), new Strain(0, even(1, 1.5), 0.97 - habits.saturation()
                    * (1 - habits.dayShare())));
            case ERRORS_FROM_NONE -> lasting(0, new Strain(even(0.01, 0.1), 1, 0));
            case ERRORS_AT_LOW_TRAFFIC -> lasting(0, new Strain(even(0.2, 0.7), 1, 0));
            default -> lasting(0, new Strain(most * even(1, 5), 1, 0));
        });
    }

    private Episode lasting(double rampSeconds, Strain strain) {
        return new Episode(faultSecond, Double.POSITIVE_INFINITY, rampSeconds, strain);
    }

    private double even(double from, double to) {
        return from + random.nextDouble() * (to - from);
    }

    private double scaled(double from, double to) {
        return from * Math.pow(to / from, random.nextDouble());
    }
}
