package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static List<Alert> alerts(FleetLab lab) {
        return Alerts.in(lab.fleet, lab.plan, lab.now);
    }

    private static List<String> subjects(FleetLab lab, Alert.Kind kind) {
        return alerts(lab).stream().filter(alert -> alert.kind() == kind).map(alert -> alert.subject().toString())
                .toList();
    }

    @Test
    void aFleetInWhichAllIsWellHasNone() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        assertEquals(List.of(), alerts(lab));
        lab.deploy("1.1.0");
        for (int minutes = 0; minutes < 240; minutes++) {
            lab.live(Duration.ofMinutes(1));
            assertEquals(List.of(), alerts(lab).stream().filter(alert -> alert.kind() != Alert.Kind.GATE_WITHOUT_DATA)
                    .toList(), "in minute " + minutes);
        }
    }

    @Test
    void aFailedStepIsToldForAWhileAndTheVersionItBlockedUntilAFixComes() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.results.put("canary.deploy.1.1.0", new AttemptResult.Failed("exit 1"));
        lab.deploy("1.1.0");
        lab.settle();
        assertEquals(List.of("cell canary"), subjects(lab, Alert.Kind.STEP_FAILED));
        var blocked = alerts(lab).stream().filter(alert -> alert.kind() == Alert.Kind.VERSION_BLOCKED).findFirst();
        assertEquals("version 1.1.0", blocked.orElseThrow().subject().toString());
        assertTrue(blocked.get().text().contains("exit 1"), blocked.get().text());
        assertEquals(blocked.get().since(), Optional.of(blocked.get().firesAt(Instant.MAX)), "at once");
        assertTrue(subjects(lab, Alert.Kind.SOMEBODY_IS_CALLED).contains("version 1.1.0"));

        lab.live(HOUR);
        assertEquals(List.of(), subjects(lab, Alert.Kind.STEP_FAILED));
        assertEquals(List.of(), subjects(lab, Alert.Kind.SOMEBODY_IS_CALLED));
        assertEquals(List.of("version 1.1.0"), subjects(lab, Alert.Kind.VERSION_BLOCKED), "nothing came after it");
        lab.deploy("1.2.0");
        lab.live(HOUR);
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertEquals(List.of(), subjects(lab, Alert.Kind.VERSION_BLOCKED), "no cell runs it, and a fix is out");
    }

    @Test
    void aBrakeIsToldOnceItIsOnForHours() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var since = lab.now;
        lab.brake("ring 2", "a holiday");
        lab.live(HOUR);
        var brake = alerts(lab).getFirst();
        assertEquals(Alert.Kind.BRAKE_ON_LONG, brake.kind());
        assertEquals(since.plus(Duration.ofHours(8)), brake.firesAt(lab.now));
        lab.releaseBrake("ring 2");
        assertEquals(List.of(), alerts(lab));
    }

    @Test
    void aRingThatIsTooFarBehindIsToldUntilItHasCaughtUp() {
        var lab = FleetLab.onFirstVersion(policy -> policy.with(parts -> parts.cells = parts.cells.with(cells ->
                cells.mostBehind = Optional.of(new BehindLimit(Optional.of(0), Optional.empty())))));
        int outermost = lab.fleet.spec().orElseThrow().outermost().value();
        lab.brake("ring " + outermost, "a holiday");
        lab.deploy("1.1.0");
        lab.live(HOUR.multipliedBy(2));
        assertEquals(List.of("ring " + outermost), subjects(lab, Alert.Kind.RING_BEHIND));
        lab.releaseBrake("ring " + outermost);
        lab.live(HOUR.multipliedBy(3));
        assertEquals(List.of(), subjects(lab, Alert.Kind.RING_BEHIND));
    }

    @Test
    void waitsThatOnlyAPersonEndsAreToldWithTheirCodeAfterAQuarterOfAnHour() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var wait = Wait.of(Wait.Code.TRIES_SPENT, Scope.of("cell c1"), "tried 3 times");
        var plan = new Plan(List.of(), List.of(wait, Wait.of(Wait.Code.BAKING, Scope.of("cell c2"), "bakes"),
                Wait.of(Wait.Code.NO_DATA, Scope.of("cell c3"), "no metrics"),
                Wait.of(Wait.Code.DRIFTED, Scope.of("cell c4"), "runs 0.9")));
        var alerts = Alerts.in(lab.fleet, plan, lab.now);
        assertEquals(List.of("NOT_CONVERGING cell c1 tries_spent", "CELL_DRIFTED cell c4 drifted",
                "GATE_WITHOUT_DATA cell c3 no_data"), alerts.stream().map(alert -> alert.kind() + " " + alert.subject()
                + " " + alert.detail()).toList());
        assertEquals(lab.now.plus(Duration.ofMinutes(15)), alerts.getFirst().firesAt(lab.now));
    }

    @Test
    void aGateWithoutDataIsOneCauseHoweverManyWaitForIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("1.1.0", Verdict.NO_DATA);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        var alerts = alerts(lab).stream().filter(alert -> alert.kind() == Alert.Kind.GATE_WITHOUT_DATA).toList();
        var keys = alerts.stream().map(Alert::key).toList();
        assertTrue(alerts.stream().filter(alert -> alert.passesOn().isPresent()).count() >= 2, alerts.toString());
        var causes = alerts.stream().filter(alert -> alert.passesOn().isEmpty()).toList();
        assertTrue(!causes.isEmpty() && causes.stream().allMatch(alert -> alert.subject() instanceof Scope.OfCell),
                causes.toString());
        alerts.forEach(alert -> alert.passesOn().ifPresent(cause -> assertTrue(keys.contains(cause), "the cause is"
                + " told: " + alert)));
        assertEquals(causes.size(), lab.plan.causes().stream().filter(wait -> wait.code() == Wait.Code.NO_DATA)
                .count());
        assertTrue(lab.plan.waits().stream().filter(wait -> wait.code() == Wait.Code.NO_DATA).count()
                > causes.size());
    }

    @Test
    void aWaitThatQuotesNoneIsACauseWhateverItIsAbout() {
        var cell = Wait.of(Wait.Code.UNREACHABLE, Scope.of("cell c1"), "no answer");
        var ring = Wait.of(Wait.Code.UNREACHABLE, Scope.of("ring 2"), "0 of 9 cells; cell c1: no answer");
        var other = Wait.of(Wait.Code.UNREACHABLE, Scope.of("ring 3"), "cell c1: something else");
        var code = Wait.of(Wait.Code.UNKNOWN, Scope.of("ring 4"), "cell c1: no answer");
        assertEquals(List.of(cell, other, code), new Plan(List.of(), List.of(ring, cell, other, code)).causes());
        assertEquals(List.of(ring), new Plan(List.of(), List.of(ring)).causes(), "never silent");
    }

    @Test
    void manyOfAKindAreToldInPartWithTheirNumber() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var waits = IntStream.range(0, 250).mapToObj(number -> Wait.of(Wait.Code.UNREACHABLE,
                Scope.of("cell x" + number), "cannot be reached")).toList();
        var alerts = Alerts.in(lab.fleet, new Plan(List.of(), waits), lab.now);
        assertEquals(Alerts.MAX_OF_A_KIND + 1, alerts.size());
        assertEquals("and 150 more", alerts.getLast().text());
    }
}
