package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetStatusTest {

    private static FleetStatus.CellStatus cell(FleetLab lab, String name) {
        return lab.status().cells().stream().filter(cell -> cell.cell().equals(name)).findFirst().orElseThrow();
    }

    private static FleetStatus.RingStatus ring(FleetLab lab, int number) {
        return lab.status().rings().stream().filter(ring -> ring.ring() == number).findFirst().orElseThrow();
    }

    private static String version(FleetLab lab, String name) {
        return lab.status().versions().stream().filter(version -> version.version().equals(name)).findFirst()
                .orElseThrow().state();
    }

    @Test
    void isEmptyBeforeAFleetIsDeclared() {
        var status = FleetStatus.of(Fleet.empty(), RolloutPlanner.plan(Fleet.empty(), FleetLab.START), FleetLab.START);
        assertEquals("", status.fleet());
        assertTrue(status.perimeter().isEmpty() && status.cells().isEmpty());
    }

    @Test
    void followsACellThroughItsStates() {
        var lab = FleetLab.blueprint();
        lab.settle();
        assertEquals("new", cell(lab, "main").state());
        assertEquals("idle", ring(lab, 0).state());
        lab.results.put("canary.deploy", FleetLab.NEVER);
        lab.deploy("1.0.0");
        lab.settle();
        assertEquals("deploying", cell(lab, "canary").state());
        assertEquals("deploying", ring(lab, 0).state());
        assertEquals("waiting", ring(lab, 1).state());
        assertEquals("rolling", version(lab, "1.0.0"));
        lab.verdicts.put("canary.1.0.0", Verdict.NO_DATA);
        lab.results.clear();
        lab.running.put(CellId.of("canary"), ProductVersion.of("1.0.0"));
        lab.settle();
        assertEquals("verifying", cell(lab, "canary").state());
        assertEquals("verifying", ring(lab, 0).state());
        assertEquals("no_data", cell(lab, "canary").waiting().orElseThrow().code());
        lab.verdicts.clear();
        lab.settle();
        assertEquals("baking", cell(lab, "canary").state());
        assertEquals("baking", ring(lab, 0).state());
        lab.live(Duration.ofHours(1));
        assertEquals("healthy", cell(lab, "canary").state());
        assertEquals("converged", ring(lab, 0).state());
        assertEquals("complete", version(lab, "1.0.0"));
        assertEquals(Optional.of("1.0.0"), cell(lab, "canary").lastKnownGood());
        assertEquals(Optional.of("1.0.0"), cell(lab, "canary").pdmVersion());
        assertEquals(Optional.of("r1.canary.deploy.1"), cell(lab, "canary").attempt());
        assertEquals("healthy", cell(lab, "canary").health().orElseThrow().verdict());
    }

    @Test
    void showsRollingBackFailedUnreachableAndUnknown() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.results.put("canary.rollback", FleetLab.NEVER);
        lab.deploy("1.1.0");
        lab.settle();
        assertEquals("rolling-back", cell(lab, "canary").state());
        assertEquals("rolling-back", ring(lab, 0).state());
        assertEquals("blocked", version(lab, "1.1.0"));
        lab.results.put("canary.rollback", new AttemptResult.Failed("disk full"));
        lab.live(Duration.ofMinutes(5));
        assertEquals("failed", cell(lab, "canary").state());
        assertEquals("failed", ring(lab, 0).state());
        lab.reachable.put(CellId.of("main"), false);
        lab.settle();
        assertEquals("unreachable", cell(lab, "main").state());
        assertEquals("1.0.0", cell(lab, "main").version().orElseThrow());
    }

    @Test
    void showsBrakesWithWhoAndWhy() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.brake("ring 2", "incident 7");
        lab.settle();
        var brake = lab.status().brakes().getFirst();
        assertEquals("ring 2 anna incident 7", brake.scope() + " " + brake.by() + " " + brake.why());
    }

    @Test
    void explainsAnOuterRingByTheChainOfWhatIsUnmet() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("canary.1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.settle();
        var why = Why.of(lab.fleet, lab.plan, Scope.of("ring 1"));
        var codes = why.chain().stream().map(Wait::code).toList();
        assertEquals(Wait.Code.INNER_RING, codes.getFirst());
        assertTrue(codes.contains(Wait.Code.NO_DATA), codes.toString());
        assertTrue(why.text().contains("canary"), why.text());
    }

    @Test
    void tellsACellThatWaitsForNothingOfItsOwnWhatItsRingWaitsFor() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.brake("ring 0", "incident 7");
        lab.deploy("1.1.0");
        lab.settle();
        var why = Why.of(lab.fleet, lab.plan, Scope.of("cell canary"));
        assertEquals(Wait.Code.BRAKED, why.chain().getFirst().code(), why.toString());
        assertTrue(why.text().contains("incident 7"), why.text());
    }

    @Test
    void tellsTheEarliestInstantWhereTimeAloneDecides() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.settle();
        var why = Why.of(lab.fleet, lab.plan, Scope.of("version 1.1.0"));
        assertTrue(why.chain().getFirst().until().isPresent());
        assertEquals(why.chain().getFirst().until(), lab.plan.wakeAt());
    }

    @Test
    void saysWhenNothingWaits() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals("cell main has 1.0.0 and waits for nothing", Why.of(lab.fleet, lab.plan, Scope.of("cell main"))
                .text());
        assertEquals("version 9 is unknown", Why.of(lab.fleet, lab.plan, Scope.of("version 9")).text());
    }

    @Test
    void tellsWhatIsExpectedOfEachCellAndHowFarItIsBehind() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.command(new FleetCommand.SetDuty(CellId.of("c4"), new Duty.Deferred(lab.now.plus(Duration.ofDays(1))),
                "a disk is changed", false));
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        var cell = lab.status().cells().stream().filter(one -> one.cell().equals("c4")).findFirst().orElseThrow();
        assertEquals(Optional.of("1.0.0"), cell.version());
        assertEquals(Optional.of("1.1.0"), cell.drift().expected());
        assertEquals(new Behind(1, lab.version("1.1.0").graduatedAt()), cell.drift().behind());
        assertTrue(cell.drift().expectedSince().orElseThrow().isBefore(lab.now), cell.toString());
        assertEquals("deferred until " + WholeSeconds.end(((Duty.Deferred) lab.cell("c4").membership()
                .duty()).until()),
                cell.drift().duty());
        assertEquals(Optional.of("a disk is changed"), cell.drift().dutyWhy());
        var ring = lab.status().rings().getLast().drift();
        assertEquals(1, ring.drifted());
        assertEquals(List.of(new FleetStatus.Running(Optional.of("1.0.0"), 1),
                new FleetStatus.Running(Optional.of("1.1.0"), 1)), ring.running());
        assertEquals(Behind.NONE, ring.behind(), "a cell off duty does not make its ring late");
        var other = lab.status().cells().stream().filter(one -> one.cell().equals("c3")).findFirst().orElseThrow();
        assertEquals(Behind.NONE, other.drift().behind());
        assertEquals("on duty", other.drift().duty());
    }

    @Test
    void takesNoCellForFailedThatItsRingGoesOnWithoutByAPersonsWord() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var first = ProductVersion.of("1.0.0");
        lab.command(new FleetCommand.SetPin(Scope.of("cell c1"), first, "audit", Optional.empty()));
        lab.record(new FleetEvent.CellDutyChanged(lab.now, "anna", CellId.of("c3"),
                new Duty.Deferred(lab.now.plus(Duration.ofDays(2))), "its disk is changed"));
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        assertEquals("1.1.0", lab.runs("c4"));
        assertEquals("healthy", cell(lab, "c1").state(), "pinned");
        assertEquals("healthy", cell(lab, "c3").state(), "deferred");
        assertEquals("converged", ring(lab, 2).state());
    }
}
