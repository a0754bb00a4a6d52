package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Whatever happens to a fleet: where nothing is decided and something is not at its end, a wait names it and says why.
class WaitsPropertyTest {
    private static final Pattern FRACTION = Pattern.compile(":\\d\\d\\.\\d+Z");
    private static final int SEEDS = 300;

    @Test
    void whatRunsSaysWhenItsTimeIsUpAndWhenItCountsAsLost() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts -> parts.timeout = Duration.ofMinutes(10)));
        lab.results.put("canary.deploy", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.settle();
        var attempt = lab.cell("canary").current().orElseThrow();
        var started = ((Attempt.State.Started) attempt.state()).at();
        var wait = lab.waitOf("cell canary").orElseThrow();

        assertEquals(attempt.id() + " runs since " + WholeSeconds.at(started) + "; it may run until "
                + WholeSeconds.end(started.plusSeconds(600)) + ", and without a result at "
                + WholeSeconds.end(started.plusSeconds(1_260)) + " it counts as lost", wait.text());
        assertEquals(Optional.of(started.plusSeconds(1_260)), wait.until(), "what ends the wait is kept exact");
        assertFalse(FRACTION.matcher(wait.text()).find(), wait.text());
    }

    @Test
    void nothingStandsStillWithoutAReason() {
        boolean paused = false;
        for (long seed = 1; seed <= SEEDS; seed++) {
            var random = new Random(seed);
            var lab = new FleetLab().apply(fleet(random));
            for (int step = 0; step < 40; step++) {
                disturb(lab, random);
                lab.pass(Duration.ofSeconds(random.nextInt(600)));
                assertExplained(lab, "seed " + seed + ", step " + step);
                paused |= lab.code("ring 0") == Wait.Code.PAUSED;
            }
        }
        assertTrue(paused, "no fleet ever paused itself");
    }

    private static FleetSpec fleet(Random random) {
        var rings = new ArrayList<RingSpec>();
        int perimeter = random.nextInt(2);
        int count = perimeter + 1 + random.nextInt(3);
        for (int ring = 0; ring < count; ring++) {
            var cells = new ArrayList<CellSpec>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                cells.add(FleetLab.cell("r" + ring + "c" + i, CellSpec.Kind.values()[random.nextBoolean() ? 3
                        : random.nextInt(2) * 2]));
            }
            if (ring == perimeter) {
                cells.add(FleetLab.cell("main", CellSpec.Kind.MAIN));
            }
            rings.add(FleetLab.ring(ring, policy(random), cells.toArray(CellSpec[]::new)));
        }
        return FleetLab.spec(perimeter, random.nextInt(4) == 0 ? FleetSpec.Graduation.MANUAL
                : FleetSpec.Graduation.AUTOMATIC,
                rings.toArray(RingSpec[]::new));
    }

    private static RingPolicy policy(Random random) {
        return RingPolicy.DEFAULT.with(parts -> {
            parts.atOnce = AtOnce.of(random.nextBoolean() ? "100%" : "1");
            parts.canaryFirst = random.nextInt(2);
            parts.qa = RingPolicy.Qa.values()[random.nextInt(3)];
            parts.pdm = RingPolicy.Pdm.values()[random.nextInt(3)];
            parts.toleratedFailures = random.nextInt(2);
            parts.retries = random.nextInt(2);
            parts.cells = parts.cells.with(cells -> cells.mostBehind = Optional.of(random.nextInt(3)).filter(most ->
                    most < 2).map(most -> new BehindLimit(Optional.of(most), Optional.of(Duration.ofHours(1)),
                    BehindLimit.Then.PAUSE)));
            parts.health = RingPolicy.HealthGate.values()[random.nextInt(2)];
        });
    }

    private static void disturb(FleetLab lab, Random random) {
        var cells = List.copyOf(lab.fleet.cells().keySet());
        var cell = cells.get(random.nextInt(cells.size()));
        var step = Step.values()[random.nextInt(4)];
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> lab.deploy("1." + random.nextInt(8) + ".0");
            case 3 -> lab.results.put(cell + "." + step.word(), random.nextBoolean() ? FleetLab.NEVER
                    : new AttemptResult.Failed("exit 1"));
            case 4, 5 -> lab.results.clear();
            case 6 -> lab.reachable.put(cell, random.nextBoolean());
            case 7 -> lab.verdicts.put("1." + random.nextInt(8) + ".0", Verdict.values()[random.nextInt(3)]);
            case 8 -> lab.brake(random.nextBoolean() ? "fleet" : "cell " + cell, "random");
            case 9 -> List.copyOf(lab.fleet.brakes().keySet()).forEach(scope -> lab.releaseBrake(scope.toString()));
            case 10 -> lab.command(new FleetCommand.RollBack(new Scope.OfCell(cell), "random", random.nextBoolean()));
            case 11 -> lab.samples = random.nextBoolean() ? 50 : 1000;
            default -> throw new IllegalStateException("no such disturbance");
        }
    }

    private static void assertExplained(FleetLab lab, String where) {
        for (var rollout : lab.fleet.rollouts().values()) {
            if (rollout.state() == Rollout.State.ACTIVE) {
                assertTrue(lab.plan.waitOf(new Scope.OfVersion(rollout.version())).isPresent(),
                        () -> where + ": nothing says why " + rollout + " waits in " + lab.plan + "\n"
                        + lab.fleet.rings());
            }
        }
        for (var cell : lab.fleet.cells().values()) {
            var target = lab.fleet.rings().get(cell.ring()).target();
            boolean there = target.isEmpty() || cell.runs(target.get().version())
                    && cell.provedGood(target.get().version());
            boolean ringExplained = lab.plan.waitOf(new Scope.OfRing(cell.ring())).isPresent();
            assertTrue(there || ringExplained || lab.plan.waitOf(new Scope.OfCell(cell.id())).isPresent(),
                    () -> where + ": nothing says why cell " + cell.id() + " waits in " + lab.plan + "\n" + cell);
        }
        for (var wait : lab.plan.waits()) {
            assertFalse(FRACTION.matcher(wait.text()).find(), () -> where + ": people read seconds: " + wait);
            assertTrue(wait.until().isEmpty() || wait.until().get().isAfter(lab.now), () -> where + ": " + wait
                    + " is over at " + lab.now);
        }
    }
}
