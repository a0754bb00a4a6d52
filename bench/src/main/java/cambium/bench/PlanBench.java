package cambium.bench;

import cambium.rollout.AtOnce;
import cambium.rollout.AttemptResult;
import cambium.rollout.Bake;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Decision;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.FleetStatus;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// One plan of 5,000 cells in 50 rings, at every moment of a rollout that goes out through half of them.
final class PlanBench {
    private static final int RINGS = 50;
    private static final int CELLS_A_RING = 100;
    private static final int WARM_UP_RINGS = 10;
    private static final int MEASURED_RINGS = 25;
    private static final int MAX_ROUNDS = 2_000;
    private static final ProductVersion VERSION = new ProductVersion("1.0.0");

    private PlanBench() {}

    static void run(Figures figures) {
        walk(WARM_UP_RINGS, new ArrayList<>(), new ArrayList<>());
        var millis = new ArrayList<Double>();
        var statuses = new ArrayList<Double>();
        walk(MEASURED_RINGS, millis, statuses);
        figures.add("plan of 5,000 cells in 50 rings", "ms", "≤ 20",
                millis.stream().mapToDouble(Double::doubleValue).toArray());
        figures.add("status of 5,000 cells in 50 rings, told from the plan", "ms", "a part of ≤ 200",
                statuses.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void walk(int rings, List<Double> millis, List<Double> statuses) {
        var now = Instant.parse("2026-01-01T00:00:00Z");
        var fleet = Fleet.empty().after(List.of(
                new FleetEvent.FleetApplied(now, "bench", spec()),
                new FleetEvent.VersionRegistered(now, "bench", VERSION, List.of(
                        new PackageRef("shop", "1.0.0", "all", "0".repeat(64), "pool/shop.deb"))),
                new FleetEvent.RolloutStarted(now, "bench", 1, VERSION))).after(firstLooks(now));
        for (int round = 0; openedRings(fleet) <= rings; round++) {
            if (round > MAX_ROUNDS) {
                throw new IllegalStateException("the rollout stands still: " + RolloutPlanner.plan(fleet, now).waits());
            }
            now = now.plusSeconds(1);
            long begin = System.nanoTime();
            var plan = RolloutPlanner.plan(fleet, now);
            long planned = System.nanoTime();
            millis.add((planned - begin) / 1e6);
            var status = FleetStatus.of(fleet, plan, now);
            statuses.add((System.nanoTime() - planned) / 1e6);
            if (status.cells().size() != RINGS * CELLS_A_RING) {
                throw new IllegalStateException("the status tells of " + status.cells().size() + " cells");
            }
            var events = new ArrayList<FleetEvent>();
            for (var decision : plan.decisions()) {
                events.add(decision.event(now));
                answer(decision, now, events);
            }
            if (plan.decisions().isEmpty()) {
                now = now.plus(Duration.ofMinutes(10));
            }
            fleet = fleet.after(events);
        }
    }

    private static long openedRings(Fleet fleet) {
        return fleet.rings().values().stream().filter(ring -> ring.target().isPresent()).count();
    }

    private static List<FleetEvent> firstLooks(Instant now) {
        return spec().rings().stream().flatMap(ring -> ring.cells().stream())
                .<FleetEvent>map(cell -> new FleetEvent.CellObserved(now, cell.cell(), true, Optional.empty()))
                .toList();
    }

    /// The world as it should be: every channel admits, every step succeeds, every cell is seen running and healthy.
    private static void answer(Decision decision, Instant now, List<FleetEvent> events) {
        if (decision instanceof Decision.Open open) {
            events.add(new FleetEvent.RingAdmitted(now, open.version(), open.ring()));
        }
        if (decision instanceof Decision.Start start) {
            events.add(new FleetEvent.AttemptStarted(now, start.attempt()));
            events.add(new FleetEvent.AttemptFinished(now, start.attempt(), new AttemptResult.Succeeded()));
            if (start.step() == Step.DEPLOY) {
                events.add(new FleetEvent.CellObserved(now.plusMillis(1), start.cell(), true,
                        Optional.of(start.version())));
                events.add(new FleetEvent.VerdictReached(now.plusMillis(1), start.cell(), start.attempt(),
                        start.version(), Verdict.HEALTHY, 1_000, Evidence.of("as before")));
            }
        }
    }

    private static FleetSpec spec() {
        var policy = RingPolicy.DEFAULT.with(parts -> {
            parts.atOnce = new AtOnce.Percent(20);
            parts.canaryFirst = 1;
        });
        var rings = new ArrayList<RingSpec>();
        for (int ring = 0; ring < RINGS; ring++) {
            var cells = new ArrayList<CellSpec>();
            for (int cell = 0; cell < CELLS_A_RING; cell++) {
                var kind = ring == 1 && cell == 0 ? CellSpec.Kind.MAIN : CellSpec.Kind.SECONDARY;
                cells.add(new CellSpec(new CellId("cell-" + ring + "-" + cell), kind, "local",
                        Optional.of("http://127.0.0.1/health"), Optional.of("http://127.0.0.1/metrics"),
                        new TreeMap<>()));
            }
            rings.add(new RingSpec(RingNumber.of(ring), policy, cells));
        }
        return new FleetSpec("bench", new FleetSpec.Product("acme/shop", "debian/bookworm", List.of("shop")),
                RingNumber.of(1), FleetSpec.Graduation.AUTOMATIC, rings);
    }
}
