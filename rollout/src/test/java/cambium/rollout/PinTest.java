package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A pinned ring or cell keeps its version: nothing else goes forward there until somebody releases it.
class PinTest {
    private static final ProductVersion FIRST = ProductVersion.of("1.0.0");
    private static final ProductVersion NEXT = ProductVersion.of("1.1.0");

    private static void pin(FleetLab lab, String scope, ProductVersion version) {
        assertEquals("accepted", answer(lab, new FleetCommand.SetPin(Scope.of(scope), version, "audit",
                Optional.empty())));
    }

    private static String answer(FleetLab lab, FleetCommand command) {
        return switch (lab.command(command)) {
            case FleetCommand.Answer.Refused(var code, var _) -> code;
            case FleetCommand.Answer.Accepted _ -> "accepted";
        };
    }

    private static void deployEverywhere(FleetLab lab, String version) {
        lab.deploy(version);
        lab.live(Duration.ofHours(3));
    }

    private static Optional<Wait> wait(FleetLab lab, String scope) {
        return lab.plan.waits().stream().filter(wait -> wait.subject().equals(Scope.of(scope))).findFirst();
    }

    @Test
    void aPinnedRingTakesNothingNewerAndNorDoWhatLiesOutside() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        pin(lab, "ring 2", FIRST);
        deployEverywhere(lab, "1.1.0");
        assertEquals(List.of("1.1.0", "1.0.0", "1.0.0", "1.0.0", "1.0.0"), List.of(lab.runs("main"), lab.runs("c1"),
                lab.runs("c2"), lab.runs("c3"), lab.runs("c4")));
        var wait = wait(lab, "ring 2").orElseThrow();
        assertEquals(Wait.Code.PINNED, wait.code());
        assertTrue(wait.text().startsWith("ring 2 is pinned to 1.0.0 by anna: audit"), wait.text());
        assertTrue(lab.log.stream().noneMatch(event -> event instanceof FleetEvent.RingOpened opened
                && opened.version().equals(NEXT) && opened.ring().value() >= 2), "it was not even opened");
        var why = Why.of(lab.fleet, lab.plan, new Scope.OfVersion(NEXT));
        assertTrue(why.text().contains("pinned to 1.0.0"), why.text());

        assertEquals("accepted", answer(lab, new FleetCommand.ReleasePin(Scope.of("ring 2"), "done")));
        lab.live(Duration.ofHours(3));
        assertEquals("1.1.0", lab.runs("c4"));
    }

    @Test
    void theRingOfAPinnedCellGoesOnWithoutIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        pin(lab, "cell c1", FIRST);
        assertTrue(Why.of(lab.fleet, lab.plan, Scope.of("cell c1")).text()
                .endsWith("waits for nothing; cell c1 is pinned to 1.0.0 by anna: audit"));
        deployEverywhere(lab, "1.1.0");
        assertEquals(List.of("1.0.0", "1.1.0", "1.1.0"), List.of(lab.runs("c1"), lab.runs("c2"), lab.runs("c4")));
        assertEquals(Wait.Code.PINNED, wait(lab, "cell c1").orElseThrow().code());
        assertEquals("pinned", answer(lab, new FleetCommand.Deploy(NEXT, List.of(), Optional.empty(),
                Optional.of(CellId.of("c1")))), "nor does a person get around it");
        lab.command(new FleetCommand.ReleasePin(Scope.of("cell c1"), "done"));
        lab.live(Duration.ofHours(3));
        assertEquals("1.1.0", lab.runs("c1"), "then it catches up");
    }

    @Test
    void aStartThatWasAskedForBeforeThePinIsWithheld() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        lab.plan = RolloutPlanner.plan(lab.fleet, lab.now);
        var attempt = AttemptId.of("r2.canary.deploy.1");
        lab.record(new FleetEvent.RingOpened(lab.now, 2, NEXT, RingNumber.INNERMOST));
        lab.record(new FleetEvent.RingAdmitted(lab.now, NEXT, RingNumber.INNERMOST));
        lab.record(new FleetEvent.AttemptRequested(lab.now, attempt, RingNumber.INNERMOST, NEXT, Optional.of(FIRST),
                Duration.ofMinutes(5)));
        assertEquals(Optional.empty(), RolloutPlanner.mayStart(lab.fleet, attempt, lab.now));
        for (var scope : List.of("cell canary", "ring 0")) {
            pin(lab, scope, FIRST);
            assertEquals(Optional.of(Wait.Code.PINNED), RolloutPlanner.mayStart(lab.fleet, attempt, lab.now)
                    .map(Wait::code), scope);
            lab.command(new FleetCommand.ReleasePin(Scope.of(scope), "done"));
        }
        pin(lab, "ring 0", NEXT);
        assertEquals(Optional.empty(), RolloutPlanner.mayStart(lab.fleet, attempt, lab.now), "this is what it may get");
    }

    @Test
    void rollbacksNeverWaitForAPin() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(FleetLab.blueprint(policy -> policy.with(parts -> parts.pdm = RingPolicy.Pdm.MANUAL)));
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        assertEquals("1.1.0", lab.runs("canary"));
        pin(lab, "ring 0", NEXT);
        pin(lab, "cell canary", NEXT);
        assertEquals("accepted", answer(lab, new FleetCommand.RollBack(Scope.of("cell canary"), "slow", false)));
        lab.settle();
        assertEquals("1.0.0", lab.runs("canary"));
    }

    @Test
    void aPinnedFleetTakesTheVersionItIsPinnedToAndNoNewerOne() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.deploy("1.1.0");
        pin(lab, "ring 0", NEXT);
        lab.deploy("1.2.0");
        lab.live(Duration.ofHours(3));
        assertEquals("1.1.0", lab.runs("canary"));
        assertEquals("1.1.0", lab.runs("c4"));
    }

    @Test
    void itHoldsPastItsEndAndSomebodyIsAsked() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var until = lab.now.plus(Duration.ofMinutes(30));
        assertEquals("accepted", answer(lab, new FleetCommand.SetPin(Scope.of("ring 0"), FIRST, "audit",
                Optional.of(until))));
        deployEverywhere(lab, "1.1.0");
        assertEquals("1.0.0", lab.runs("canary"));
        assertEquals(1, lab.log.stream().filter(event -> event instanceof FleetEvent.PageRaised page
                && page.key().startsWith("pin:ring 0")).count());
        var pinned = FleetStatus.of(lab.fleet, lab.plan, lab.now).pins();
        assertEquals(List.of("ring 0"), pinned.stream().map(FleetStatus.PinStatus::scope).toList());
        assertFalse(TooFarBehind.in(lab.fleet, lab.now).stream().anyMatch(late -> late.ring().value() == 0));
    }

    @Test
    void isRefusedWithoutReasonOrWhereThereIsNothingToPin() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var codes = new ArrayList<String>();
        for (var command : List.of(
                new FleetCommand.SetPin(Scope.of("ring 2"), FIRST, " ", Optional.empty()),
                new FleetCommand.SetPin(Scope.of("fleet"), FIRST, "why", Optional.empty()),
                new FleetCommand.SetPin(Scope.of("ring -1"), FIRST, "why", Optional.empty()),
                new FleetCommand.SetPin(Scope.of("ring 9"), FIRST, "why", Optional.empty()),
                new FleetCommand.SetPin(Scope.of("cell nobody"), FIRST, "why", Optional.empty()),
                new FleetCommand.SetPin(Scope.of("ring 2"), NEXT, "why", Optional.empty()),
                new FleetCommand.SetPin(Scope.of("ring 2"), FIRST, "why", Optional.of(lab.now)),
                new FleetCommand.ReleasePin(Scope.of("ring 2"), "why"))) {
            codes.add(answer(lab, command));
        }
        assertEquals(List.of("why_missing", "bad_scope", "bad_scope", "unknown_ring", "unknown_cell",
                "unknown_version", "until_past", "no_pin"), codes);
        assertTrue(lab.fleet.pins().isEmpty());
    }
}
