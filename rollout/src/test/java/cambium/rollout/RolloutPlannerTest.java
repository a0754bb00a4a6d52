package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RolloutPlannerTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void carriesAVersionToEveryRing() {
        var lab = FleetLab.blueprint();
        lab.deploy("1.0.0");
        lab.live(HOUR);
        for (var cell : lab.fleet.cells().values()) {
            assertEquals("1.0.0", lab.runs(cell.id().toString()), cell.id().toString());
            assertTrue(cell.provedGood(ProductVersion.of("1.0.0")));
        }
        assertEquals(Rollout.State.COMPLETE, lab.fleet.rollouts().get(1).state());
    }

    @Test
    void sendsAHarmfulVersionBackBeforeAnOuterRingSeesIt() {
        var lab = FleetLab.blueprint();
        lab.deploy("1.0.0");
        lab.live(HOUR);
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        for (var cell : lab.fleet.cells().values()) {
            assertEquals("1.0.0", lab.runs(cell.id().toString()), cell.id().toString());
        }
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertFalse(lab.started("r2.main"));
        assertFalse(lab.started("r2.c1"));
    }
}
