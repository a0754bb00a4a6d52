package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A fleet whose outermost ring is too far behind begins nothing new, where the policy says so.
class LatenessTest {
    private static FleetLab late(BehindLimit.Then then) {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts -> {
            parts.bake = new Bake(Duration.ofMinutes(5), 0, Optional.of(new Bake.Hotfix(Duration.ofMinutes(1), 0)));
            parts.cells = parts.cells.with(cells -> cells.mostBehind =
                    Optional.of(new BehindLimit(Optional.of(1), Optional.empty(), then)));
        }));
        lab.brake("ring 3", "a holiday");
        for (var version : List.of("1.1.0", "1.2.0", "1.3.0")) {
            lab.deploy(version);
            lab.live(Duration.ofHours(3));
        }
        return lab;
    }

    private static Optional<Wait> paused(FleetLab lab) {
        return lab.plan.waits().stream().filter(wait -> wait.code() == Wait.Code.PAUSED).findFirst();
    }

    @Test
    void nothingNewBeginsUntilTheLateRingHasCaughtUp() {
        var lab = late(BehindLimit.Then.PAUSE);
        assertEquals("1.2.0", lab.runs("canary"));
        assertEquals("1.2.0", lab.runs("c1"), "what was under way went on");
        assertTrue(lab.version("1.2.0").graduatedAt().isPresent());
        var wait = paused(lab).orElseThrow();
        assertEquals("ring 0", wait.subject().toString());
        assertTrue(wait.text().startsWith("1.3.0 does not begin while ring 3 is too far behind: 2 graduated versions"),
                wait.text());
        assertTrue(Why.of(lab.fleet, lab.plan, Scope.of("version 1.3.0")).chain().stream().anyMatch(link ->
                link.code() == Wait.Code.BRAKED), "why leads to what holds the late ring");
        var told = lab.status().rings().getFirst().waiting().orElseThrow();
        assertEquals("paused: " + wait.text(), told.code() + ": " + told.text());
        assertEquals(1, lab.fleet.pages().keySet().stream().filter(key -> key.startsWith("behind:3")).count());

        var pause = lab.status().paused().orElseThrow();
        assertEquals(lab.version("1.2.0").graduatedAt().orElseThrow(), pause.since(), "the second that it lacks");
        assertEquals("3 1.3.0", pause.ring() + " " + pause.version().orElseThrow());
        assertEquals(Wait.Code.BRAKED, pause.heldBy().getFirst().code());

        lab.releaseBrake("ring 3");
        lab.live(Duration.ofHours(6));
        assertEquals("1.3.0", lab.runs("canary"));
        assertEquals("1.3.0", lab.runs("c4"));
        assertTrue(lab.status().paused().isEmpty());
    }

    @Test
    void aLimitOfTimeIsPassedSoLongAfterWhatTheRingLacksGraduated() {
        var lab = late(BehindLimit.Then.PAGE);
        var spec = lab.fleet.spec().orElseThrow();
        assertTrue(lab.status().paused().isEmpty(), "it only calls");
        var first = lab.version("1.1.0").graduatedAt().orElseThrow();
        var ring = spec.rings().getLast();
        var limit = new BehindLimit(Optional.empty(), Optional.of(Duration.ofHours(2)));
        var late = TooFarBehind.in(new RingSpec(ring.ring(), ring.policy().with(parts -> parts.cells =
                parts.cells.with(cells -> cells.mostBehind = Optional.of(limit))), ring.cells()),
                new Graduates(lab.fleet).behind(ProductVersion.of("1.0.0")), new Graduates(lab.fleet), lab.now);
        assertEquals(first.plus(Duration.ofHours(2)), late.findFirst().orElseThrow().since());
    }

    @Test
    void aLimitThatOnlyCallsPausesNothing() {
        assertEquals("1.3.0", late(BehindLimit.Then.PAGE).runs("canary"));
    }

    @Test
    void aHotfixPasses() {
        var lab = late(BehindLimit.Then.PAUSE);
        lab.command(new FleetCommand.Deploy(ProductVersion.of("1.4.0"), List.of(FleetLab.shop("1.4.0")),
                Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.of("nobody can pay")));
        lab.live(Duration.ofHours(1));
        assertEquals("1.4.0", lab.runs("canary"));
    }

    @Test
    void aPersonLetsAVersionInByName() {
        var lab = late(BehindLimit.Then.PAUSE);
        var approve = new FleetCommand.Approve(ProductVersion.of("1.3.0"), RingNumber.INNERMOST,
                FleetCommand.Ruling.APPROVE, Optional.of("they asked for it"));
        assertTrue(lab.command(approve) instanceof FleetCommand.Answer.Accepted);
        lab.live(Duration.ofHours(1));
        assertEquals("1.3.0", lab.runs("canary"));
        lab.deploy("1.4.0");
        lab.live(Duration.ofHours(1));
        assertEquals("1.3.0", lab.runs("canary"), "and no other");
    }

    @Test
    void aVetoOrAPinThatExplainsTheLatenessEndsThePause() {
        var vetoed = late(BehindLimit.Then.PAUSE);
        vetoed.command(new FleetCommand.Veto(ProductVersion.of("1.2.0"), "it leaks"));
        vetoed.live(Duration.ofHours(1));
        assertEquals("1.3.0", vetoed.runs("canary"));
        var pinned = late(BehindLimit.Then.PAUSE);
        pinned.command(new FleetCommand.SetPin(Scope.of("ring 3"), ProductVersion.of("1.0.0"), "audit",
                Optional.empty()));
        pinned.live(Duration.ofHours(1));
        assertEquals("1.3.0", pinned.runs("canary"));
    }

    /// Ring 1 proved 1.1.0 for ring 2, which is braked, and 1.2.0 is wanted.
    private static FleetLab onTheWay(String braked) {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts -> parts.cells = parts.cells.with(cells ->
                cells.mostBehind = Optional.of(new BehindLimit(Optional.of(0), Optional.empty(),
                        BehindLimit.Then.PAUSE)))));
        lab.brake(braked, "a holiday");
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        assertTrue(lab.version("1.1.0").graduatedAt().isPresent());
        lab.deploy("1.2.0");
        lab.live(Duration.ofHours(1));
        assertEquals("1.1.0", lab.runs("canary"));
        assertTrue(paused(lab).isPresent());
        return lab;
    }

    @Test
    void whatCannotReachTheLateRingAnyMorePausesNothing() {
        var lab = onTheWay("ring 2");
        lab.command(new FleetCommand.RollBack(Scope.of("ring 1"), "it leaks", true));
        lab.live(Duration.ofHours(1));
        assertTrue(lab.started("r2.main.rollback"));
        assertEquals("1.2.0", lab.runs("canary"), "only something new can help the late ring");
        lab.releaseBrake("ring 2");
        lab.live(Duration.ofHours(3));
        assertEquals("1.2.0", lab.runs("c4"));
    }

    @Test
    void whatWaitsForARingThatAPersonTookBackPausesNothing() {
        var lab = onTheWay("cell c2");
        assertEquals("1.1.0", lab.runs("c1"));
        lab.command(new FleetCommand.RollBack(Scope.of("ring 1"), "it leaks", true));
        lab.live(Duration.ofHours(1));
        assertTrue(lab.started("r2.main.rollback"));
        assertEquals("1.2.0", lab.runs("canary"), "1.1.0 does not get to ring 3 any more");
        assertEquals("1.0.0", lab.runs("c2"), "and starts nowhere");
    }

    @Test
    void aCellOutOfSightOnTheWayEndsNoPause() {
        var lab = onTheWay("ring 2");
        lab.reachable.put(CellId.of("main"), false);
        lab.live(Duration.ofHours(2));
        assertEquals(Wait.Code.UNREACHABLE, lab.code("cell main"));
        assertEquals("1.1.0", lab.runs("canary"));
    }

    @Test
    void aPinOnTheWayToTheLateRingPausesNothing() {
        var lab = onTheWay("ring 2");
        lab.command(new FleetCommand.SetPin(Scope.of("ring 2"), ProductVersion.of("1.0.0"), "audit",
                Optional.empty()));
        lab.live(Duration.ofHours(1));
        assertEquals("1.2.0", lab.runs("canary"), "neither ring 2 nor ring 3 is late by itself");
        assertEquals("1.0.0", lab.runs("c1"));
    }

    @Test
    void aBrakeInTheMiddleOfTheWayKeepsThePause() {
        var lab = onTheWay("cell c2");
        assertEquals("1.1.0", lab.runs("c1"));
        assertEquals("1.0.0", lab.runs("c2"));
        lab.live(Duration.ofHours(3));
        assertEquals("1.1.0", lab.runs("canary"));
        lab.releaseBrake("cell c2");
        lab.live(Duration.ofHours(3));
        assertEquals("1.2.0", lab.runs("c4"));
    }
}
