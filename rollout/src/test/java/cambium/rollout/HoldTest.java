package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HoldTest {
    private static final ProductVersion NEXT = ProductVersion.of("1.1.0");

    private static List<String> deployments(FleetLab lab, String version) {
        return lab.log.stream().filter(event -> event instanceof FleetEvent.AttemptRequested asked
                && asked.attempt().step() == Step.DEPLOY && asked.version().value().equals(version))
                .map(event -> ((FleetEvent.AttemptRequested) event).attempt().cell().value()).toList();
    }

    /// Ring 2 is halfway: its first cell has got 1.1.0, its second not yet.
    private static FleetLab halfway() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.blueprint(policy -> policy.with(parts -> parts.pace = new Pace(
                Optional.of(Pace.StartRate.of("1 per 1h")), parts.pace.backOff(), Optional.empty()))));
        lab.deploy("1.1.0");
        for (int i = 0; i < 300 && !deployments(lab, "1.1.0").contains("c1"); i++) {
            lab.pass(Duration.ofSeconds(30));
        }
        assertTrue(!deployments(lab, "1.1.0").contains("c2"), "c2 has not begun");
        return lab;
    }

    @Test
    void holdsTheWholeRingOffWhatItWasTakenBackFrom() {
        var lab = halfway();
        var ring = new Scope.OfRing(RingNumber.of(2));
        assertInstanceOf(FleetCommand.Answer.Accepted.class, lab.command(new FleetCommand.RollBack(ring,
                "customers complain", false)));
        int before = deployments(lab, "1.1.0").size();
        lab.live(Duration.ofHours(6));
        assertEquals(before, deployments(lab, "1.1.0").size(), "neither again on c1 nor at first on c2");
        assertEquals("1.0.0", lab.running.get(CellId.of("c1")).value());
        assertEquals("1.0.0", lab.running.get(CellId.of("c2")).value());
        assertTrue(lab.plan.waits().stream().anyMatch(wait -> wait.code() == Wait.Code.HELD));

        lab.command(new FleetCommand.Deploy(NEXT, List.of(), Optional.of(RingNumber.of(2)), Optional.empty()));
        lab.live(Duration.ofHours(3));
        assertEquals(NEXT, lab.running.get(CellId.of("c1")), "released by name");
        assertEquals(NEXT, lab.running.get(CellId.of("c2")));
    }

    @Test
    void takesTheNextVersionWithoutBeingAsked() {
        var lab = halfway();
        lab.command(new FleetCommand.RollBack(new Scope.OfRing(RingNumber.of(2)), "customers complain", false));
        lab.live(Duration.ofMinutes(30));
        lab.deploy("1.2.0");
        lab.live(Duration.ofHours(7));
        assertTrue(lab.running.values().stream().allMatch(version -> version.value().equals("1.2.0")),
                lab.running.toString());
    }

    @Test
    void goesBackOnceFromAFailureAndNotForwardAgain() {
        var lab = FleetLab.onFirstVersion(policy -> Policies.tolerated(Policies.retries(policy, 1), 1));
        lab.results.put("c1.deploy.1.1.0", new AttemptResult.Failed("exit 1"));
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(8));
        assertEquals(2, deployments(lab, "1.1.0").stream().filter("c1"::equals).count(), "one try and one retry");
        assertEquals(1, lab.log.stream().filter(event -> event instanceof FleetEvent.AttemptRequested asked
                && asked.attempt().step() == Step.ROLLBACK).count());
        assertEquals("1.0.0", lab.running.get(CellId.of("c1")).value());
        assertEquals(NEXT, lab.running.get(CellId.of("c2")));
    }
}
