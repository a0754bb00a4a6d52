package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// One cell goes first, and where it cannot prove anything, the next takes its place rather than all others.
class CanaryFirstTest {
    private static FleetLab fourCells() {
        var policy = Policies.tolerated(Policies.canaryFirst(RingPolicy.DEFAULT, 1), 1);
        return new FleetLab().apply(FleetLab.spec(0, FleetSpec.Graduation.AUTOMATIC, FleetLab.ring(0, policy,
                FleetLab.cell("a", CellSpec.Kind.SECONDARY), FleetLab.cell("b", CellSpec.Kind.SECONDARY),
                FleetLab.cell("main", CellSpec.Kind.MAIN), FleetLab.cell("z", CellSpec.Kind.CANARY))));
    }

    @Test
    void aFailureThatIsToleratedDoesNotLetAllOthersGo() {
        var lab = fourCells();
        lab.results.put("z.deploy", new AttemptResult.Failed("no disk"));
        lab.results.put("a.deploy", FleetLab.NEVER);
        lab.deploy("1.0.0");
        lab.live(Duration.ofMinutes(2));
        assertTrue(lab.started("r1.z.deploy"));
        assertTrue(lab.started("r1.a.deploy"));
        assertFalse(lab.started("r1.b.deploy"));
        assertFalse(lab.started("r1.main.deploy"));
        assertEquals(Wait.Code.CANARY_FIRST, lab.code("cell main"));
    }

    @Test
    void whereTheCanaryIsAwayTheNextCellGoesFirst() {
        var lab = fourCells();
        lab.command(new FleetCommand.SetDuty(CellId.of("z"), new Duty.Deferred(lab.now.plus(Duration.ofDays(1))),
                "its host is looked after", false));
        lab.results.put("a.deploy", FleetLab.NEVER);
        lab.deploy("1.0.0");
        lab.live(Duration.ofMinutes(2));
        assertTrue(lab.started("r1.a.deploy"));
        assertFalse(lab.started("r1.b.deploy"));
        assertFalse(lab.started("r1.z.deploy"));
    }

    @Test
    void onceTheFirstCellIsGoodAllOthersGo() {
        var lab = fourCells();
        lab.deploy("1.0.0");
        lab.live(Duration.ofMinutes(2));
        assertEquals("1.0.0", lab.runs("main"));
        assertEquals("1.0.0", lab.runs("b"));
    }
}
