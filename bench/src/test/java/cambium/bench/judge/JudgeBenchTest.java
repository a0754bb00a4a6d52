package cambium.bench.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.simulation.traffic.Circumstance;
import cambium.simulation.traffic.MadeDeployment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A small run of the benchmark of judges, with seeds of its own, so that a worse judge is noticed at once.
class JudgeBenchTest {
    private static final long SEED = 500_000;

    @Test
    void findsEveryFaultAndBlamesNoHealthyVersion() {
        var tally = JudgeBench.tally(Rivals.ours(), SEED, 8, 6);
        assertEquals(48, tally.deployments(true));
        assertEquals(48, tally.alarms(true), "faults found: " + tally.rows);
        assertEquals(64, tally.deployments(false));
        var alone = tally.rows.get(Circumstance.NOISE_ON_ONE_CELL);
        assertEquals(alone.harmful(), tally.alarms(false), "healthy versions blamed: " + tally.rows);
        assertTrue(alone.harmful() <= 1, "one cell in eight has six minutes of noise after an hour with one: " + alone);
        assertTrue(tally.wait(0.5).compareTo(Duration.ofMinutes(5)) <= 0, "half found within " + tally.wait(0.5));
        var steps = tally.rows.get(Circumstance.STEP_OF_LATENCY).waits().stream().sorted().toList();
        assertTrue(Tally.quantile(steps, 0.4).compareTo(Duration.ofMinutes(6)) <= 0, "steps of latency: " + steps);
        assertEquals(8, tally.rows.get(Circumstance.ORDINARY).healthyAtTheEnd(), "an ordinary gate opens");
    }

    @Test
    void judgesOfOtherMakesMeetTheSameDeploymentsAndBlameHealthyVersions() {
        for (var rival : Rivals.all().subList(1, Rivals.all().size())) {
            var tally = JudgeBench.tally(rival, SEED, 8, 6);
            assertEquals(64, tally.deployments(false));
            assertTrue(tally.alarms(true) >= 20, rival.name() + " finds " + tally.alarms(true));
            assertTrue(tally.alarms(false) >= 5, rival.name() + " blames " + tally.alarms(false));
        }
    }

    @Test
    void aSeedGivesTheSameReadingsAgain() {
        for (var circumstance : Circumstance.values()) {
            var after = Duration.ofMinutes(20);
            assertEquals(MadeDeployment.of(7, circumstance).seen(after),
                    MadeDeployment.of(7, circumstance).seen(after));
        }
    }
}
