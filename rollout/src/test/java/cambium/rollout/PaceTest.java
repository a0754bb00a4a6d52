package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final AttemptResult FAILS = new AttemptResult.Failed("exit 1");

    private static Pace pace(String rate, Duration first, Duration most, Pace.Progress progress) {
        return new Pace(Optional.ofNullable(rate).map(Pace.StartRate::of), new Pace.BackOff(first, most),
                Optional.ofNullable(progress));
    }

    private static Attempt ended(String id, int before) {
        return new Attempt(AttemptId.of(id), RingNumber.INNERMOST, ProductVersion.of("1.0"), Optional.empty(),
                Duration.ofMinutes(1), Instant.EPOCH, new Attempt.State.Finished(Instant.EPOCH, Instant.EPOCH, FAILS),
                before, false, StepKind.APPLICATION);
    }

    @Test
    void doublesTheRestAfterEachTryUpToTheMost() {
        var backOff = new Pace.BackOff(Duration.ofSeconds(10), Duration.ofSeconds(60));
        for (int tries = 0; tries < 6; tries++) {
            var full = Math.min(60, 10 << tries);
            var rest = Duration.between(Instant.EPOCH, backOff.after(ended("r1.a.deploy." + (tries + 1), tries)));
            assertTrue(rest.toMillis() >= full * 500L && rest.toMillis() <= full * 1000L, rest + " of " + full);
        }
    }

    @Test
    void spreadsTheTriesOfManyCellsTheSameWayEveryTime() {
        var backOff = new Pace.BackOff(Duration.ofSeconds(10), Duration.ofSeconds(60));
        var instants = new TreeSet<Instant>();
        IntStream.range(0, 1000).forEach(cell -> instants.add(backOff.after(ended("r1.c" + cell + ".deploy.1", 0))));
        assertTrue(instants.size() > 700, "only " + instants.size() + " different instants");
        long early = instants.stream().filter(at -> at.isBefore(Instant.EPOCH.plusMillis(7_500))).count();
        assertTrue(early > instants.size() / 3 && early < instants.size() * 2 / 3, early + " in the first half");
        assertEquals(backOff.after(ended("r1.c5.deploy.1", 0)), backOff.after(ended("r1.c5.deploy.1", 0)));
    }

    @Test
    void restsBeforeItTriesAgain() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts -> {
            parts.retries = 2;
            parts.pace = pace(null, Duration.ofMinutes(10), Duration.ofHours(1), null);
        }));
        lab.results.put("canary.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(4));
        assertTrue(lab.started("r2.canary.deploy.1"));
        assertFalse(lab.started("r2.canary.deploy.2"));
        var wait = lab.waitOf("cell canary").orElseThrow();
        assertEquals(Wait.Code.BACKING_OFF, wait.code());
        lab.now = wait.until().orElseThrow().minusMillis(1);
        assertTrue(RolloutPlanner.plan(lab.fleet, lab.now).decisions().isEmpty());
        lab.now = wait.until().orElseThrow();
        lab.settle();
        assertTrue(lab.started("r2.canary.deploy.2"));
        lab.results.remove("canary.deploy.1.1.0");
        lab.live(Duration.ofHours(3));
        assertEquals("1.1.0", lab.runs("c4"));
        assertTrue(lab.version("1.1.0").blocked().isEmpty());
    }

    @Test
    void startsNoMoreCellsInAStretchOfTimeThanThePolicySays() {
        var cells = new ArrayList<CellSpec>(List.of(FleetLab.cell("main", CellSpec.Kind.MAIN)));
        IntStream.range(0, 9).forEach(cell -> cells.add(FleetLab.cell("c" + cell, CellSpec.Kind.SECONDARY)));
        var policy = RingPolicy.DEFAULT.with(parts ->
                parts.pace = pace("3 per 10m", Duration.ZERO, Duration.ZERO, null));
        var lab = new FleetLab().apply(FleetLab.spec(0, FleetSpec.Graduation.AUTOMATIC, FleetLab.ring(0, policy,
                cells.toArray(CellSpec[]::new))));
        lab.deploy("1.0.0");
        lab.settle();
        assertEquals(3, starts(lab).size());
        var wait = lab.waitOf("cell main").orElseThrow();
        assertEquals(Wait.Code.START_RATE, wait.code());
        assertTrue(wait.text().contains("3 per 10m"), wait.text());
        lab.now = wait.until().orElseThrow().minusMillis(1);
        assertTrue(RolloutPlanner.plan(lab.fleet, lab.now).decisions().isEmpty());
        lab.live(Duration.ofMinutes(45));
        assertEquals(10, starts(lab).size());
        for (var first : starts(lab)) {
            long within = starts(lab).stream().filter(at -> !at.isBefore(first)
                    && at.isBefore(first.plus(Duration.ofMinutes(10)))).count();
            assertTrue(within <= 3, within + " starts from " + first);
        }
    }

    /// The rate may come between request and start; what counts against it is known all the same.
    @Test
    void startsNoFurtherTryWithinARateThatCameAfterItWasAskedFor() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.retries(policy, 2));
        lab.results.put("canary.deploy.1.1.0", FAILS);
        lab.deploy("1.1.0");
        lab.settle();
        var failed = lab.cell("canary").last(Step.DEPLOY).orElseThrow();
        assertEquals(AttemptId.of("r2.canary.deploy.1"), failed.id());
        lab.now = lab.now.plus(Duration.ofMinutes(1));
        var again = AttemptId.of("r2.canary.deploy.2");
        lab.record(new FleetEvent.AttemptRequested(lab.now, again, failed.ring(), failed.version(), failed.previous(),
                failed.timeout()));
        assertEquals(Optional.empty(), RolloutPlanner.mayStart(lab.fleet, again, lab.now));
        var begun = failed.startedAt().orElseThrow();
        lab.apply(FleetLab.blueprint(policy -> policy.with(parts -> {
            parts.retries = 2;
            parts.pace = pace("2 per 1h", Duration.ZERO, Duration.ZERO, null);   // the first is that of the QA cell
        })));
        var wait = RolloutPlanner.mayStart(lab.fleet, again, lab.now).orElseThrow();
        assertEquals(Wait.Code.START_RATE, wait.code());
        assertEquals(Optional.of(begun.plus(Duration.ofHours(1))), wait.until());
        assertEquals(Optional.empty(), RolloutPlanner.mayStart(lab.fleet, again, wait.until().orElseThrow()));
    }

    private static List<Instant> starts(FleetLab lab) {
        return lab.log.stream().filter(event -> event instanceof FleetEvent.AttemptStarted(var _, var id)
                && id.step() == Step.DEPLOY).map(FleetEvent::at).toList();
    }

    @Test
    void callsSomebodyWhenARingStandsStill() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts ->
                parts.pace = pace(null, Duration.ZERO, Duration.ZERO, new Pace.Progress(Duration.ofHours(2), false))));
        lab.verdicts.put("c1.1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(2));
        assertTrue(lab.fleet.pages().keySet().stream().noneMatch(key -> key.startsWith("progress:")));
        lab.live(Duration.ofHours(4));
        var pages = lab.fleet.pages().keySet().stream().filter(key -> key.startsWith("progress:ring 2")).toList();
        assertEquals(1, pages.size(), "once, not each minute: " + pages);
        assertEquals(Wait.Code.NO_DATA, lab.code("ring 2"), "the reason stays in front");
        assertTrue(lab.plan.waits().stream().anyMatch(wait -> wait.code() == Wait.Code.NO_PROGRESS));
        assertTrue(lab.version("1.1.0").blocked().isEmpty());
    }

    @Test
    void failsAVersionThatStandsStillWhereThePolicyWantsIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts ->
                parts.pace = pace(null, Duration.ZERO, Duration.ZERO, new Pace.Progress(Duration.ofHours(2), true))));
        lab.verdicts.put("c1.1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(6));
        assertTrue(lab.version("1.1.0").blocked().orElseThrow().why().contains("nothing has begun or ended here"));
        assertEquals("1.0.0", lab.runs("c1"));
        assertTrue(lab.version("1.0.0").blocked().isEmpty(), "what the ring falls back to has no deadline any more");
        assertEquals("1.1.0", lab.runs("main"), "where it baked, it stays");
    }

    @Test
    void doesNotCallABrakeAStandstill() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts ->
                parts.pace = pace(null, Duration.ZERO, Duration.ZERO, new Pace.Progress(Duration.ofHours(2), true))));
        lab.brake("cell c1", "odd");
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(9));
        assertEquals(Wait.Code.BRAKED, lab.code("ring 2"));
        lab.releaseBrake("cell c1");
        lab.live(Duration.ofHours(1));
        assertTrue(lab.version("1.1.0").blocked().isEmpty());
        assertEquals("1.1.0", lab.runs("c4"));
    }

    @Test
    void refusesAPaceThatIsNone() {
        for (var bad : List.of("0 per 1m", "3 per 0s", "3/1m", "3 per 1 week", "3 per 9999h")) {
            assertThrows(IllegalArgumentException.class, () -> Pace.StartRate.of(bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> new Pace.BackOff(Duration.ofSeconds(2),
                Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> new Pace.Progress(Duration.ofSeconds(1), true));
    }
}
