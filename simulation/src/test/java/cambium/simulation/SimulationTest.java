package cambium.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Decision;
import cambium.rollout.FleetEvent;
import cambium.rollout.Verdict;
import cambium.rollout.Wait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int SEEDS = 2_000;
    private static final int MAX_TOLD = 5;
    /// What occurs in fewer seeds hangs by a thread: the next change of a die may lose it.
    private static final int RARE = 5;
    /// The drill of the brake plays with a fleet of its own (`DailyDrillTest`), and what is denied (`DeniedTriesTest`)
    /// or told elsewhere (`FleetWebhooksTest`) changes nothing; a log in memory is not changed (`ChangedLogTest`).
    private static final Set<String> BESIDE_THE_FLEET = Set.of("event BrakeDrilled", "event TryDenied",
            "event WebhookMade", "event WebhookEnded", "event LogDoubted", "event LogAccepted", "event LogTrusted");

    @Test
    void keepsEveryPromiseInThousandsOfTroubledFleets() {
        var broken = new ArrayList<String>();
        var seeds = new TreeMap<String, Integer>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            var outcome = Simulation.run(seed, Bait.NONE, false);
            outcome.kinds().forEach(kind -> seeds.merge(kind, 1, Integer::sum));
            if (!outcome.broken().isEmpty() && broken.size() < MAX_TOLD) {
                broken.add("replay with: " + outcome.replay() + "\n    " + String.join("\n    ", outcome.broken()));
            }
        }
        assertTrue(broken.isEmpty(), () -> "broken promises:\n" + String.join("\n", broken));
        assertEquals(List.of(), rare(seeds), "kinds that hardly ever occurred: a quiet simulation proves nothing");
    }

    private static List<String> rare(Map<String, Integer> seeds) {
        return all().filter(kind -> !BESIDE_THE_FLEET.contains(kind) && seeds.getOrDefault(kind, 0) < RARE)
                .map(kind -> kind + " in " + seeds.getOrDefault(kind, 0) + " of " + SEEDS + " seeds").toList();
    }

    private static Stream<String> all() {
        return Stream.of(
                Arrays.stream(Decision.class.getPermittedSubclasses()).map(kind -> "decision " + kind.getSimpleName()),
                Arrays.stream(FleetEvent.class.getPermittedSubclasses()).map(kind -> "event " + kind.getSimpleName()),
                Arrays.stream(Wait.Code.values()).map(code -> "wait " + code),
                Arrays.stream(Verdict.values()).map(verdict -> "judged " + verdict),
                Arrays.stream(Fault.values()).map(fault -> "fault " + fault)).flatMap(kinds -> kinds);
    }

    @Test
    void tellsTheSameStoryForTheSameSeed() {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(Simulation.run(seed, Bait.NONE, true).timeline(), Simulation.run(seed, Bait.NONE, true)
                    .timeline(), "seed " + seed);
        }
    }
}
