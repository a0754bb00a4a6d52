package cambium.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Decision;
import cambium.rollout.FleetEvent;
import cambium.rollout.Verdict;
import cambium.rollout.Wait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int SEEDS = 2_000;
    private static final int MAX_TOLD = 5;
    /// The drill of the brake plays with a fleet of its own (`DailyDrillTest`), and what is denied (`DeniedTriesTest`)
    /// or told elsewhere (`FleetWebhooksTest`) changes nothing; a log in memory is not changed (`ChangedLogTest`).
    private static final Set<String> BESIDE_THE_FLEET = Set.of("event BrakeDrilled", "event TryDenied",
            "event WebhookMade", "event WebhookEnded", "event LogDoubted", "event LogAccepted", "event LogTrusted");

    @Test
    void keepsEveryPromiseInThousandsOfTroubledFleets() {
        var broken = new ArrayList<String>();
        var kinds = new TreeSet<String>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            var outcome = Simulation.run(seed, Bait.NONE, false);
            kinds.addAll(outcome.kinds());
            if (!outcome.broken().isEmpty() && broken.size() < MAX_TOLD) {
                broken.add("replay with: " + outcome.replay() + "\n    " + String.join("\n    ", outcome.broken()));
            }
        }
        assertTrue(broken.isEmpty(), () -> "broken promises:\n" + String.join("\n", broken));
        assertEquals(new TreeSet<String>(), missing(kinds),
                "kinds that never occurred: a quiet simulation proves nothing");
    }

    private static TreeSet<String> missing(TreeSet<String> occurred) {
        var missing = new TreeSet<String>();
        Arrays.stream(Decision.class.getPermittedSubclasses())
                .forEach(kind -> missing.add("decision " + kind.getSimpleName()));
        Arrays.stream(FleetEvent.class.getPermittedSubclasses())
                .forEach(kind -> missing.add("event " + kind.getSimpleName()));
        Arrays.stream(Wait.Code.values()).forEach(code -> missing.add("wait " + code));
        Arrays.stream(Verdict.values()).forEach(verdict -> missing.add("judged " + verdict));
        Arrays.stream(Fault.values()).forEach(fault -> missing.add("fault " + fault));
        missing.removeAll(occurred);
        missing.removeAll(BESIDE_THE_FLEET);
        return missing;
    }

    @Test
    void tellsTheSameStoryForTheSameSeed() {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(Simulation.run(seed, Bait.NONE, true).timeline(), Simulation.run(seed, Bait.NONE, true)
                    .timeline(), "seed " + seed);
        }
    }
}
