package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a version did to a cell stays known while something newer comes and goes, and wherever the cell is moved.
class FormerVersionTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final AttemptResult FAILS = new AttemptResult.Failed("exit 1");

    private static void block(FleetLab lab, String version) {
        lab.record(new FleetEvent.VersionBlocked(lab.now, "anna", ProductVersion.of(version), "its notes are wrong",
                false, Ground.VETOED));
    }

    private static FleetSpec canaryInRing(FleetLab lab, int number) {
        var canary = lab.fleet.spec().orElseThrow().rings().getFirst().cells().getFirst();
        return lab.fleet.spec().orElseThrow().with(lab.fleet.spec().orElseThrow().rings().stream()
                .map(ring -> new RingSpec(ring.ring(), ring.policy(), Stream.concat(
                        ring.cells().stream().filter(cell -> !cell.equals(canary)),
                        ring.ring().value() == number ? Stream.of(canary) : Stream.of()).toList())).toList());
    }

    @Test
    void countsHarmOnACellThatWasMovedToWhereTheVersionHasNotCome() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("qa.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(1));
        assertEquals("1.1.0", lab.runs("canary"));
        lab.apply(canaryInRing(lab, 3));
        lab.live(Duration.ofMinutes(1));
        assertTrue(lab.version("1.1.0").blocked().isEmpty());
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.live(Duration.ofMinutes(1));
        assertTrue(lab.version("1.1.0").blocked().orElseThrow().why().contains("ring 0, cell canary: harmful"),
                "it was ring 0 that put it there: " + lab.version("1.1.0").blocked());
        assertEquals("1.0.0", lab.runs("canary"));
        lab.live(HOUR);
        assertFalse(lab.started("r2.main"));
    }

    @Test
    void countsHarmAsOneFailureWhereTheRingsTolerateIt() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.tolerated(policy, 1));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(2));
        lab.apply(canaryInRing(lab, 3));
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.live(Duration.ofMinutes(2));
        assertTrue(lab.version("1.1.0").blocked().isEmpty());
        assertFalse(lab.version("1.1.0").failures().get(CellId.of("canary")).soft());
        assertEquals("1.0.0", lab.runs("canary"), "it goes back where nobody brings it something newer");
    }

    @Test
    void countsHarmOfAVersionWhoseRingTakesSomethingNewerAlready() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("c1.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(14));
        assertTrue(lab.started("r2.c1.deploy.1"), "1.1.0 is on its way through ring 2");
        lab.brake("cell canary", "its host is looked after");
        lab.deploy("1.2.0");
        lab.live(Duration.ofMinutes(1));
        assertEquals("1.2.0", lab.fleet.rings().get(RingNumber.of(0)).target().orElseThrow().version().value());
        assertEquals("1.1.0", lab.runs("canary"));
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.live(Duration.ofMinutes(1));
        assertTrue(lab.version("1.1.0").blocked().isPresent(), lab.plan.toString());
        assertTrue(lab.version("1.2.0").blocked().isEmpty());
        lab.live(HOUR);
        assertFalse(lab.started("r2.c3"), "no further ring sees it");
        lab.releaseBrake("cell canary");
        lab.live(HOUR);
        assertEquals("1.2.0", lab.runs("canary"));
    }

    @Test
    void countsAFailureThatCameAfterSomethingNewerHadBeenOpened() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("canary.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(1));
        lab.record(new FleetEvent.RingOpened(lab.now, 3, ProductVersion.of("1.2.0"), RingNumber.of(0)));
        assertEquals("1.1.0", lab.fleet.rings().get(RingNumber.of(0)).target().orElseThrow().version().value(),
                "a rollout that was never started opens nothing");
        lab.deploy("1.2.0");
        lab.record(new FleetEvent.RingOpened(lab.now, 3, ProductVersion.of("1.2.0"), RingNumber.of(0)));
        lab.results.put("canary.deploy.1.1.0", FAILS);
        lab.settle();
        assertTrue(lab.version("1.1.0").blocked().isPresent(), "whatever came after it");
        block(lab, "1.2.0");
        lab.live(HOUR);
        assertFalse(lab.started("r2.canary.deploy.2"));
        assertEquals("1.0.0", lab.runs("canary"));
    }

    @Test
    void countsTriesOnWhenSomethingNewerCameAndWent() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.retries(policy, 1));
        lab.results.put("canary.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(1));
        lab.deploy("1.2.0");
        lab.record(new FleetEvent.RingOpened(lab.now, 3, ProductVersion.of("1.2.0"), RingNumber.of(0)));
        lab.record(new FleetEvent.RingAdmitted(lab.now, ProductVersion.of("1.2.0"), RingNumber.of(0)));
        lab.results.put("canary.deploy.1.1.0", FAILS);
        lab.results.put("canary.deploy.1.2.0", FleetLab.NEVER);
        lab.live(Duration.ofMinutes(1));
        assertTrue(lab.started("r3.canary.deploy.1"), lab.plan.toString());
        assertTrue(lab.version("1.1.0").blocked().isEmpty(), "one more try is left");
        block(lab, "1.2.0");
        lab.results.put("canary.deploy.1.2.0", FAILS);
        lab.live(HOUR);
        assertTrue(lab.started("r2.canary.deploy.2"));
        assertFalse(lab.started("r2.canary.deploy.3"), "the first try is not forgotten");
        assertTrue(lab.version("1.1.0").blocked().isPresent());
    }

    @Test
    void triesAReleasedVersionAnewAlsoWhereACellCouldNotGoBack() {
        var lab = FleetLab.blueprint();
        lab.results.put("canary.deploy.1.0.0", FAILS);
        lab.deploy("1.0.0");
        lab.live(Duration.ofMinutes(10));
        assertTrue(lab.version("1.0.0").blocked().isPresent());
        assertEquals(Wait.Code.ROLLBACK_REFUSED, lab.code("cell canary"));
        lab.results.clear();
        lab.command(new FleetCommand.Unblock(ProductVersion.of("1.0.0"), "the disk was full"));
        lab.live(HOUR);
        assertTrue(lab.started("r2.canary.deploy.1"), lab.plan.toString());
        assertEquals("1.0.0", lab.runs("c4"));
    }

    @Test
    void keepsASoftRingsQaCellSoftWhenSomethingNewerHadBeenOpened() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("qa.deploy.1.1.0", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(1));
        lab.deploy("1.2.0");
        lab.record(new FleetEvent.RingOpened(lab.now, 3, ProductVersion.of("1.2.0"), RingNumber.of(0)));
        lab.results.put("qa.deploy.1.1.0", FAILS);
        lab.settle();
        assertTrue(lab.version("1.1.0").failures().get(CellId.of("qa")).soft());
        assertTrue(lab.version("1.1.0").blocked().isEmpty());
    }

    /// Else the fleet would have nothing left to go back to.
    @Test
    void takesNothingFromWhatEveryRingHasProvedForACellThatCameLate() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("late.deploy.1.0.0", FleetLab.NEVER);
        var late = FleetLab.cell("late", CellSpec.Kind.SECONDARY);
        lab.apply(lab.fleet.spec().orElseThrow().with(lab.fleet.spec().orElseThrow().rings().stream()
                .map(ring -> ring.ring().value() != 2 ? ring : new RingSpec(ring.ring(), ring.policy(),
                        Stream.concat(ring.cells().stream(), Stream.of(late)).toList())).toList()));
        lab.live(Duration.ofMinutes(1));
        assertTrue(lab.started("r1.late.deploy.1"));
        lab.deploy("1.1.0");
        lab.live(Duration.ofMinutes(1));
        lab.record(new FleetEvent.RingOpened(lab.now, 2, ProductVersion.of("1.1.0"), RingNumber.of(2)));
        lab.results.put("late.deploy.1.0.0", FAILS);
        lab.settle();
        assertTrue(lab.version("1.0.0").failures().get(CellId.of("late")).soft());
        assertTrue(lab.version("1.0.0").blocked().isEmpty(), "every other cell has baked it");
    }

    /// It has nothing to go back to, so what is newer would be its way out.
    @Test
    void asksForNothingOfACellThatTheSamePlanQuarantines() {
        var lab = new FleetLab().apply(FleetLab.blueprint(policy -> Policies.tolerated(policy, 1).with(parts ->
                parts.cells = parts.cells.with(cells -> cells.quarantineAfter = 1))));
        lab.results.put("canary.deploy.1.0.0", FleetLab.NEVER);
        lab.deploy("1.0.0");
        lab.live(Duration.ofMinutes(1));
        lab.deploy("1.1.0");
        lab.record(new FleetEvent.RingOpened(lab.now, 2, ProductVersion.of("1.1.0"), RingNumber.of(0)));
        lab.record(new FleetEvent.RingAdmitted(lab.now, ProductVersion.of("1.1.0"), RingNumber.of(0)));
        lab.results.put("canary.deploy.1.0.0", FAILS);
        lab.live(Duration.ofMinutes(5));
        assertEquals(RingNumber.QUARANTINE, lab.cell("canary").ring());
        assertTrue(lab.log.stream().noneMatch(event -> event instanceof FleetEvent.AttemptRequested requested
                && requested.attempt().toString().startsWith("r2.canary")), lab.log.toString());
    }
}
