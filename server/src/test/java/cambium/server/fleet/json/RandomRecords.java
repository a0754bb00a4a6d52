package cambium.server.fleet.json;

import cambium.rollout.AtOnce;
import cambium.rollout.AttemptId;
import cambium.rollout.Bake;
import cambium.rollout.BehindLimit;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.ChangeRest;
import cambium.rollout.DeclaredMigration;
import cambium.rollout.Evidence;
import cambium.rollout.FleetSpec;
import cambium.rollout.LargeChange;
import cambium.rollout.Measuring;
import cambium.rollout.MigrationLedger;
import cambium.rollout.Pace;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Schedule;
import cambium.rollout.Scope;
import cambium.rollout.Step;
import cambium.rollout.Supersede;
import cambium.rollout.Window;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Makes values of any record or sealed type at random, from a seed. Types with a grammar have a maker of their own.
final class RandomRecords {
    private final Random random;

    RandomRecords(long seed) {
        random = new Random(seed);
    }

    Object any(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            var inner = parameterized.getActualTypeArguments()[0];
            if (parameterized.getRawType() == Optional.class) {
                return random.nextBoolean() ? Optional.of(any(inner)) : Optional.empty();
            } else if (parameterized.getRawType() == List.class) {
                return IntStream.range(0, random.nextInt(4)).mapToObj(_ -> any(inner)).toList();
            }
            throw new IllegalStateException("no values of " + type);
        }
        return any((Class<?>) type);
    }

    private Object any(Class<?> type) {
        if (type == String.class) {
            return text();
        } else if (type == Instant.class) {
            return Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE), random.nextInt(1_000_000_000));
        } else if (type == Duration.class) {
            return Duration.ofMillis(1 + random.nextInt(1_000_000));
        } else if (type == long.class) {
            return (long) random.nextInt(1_000_000);
        } else if (type == int.class) {
            return 1 + random.nextInt(1000);
        } else if (type == double.class) {
            return random.nextGaussian();
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type.isEnum()) {
            return one(type.getEnumConstants());
        } else if (type == CellId.class) {
            return CellId.of("cell-" + random.nextInt(100));
        } else if (type == ProductVersion.class) {
            return ProductVersion.of("1." + random.nextInt(100) + "~rc+1");
        } else if (type == RingNumber.class) {
            return RingNumber.of(random.nextInt(101) - 1);
        } else if (type == AttemptId.class) {
            return new AttemptId(1 + random.nextInt(99), CellId.of("c" + random.nextInt(9)), (Step) any(Step.class), 1);
        } else if (type == Scope.class) {
            return Scope.of((String) one("fleet", "ring 2", "cell c1", "version 1.0"));
        } else if (type == PackageRef.class) {
            return new PackageRef(text(), text(), "amd64", "0af3".repeat(16), text());
        } else if (type == MigrationLedger.class) {
            return new MigrationLedger(IntStream.range(0, random.nextInt(4)).mapToObj(this::migration).toList());
        } else if (type == Evidence.Line.class) {
            return new Evidence.Line(List.of(-5L, (long) random.nextInt(100)), List.of(0.5, random.nextDouble()));
        } else if (type == FleetSpec.class) {
            return fleet();
        }
        return type.isSealed() ? any((Class<?>) one((Object[]) type.getPermittedSubclasses())) : record(type);
    }

    private DeclaredMigration migration(int number) {
        return new DeclaredMigration("2026_" + number, (DeclaredMigration.Kind) any(DeclaredMigration.Kind.class),
                random.nextBoolean(), random.nextBoolean() ? Optional.empty()
                        : Optional.of((ProductVersion) any(ProductVersion.class)));
    }

    private Object record(Class<?> type) {
        try {
            var components = type.getRecordComponents();
            var types = Arrays.stream(components).map(each -> each.getType()).toArray(Class<?>[]::new);
            var values = Arrays.stream(components).map(each -> any(each.getGenericType())).toArray();
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException failed) {
            throw new IllegalStateException("no value of " + type, failed);
        }
    }

    private FleetSpec fleet() {
        var rings = new ArrayList<RingSpec>();
        for (var ring = 0; ring < 1 + random.nextInt(4); ring++) {
            var cells = new ArrayList<CellSpec>();
            for (var cell = 0; cell < 1 + random.nextInt(4); cell++) {
                var settings = new TreeMap<String, String>();
                settings.put("port", text());
                cells.add(new CellSpec(CellId.of("r" + ring + "c" + cell),
                        ring + cell == 0 ? CellSpec.Kind.MAIN : CellSpec.Kind.SECONDARY, "local",
                        Optional.of("http://h/" + cell), Optional.of("http://m/" + cell), settings));
            }
            rings.add(new RingSpec(RingNumber.of(ring), RingPolicy.DEFAULT.with(this::policy), cells));
        }
        return new FleetSpec("f" + random.nextInt(9), new FleetSpec.Product(text(), text(), List.of(text())),
                RingNumber.INNERMOST, (FleetSpec.Graduation) any(FleetSpec.Graduation.class), rings)
                .with(random.nextBoolean() ? Measuring.DEFAULT : measuring())
                .with(new LargeChange(random.nextInt(101)))
                .with(new ChangeRest(Duration.ofMinutes(random.nextInt(5_000))));
    }

    private static Measuring measuring() {
        return new Measuring(Optional.of("http://prometheus:9090"), "tenant", Duration.ofSeconds(90),
                Measuring.Queries.DEFAULT, List.of(new Measuring.Own("checkouts", "bad{a=\"$label\"}", "all")),
                List.of("latency", "checkouts"));
    }

    /// Allowing ones overlap, and denying ones lie apart from them, whatever the zone: a fleet must open at some time.
    private Schedule schedule() {
        return random.nextBoolean() ? Schedule.DEFAULT : new Schedule(List.of(window(9, 8)), List.of(window(21, 1)));
    }

    private Window window(int hour, int hours) {
        return new Window(ZoneId.of((String) one("UTC", "Europe/Berlin", "+02:00")),
                LocalDateTime.of(2026, 1, 1 + random.nextInt(28), hour, random.nextInt(60)), Duration.ofHours(hours),
                Optional.of("FREQ=WEEKLY;BYDAY=MO,TH"), Optional.of("because"));
    }

    private void policy(RingPolicy.Parts parts) {
        parts.atOnce = AtOnce.of((String) one("3", "20%", "20%, at most 4"));
        parts.bake = new Bake(Duration.ofSeconds(random.nextInt(10, 99)), random.nextInt(10, 99), random.nextBoolean()
                ? Optional.empty() : Optional.of(new Bake.Hotfix(Duration.ofSeconds(random.nextInt(1, 9)),
                random.nextInt(1, 9))));
        parts.qa = (RingPolicy.Qa) any(RingPolicy.Qa.class);
        parts.pdm = (RingPolicy.Pdm) any(RingPolicy.Pdm.class);
        parts.pace = new Pace(random.nextBoolean() ? Optional.of(Pace.StartRate.of("20 per 1m")) : Optional.empty(),
                new Pace.BackOff(Duration.ofMillis(1), Duration.ofSeconds(random.nextInt(1, 9))), random.nextBoolean()
                ? Optional.of(new Pace.Progress(Duration.ofHours(1), random.nextBoolean())) : Optional.empty());
        parts.windows = schedule();
        parts.supersede = (Supersede) any(Supersede.class);
        parts.cells = parts.cells.with(cells -> cells.mostBehind = random.nextBoolean() ? Optional.empty()
                : Optional.of(new BehindLimit(Optional.of(random.nextInt(9)), Optional.of(Duration.ofHours(48)),
                        (BehindLimit.Then) any(BehindLimit.Then.class))));
        parts.toleratedFailures = random.nextInt(3);
        parts.retries = random.nextInt(3);
        parts.timeout = Duration.ofSeconds(30);
        parts.health = (RingPolicy.HealthGate) any(RingPolicy.HealthGate.class);
    }

    private Object one(Object... values) {
        return values[random.nextInt(values.length)];
    }

    private String text() {
        return (String) one("plain", "with \"quotes\" and \\", "line\nbreak\u0001", "ünïcode 🌲 \u2028", "<script>",
                "x".repeat(200));
    }
}
