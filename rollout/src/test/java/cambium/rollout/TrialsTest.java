package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// C-33: no dormant gate. A signal decides outside only what it has decided inside.
class TrialsTest {
    private static final Measuring PROMETHEUS = new Measuring(Optional.of("http://prometheus:9090"), "cell",
            Duration.ofMinutes(1), Measuring.Queries.DEFAULT, List.of(), List.of());
    private final FleetLab lab = FleetLab.blueprint();

    private static Measuring carts(String bad) {
        return new Measuring(PROMETHEUS.server(), "cell", Duration.ofMinutes(1), Measuring.Queries.DEFAULT,
                List.of(new Measuring.Own("carts", bad, "all_carts")), List.of());
    }

    /// Figures of these signals, each weighed on 100 requests.
    private static Evidence figures(String... signals) {
        var told = new ArrayList<Evidence.Signal>();
        for (var signal : signals) {
            told.add(new Evidence.Signal(signal, 1, 1, "%", 0, 1,
                    Optional.of(new Evidence.Weighing(1e-4, 100, "its own past"))));
        }
        return new Evidence("no worse than before", told);
    }

    private void measure(Measuring measuring) {
        lab.apply(lab.fleet.spec().orElseThrow().with(measuring));
    }

    private void rollOut(String version, Evidence evidence) {
        lab.evidence = Optional.of(evidence);
        lab.deploy(version);
        lab.live(Duration.ofHours(1));
        assertEquals("complete", lab.status().versions().getLast().state(), lab.plan.toString());
    }

    private Set<String> binding(int ring) {
        return lab.fleet.trials().bindingIn(lab.fleet.spec().orElseThrow(), RingNumber.of(ring));
    }

    @Test
    void lastsUntilAVersionHasBakedInsideWithFiguresOfTheSignal() {
        assertEquals(Set.of("errors", "latency", "saturation"), binding(1));
        assertEquals(Set.of(), binding(0), "inside it decides from the start");
        rollOut("1.0.0", figures("errors", "latency"));
        assertEquals(Set.of("saturation"), binding(1));
        assertEquals(Set.of("saturation"), binding(3));
        rollOut("1.1.0", figures("errors", "latency", "saturation"));
        assertEquals(Set.of(), binding(3));
        assertEquals(lab.fleet, Fleet.empty().after(lab.log), "the log alone tells it");
    }

    @Test
    void endsBeforeTheVersionLeavesTheRing() {
        lab.evidence = Optional.of(figures("errors"));
        lab.deploy("1.0.0");
        for (int i = 0; !lab.started("r1.main") && i < 40; i++) {
            lab.pass(Duration.ofSeconds(30));
        }
        assertTrue(lab.started("r1.main"));
        assertFalse(binding(1).contains("errors"));
    }

    @Test
    void doesNotEndWhileTheVersionBakes() {
        lab.evidence = Optional.of(figures("errors"));
        lab.deploy("1.0.0");
        lab.pass(Duration.ofMinutes(1));
        assertEquals(Verdict.HEALTHY, lab.cell("canary").health().orElseThrow().verdict());
        assertTrue(binding(1).contains("errors"));
    }

    @Test
    void isNotEndedByAVersionThatItCondemned() {
        rollOut("1.0.0", Evidence.of("judged"));
        lab.verdicts.put("1.1.0", Verdict.HARMFUL);
        lab.evidence = Optional.of(figures("errors"));
        lab.deploy("1.1.0");
        lab.live(Duration.ofHours(1));
        assertTrue(lab.version("1.1.0").blocked().isPresent());
        assertTrue(binding(1).contains("errors"));
    }

    @Test
    void beginsForASignalThatIsNewAndLeavesTheOthers() {
        measure(PROMETHEUS);
        rollOut("1.0.0", figures("errors", "latency", "saturation"));
        measure(carts("bad_carts"));
        assertEquals(Set.of("carts"), binding(2));
        rollOut("1.1.0", figures("errors"));
        assertEquals(Set.of("carts"), binding(2), "a version that baked without figures of it shows nothing");
        rollOut("1.2.0", figures("errors", "carts"));
        assertEquals(Set.of(), binding(2));
    }

    @Test
    void beginsAnewForASignalThatIsAskedForOtherwise() {
        measure(carts("bad_carts"));
        rollOut("1.0.0", figures("errors", "latency", "saturation", "carts"));
        assertEquals(Set.of(), binding(2));
        measure(carts("worse_carts"));
        assertEquals(Set.of("carts"), binding(2));
        lab.live(Duration.ofHours(1));
        assertEquals(Set.of("carts"), binding(2), "what baked before tells nothing of the signal as it is now");
        measure(carts("bad_carts"));
        assertEquals(Set.of("carts"), binding(2), "going back is a change, too");
    }

    @Test
    void doesNotBeginAnewWhereOnlyTheServerIsAnother() {
        measure(carts("bad_carts"));
        rollOut("1.0.0", figures("errors", "latency", "saturation", "carts"));
        var moved = new Measuring(Optional.of("http://other:9090"), "cell", Duration.ofMinutes(2),
                Measuring.Queries.DEFAULT, carts("bad_carts").own(), List.of("carts"));
        measure(moved);
        assertEquals(Set.of(), binding(2));
        measure(new Measuring(moved.server(), "instance", Duration.ofMinutes(2), Measuring.Queries.DEFAULT,
                moved.own(), List.of("carts")));
        assertEquals(Set.of("errors", "latency", "saturation"), binding(2), "the label stands in what is asked");
    }

    @Test
    void isHeldInTheInnermostRingThatJudgesHealth() {
        var spec = lab.fleet.spec().orElseThrow();
        var unjudged = spec.rings().stream().map(ring -> ring.ring().value() > 0 ? ring : new RingSpec(ring.ring(),
                ring.policy().with(parts -> parts.health = RingPolicy.HealthGate.NONE), ring.cells())).toList();
        lab.apply(spec.with(unjudged));
        assertEquals(Set.of(), binding(1));
        assertEquals(Set.of("errors", "latency", "saturation"), binding(2));
        rollOut("1.0.0", figures("errors", "latency", "saturation"));
        assertEquals(Set.of(), binding(2));
    }

    private List<String> advice() {
        return Advice.in(lab.fleet).stream().map(one -> one.code().word() + ": " + one.text()).toList();
    }

    @Test
    void isToldWhereSomebodyAskedForTheSignalOrACellHasFiguresOfIt() {
        assertEquals(List.of(), advice());
        measure(carts("bad_carts"));
        var told = "untried_signals: signal carts has judged no version in ring 0 yet: outside of it a cell that looks "
                + "harmed by it waits and is not rolled back, until a version has baked in ring 0 with figures of it";
        assertEquals(List.of(told), advice());
        rollOut("1.0.0", figures("errors", "carts"));
        assertEquals(List.of(), advice(), "of latency and saturation there is nothing anywhere");
        var other = new Measuring(PROMETHEUS.server(), "instance", Duration.ofMinutes(1), Measuring.Queries.DEFAULT,
                carts("bad_carts").own(), List.of("carts"));
        measure(other);
        assertEquals(List.of(told.replace("signal carts", "signal errors")), advice(), "a shadow decides nowhere");
    }

    @Test
    void aDriverThatNoCellOfRingZeroHasIsTold() {
        var spec = lab.fleet.spec().orElseThrow();
        lab.apply(spec.with(spec.rings().stream().map(ring -> ring.ring().value() < 2 ? ring
                : new RingSpec(ring.ring(), ring.policy(), ring.cells().stream().map(TrialsTest::bySsh).toList()))
                .toList()));
        assertEquals(List.of("untried_driver: driver ssh carries versions to 4 cells from ring 2 on and to none of "
                + "ring 0, so nothing tries it there first: a cell of ring 0 with this driver would"), advice());
        lab.apply(lab.fleet.spec().orElseThrow().with(lab.fleet.spec().orElseThrow().rings().stream()
                .map(ring -> new RingSpec(ring.ring(), ring.policy(), ring.cells().stream().map(TrialsTest::bySsh)
                        .toList())).toList()));
        assertEquals(List.of(), advice());
    }

    private static CellSpec bySsh(CellSpec cell) {
        return new CellSpec(cell.cell(), cell.kind(), "ssh", cell.health(), cell.metrics(), cell.settings());
    }
}
