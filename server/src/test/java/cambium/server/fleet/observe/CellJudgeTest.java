package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.ChangeRest;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetRules;
import cambium.rollout.FleetSpec;
import cambium.rollout.LargeChange;
import cambium.rollout.Measuring;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Verdict;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The judge over a fleet of two rings, one cell each, whose own signal `carts` goes wrong with version 1.0.
class CellJudgeTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant NOW = START.plusSeconds(3_600);
    private static final CellId INNER = CellId.of("inner");
    private static final CellId OUTER = CellId.of("outer");
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final SampleSource SOURCE = new HandedSamples.Handed(Duration.ofMinutes(1));

    private static Fleet deployed() {
        var rings = List.of(ring(0, INNER, CellSpec.Kind.MAIN), ring(1, OUTER, CellSpec.Kind.SECONDARY));
        var measuring = new Measuring(Optional.of("http://prometheus:9090"), "cell", Duration.ofMinutes(1),
                Measuring.Queries.DEFAULT, List.of(new Measuring.Own("carts", "bad_carts", "all_carts")), List.of());
        var version = ProductVersion.of("1.0");
        var events = new ArrayList<FleetEvent>(List.of(new FleetEvent.FleetApplied(START, "anna", new FleetSpec("f",
                new FleetSpec.Product("a/b", "debian/bookworm", List.of("p")), RingNumber.INNERMOST,
                FleetSpec.Graduation.AUTOMATIC, rings, FleetRules.DEFAULT, measuring, LargeChange.DEFAULT,
                ChangeRest.DEFAULT)),
                new FleetEvent.VersionRegistered(START, "anna", version, List.of()),
                new FleetEvent.RolloutStarted(START, "anna", 1, version)));
        for (var ring : rings) {
            var cell = ring.cells().getFirst().cell();
            var attempt = AttemptId.of("r1." + cell + ".deploy.1");
            events.addAll(List.of(new FleetEvent.RingOpened(START, 1, version, ring.ring()),
                    new FleetEvent.AttemptRequested(START, attempt, ring.ring(), version, Optional.empty(),
                            Duration.ofMinutes(10)),
                    new FleetEvent.AttemptStarted(START.plusSeconds(1_800), attempt),
                    new FleetEvent.AttemptFinished(START.plusSeconds(1_800), attempt, new AttemptResult.Succeeded()),
                    new FleetEvent.CellObserved(START.plusSeconds(1_801), cell, true, Optional.of(version))));
        }
        return Fleet.empty().after(events);
    }

    private static RingSpec ring(int number, CellId cell, CellSpec.Kind kind) {
        return new RingSpec(RingNumber.of(number), RingPolicy.DEFAULT, List.of(new CellSpec(cell, kind, "local",
                Optional.of("http://" + cell + "/health"), Optional.empty(), new TreeMap<>())));
    }

    /// A reading every five seconds: no request ever fails; of the carts, none before the deployment and half since.
    private static CellHistory history() {
        var history = new CellHistory();
        double requests = 0;
        double bad = 0;
        for (var at = START; at.isBefore(NOW); at = at.plusSeconds(5)) {
            requests += 100;
            bad += at.isAfter(START.plusSeconds(1_800)) ? 50 : 0;
            history.add(new HealthSample(at, requests, 0, List.of(), OptionalDouble.empty(), new TreeMap<>(
                    Map.of("carts", new HealthSample.Ratio(bad, requests)))));
        }
        return history;
    }

    private static FleetEvent.VerdictReached judged(Fleet fleet, CellId cell) {
        return new CellJudge().verdicts(fleet, _ -> Optional.of(history()), SOURCE, INTERVAL, NOW).stream()
                .filter(event -> event.cell().equals(cell)).findFirst().orElseThrow();
    }

    @Test
    void aNewSignalCondemnsInsideAndOnlyHoldsOutsideUntilItHasJudgedInside() {
        var fleet = deployed();
        assertEquals(Verdict.HARMFUL, judged(fleet, INNER).verdict(), judged(fleet, INNER).evidence().text());
        var outside = judged(fleet, OUTER);
        assertEquals(Verdict.NO_DATA, outside.verdict(), outside.evidence().text());
        assertTrue(outside.evidence().text().contains("the signal carts as it is now"), outside.evidence().text());
        assertTrue(outside.evidence().signals().stream().anyMatch(signal -> signal.name().equals("carts")),
                "its figures are shown all the same");

        var baked = fleet.after(List.of(healthyInside(), new FleetEvent.RingConverged(NOW, 1, ProductVersion.of("1.0"),
                RingNumber.INNERMOST), new FleetEvent.RingBaked(NOW, 1, ProductVersion.of("1.0"), RingNumber.INNERMOST,
                List.of(INNER))));
        assertEquals(Verdict.HARMFUL, judged(baked, OUTER).verdict());
    }

    /// As if it had gone well there, with figures of the signal.
    private static FleetEvent.VerdictReached healthyInside() {
        var figures = new Evidence.Signal("carts", 0, 0, "%", 0, 1,
                Optional.of(new Evidence.Weighing(1e-4, 1_000, "its own past")));
        return new FleetEvent.VerdictReached(NOW, INNER, AttemptId.of("r1.inner.deploy.1"), ProductVersion.of("1.0"),
                Verdict.HEALTHY, 1_000, new Evidence("no worse than before", List.of(figures)));
    }

    /// Histories keep an hour of minutes: two hours after the deployment little is left of the time before it.
    @Test
    void aLateFaultIsJudgedByThePastAsItWasKnownWhenTheVersionCame() {
        var fleet = deployed();
        var judge = new CellJudge();
        var history = new CellHistory();
        var deployment = START.plusSeconds(1_800);
        var fault = deployment.plus(Duration.ofHours(2));
        var harmful = Optional.<Instant>empty();
        for (int i = 0; harmful.isEmpty() && i < 240 * 60; i += 5) {
            var at = deployment.minus(Duration.ofHours(1)).plusSeconds(i);
            boolean slow = at.isAfter(fault);
            double late = slow ? Duration.between(fault, at).toSeconds() * 10 : 0;
            history.add(new HealthSample(at, i * 10, 0, List.of(new HealthSample.Bucket(0.05, i * 10 - late),
                    new HealthSample.Bucket(0.5, i * 10)), OptionalDouble.empty()));
            if (at.isAfter(deployment) && i % 30 == 0) {
                var verdict = judge.verdicts(fleet, _ -> Optional.of(history), SOURCE, INTERVAL, at).getFirst();
                assertTrue(slow || verdict.verdict() != Verdict.HARMFUL, verdict.evidence().text());
                harmful = verdict.verdict() == Verdict.HARMFUL ? Optional.of(at) : harmful;
            }
        }
        var waited = Duration.between(fault, harmful.orElseThrow(() -> new AssertionError("never found")));
        assertTrue(waited.compareTo(Duration.ofMinutes(11)) <= 0, "found after " + waited);
    }
}
