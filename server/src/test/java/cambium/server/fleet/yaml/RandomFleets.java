package cambium.server.fleet.yaml;

import cambium.rollout.AtOnce;
import cambium.rollout.Bake;
import cambium.rollout.BehindLimit;
import cambium.rollout.CellId;
import cambium.rollout.CellPolicy;
import cambium.rollout.CellSpec;
import cambium.rollout.ChangeRest;
import cambium.rollout.FleetRules;
import cambium.rollout.FleetSpec;
import cambium.rollout.Gates;
import cambium.rollout.LargeChange;
import cambium.rollout.Mandatory;
import cambium.rollout.Measuring;
import cambium.rollout.Pace;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Schedule;
import cambium.rollout.StepKind;
import cambium.rollout.Supersede;
import cambium.rollout.Window;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/// Sound fleets at random, from a seed, in which every field of every policy takes other values than its default.
public final class RandomFleets {
    private final Random random;

    public RandomFleets(long seed) {
        random = new Random(seed);
    }

    public FleetSpec fleet() {
        var shared = random.nextInt(3) == 0 ? RingPolicy.DEFAULT : policy();
        var rings = new ArrayList<RingSpec>();
        for (int ring = random.nextBoolean() ? 0 : -1; ring < 1 + random.nextInt(4); ring++) {
            var cells = new ArrayList<CellSpec>();
            for (int cell = 0; cell < (ring < 0 ? random.nextInt(2) : 1 + random.nextInt(4)); cell++) {
                cells.add(cell(ring, cell));
            }
            rings.add(new RingSpec(RingNumber.of(ring), random.nextBoolean() ? shared : policy(), cells));
        }
        int outermost = rings.getLast().ring().value();
        return new FleetSpec("f" + random.nextInt(9), new FleetSpec.Product(text(), text(), List.of(text(), "shop")),
                RingNumber.of(random.nextInt(outermost + 1)), one(FleetSpec.Graduation.values()), rings,
                new FleetRules(schedule(List.of(), true)), random.nextBoolean() ? Measuring.DEFAULT : measuring(),
                one(LargeChange.DEFAULT, new LargeChange(random.nextInt(101))),
                one(ChangeRest.DEFAULT, new ChangeRest(Duration.ofMinutes(1 + random.nextInt(5_000)))));
    }

    private CellSpec cell(int ring, int number) {
        var settings = new TreeMap<String, String>();
        for (int i = random.nextInt(3); i > 0; i--) {
            settings.put("setting-" + i, text());
        }
        boolean main = ring == 0 && number == 0;
        var kinds = List.of(CellSpec.Kind.CANARY, CellSpec.Kind.QA, CellSpec.Kind.SECONDARY);
        boolean pulls = random.nextInt(4) == 0;
        return new CellSpec(CellId.of(main ? "main" : "r" + (ring + 1) + "c" + number),
                main ? CellSpec.Kind.MAIN : kinds.get(random.nextInt(3)), pulls ? CellSpec.PULL : "local",
                pulls ? Optional.empty() : Optional.of("http://h:1/health?of=" + number),
                Optional.of("http://h:1/m" + random.nextInt(3)), settings);
    }

    private RingPolicy policy() {
        return RingPolicy.DEFAULT.with(parts -> {
            parts.atOnce = AtOnce.of(one("3", "20%", "20%, at most 4"));
            parts.canaryFirst = random.nextInt(3);
            parts.bake = bake();
            parts.qa = one(RingPolicy.Qa.values());
            parts.pdm = one(RingPolicy.Pdm.values());
            parts.toleratedFailures = random.nextInt(3);
            parts.mandatory = random.nextBoolean() ? Mandatory.DEFAULT
                    : new Mandatory(new TreeSet<>(List.of(CellId.of("main"))));
            parts.gates = new Gates(random.nextInt(4));
            parts.retries = random.nextInt(11);
            parts.timeout = time();
            parts.health = one(RingPolicy.HealthGate.values());
            parts.pace = pace();
            parts.windows = schedule(List.of(window(9, 8, "Europe/Berlin"), window(10, 8, "Asia/Tokyo")), false);
            parts.supersede = one(Supersede.values());
            parts.cells = new CellPolicy(time(), random.nextInt(5), grace(parts), one(CellPolicy.OnDrift.values()),
                    one(StepKind.values()), mostBehind());
        });
    }

    private Bake bake() {
        var all = new Bake(time(), random.nextInt(1000));
        return all.time().compareTo(Bake.Hotfix.MIN_TIME) < 0 || random.nextBoolean() ? all
                : new Bake(all.time(), all.samples(), Optional.of(new Bake.Hotfix(Bake.Hotfix.MIN_TIME,
                        Math.min(all.samples(), 7))));
    }

    private Optional<BehindLimit> mostBehind() {
        return one(Optional.empty(), Optional.of(new BehindLimit(Optional.of(random.nextInt(5)), Optional.of(time()),
                BehindLimit.Then.PAUSE)),
                Optional.of(new BehindLimit(Optional.empty(), Optional.of(time()))));
    }

    /// Only PDM after the bake has a grace.
    private Duration grace(RingPolicy.Parts parts) {
        return parts.pdm == RingPolicy.Pdm.AFTER_BAKE && random.nextBoolean() ? time() : Duration.ZERO;
    }

    private Pace pace() {
        return new Pace(random.nextBoolean() ? Optional.empty() : Optional.of(Pace.StartRate.of(one("20 per 1m",
                "1 per 90s", "7 per 2h"))), new Pace.BackOff(Duration.ofMillis(random.nextInt(2000)),
                Duration.ofSeconds(2 + random.nextInt(90))), random.nextBoolean() ? Optional.empty()
                : Optional.of(new Pace.Progress(Duration.ofMinutes(1 + random.nextInt(90)), random.nextBoolean())));
    }

    /// Denying windows are seldom, so that a fleet always opens at some time.
    private Schedule schedule(List<Window> allow, boolean once) {
        return new Schedule(random.nextBoolean() ? List.of() : allow, random.nextBoolean() ? List.of() : List.of(once
                ? new Window(ZoneId.of("UTC"), LocalDateTime.of(2026, 12, 23, 18, 0, 30), Duration.ofDays(9),
                        Optional.empty(), Optional.of("holidays: \"closed\"")) : window(21, 1, "UTC")));
    }

    private Window window(int hour, int hours, String zone) {
        return new Window(ZoneId.of(zone), LocalDateTime.of(2026, 1, 5, hour, random.nextInt(60)),
                Duration.ofHours(hours), Optional.of("FREQ=WEEKLY;BYDAY=MO,TH"), Optional.empty());
    }

    private Measuring measuring() {
        return new Measuring(Optional.of("http://prometheus:9090"), one("tenant", "cell"), Duration.ofSeconds(90),
                new Measuring.Queries("a", "b", "c{x=~\"\\\\d\"}", "d # no comment", "e: f"),
                List.of(new Measuring.Own("checkouts", "bad{a=\"$label\"}", "all")), List.of("latency", "checkouts"));
    }

    private Duration time() {
        return one(Duration.ofMillis(1 + random.nextInt(5000)), Duration.ofSeconds(1 + random.nextInt(5000)),
                Duration.ofHours(1 + random.nextInt(100)), Duration.ofDays(1));
    }

    @SafeVarargs
    private <T> T one(T... values) {
        return values[random.nextInt(values.length)];
    }

    private String text() {
        return one("plain", "with \"quotes\" and \\", "ünïcode 🌲 \u2028\ufeff", "<script>", "null", "~", "yes", "1.0",
                "0x1f", "- a", "a: b", "#", "a #b", " led by a space", "{}", "[x, y]", "&a", "*a", "!t", "%", "@",
                "'", "2026-01-01", "x".repeat(200));
    }
}
