package cambium.server.fleet;

import cambium.rollout.Alerts;
import cambium.rollout.AttemptResult;
import cambium.rollout.BrakeDrill;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Plan;
import cambium.rollout.Step;
import cambium.rollout.TooFarBehind;
import cambium.rollout.Wait;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The figures of the coordinator, for Prometheus.
final class FleetMeters {
    private static final String WITHHELD = "withheld";
    private static final List<String> RESULTS = List.of("succeeded", "failed", "timed-out", "cancelled", "lost",
            WITHHELD);

    private static final Duration[] ROUNDS = Stream.of(2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100,
            150, 200, 300, 500, 700, 1_000, 2_000, 5_000, 10_000)
            .map(Duration::ofMillis).toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Timer plans;
    private final Timer rounds;
    private final AtomicLong leading = new AtomicLong();
    private final AtomicLong brakes = new AtomicLong();
    private final AtomicLong blocked = new AtomicLong();
    private final AtomicLong running = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicLong doubted = new AtomicLong();
    private final AtomicLong revision = new AtomicLong();
    private final Map<Wait.Code, AtomicLong> waits = new EnumMap<>(Wait.Code.class);

    FleetMeters(MeterRegistry registry) {
        this.registry = registry;
        this.plans = Timer.builder("cambium.plan").description("Time to make one plan").register(registry);
        this.rounds = Timer.builder("cambium.coordinator.round").serviceLevelObjectives(ROUNDS)
                .description("One round: look, decide, write, hand over").register(registry);
        registry.gauge("cambium.coordinator.leading", leading);
        registry.gauge("cambium.fleet.revision", revision);
        registry.gauge("cambium.fleet.brakes", brakes);
        registry.gauge("cambium.fleet.versions.blocked", blocked);
        registry.gauge("cambium.fleet.attempts.running", running);
        registry.gauge("cambium.fleet.rings.behind", late);
        registry.gauge("cambium.fleet.log.doubted", doubted);
        for (var code : Wait.Code.values()) {
            waits.put(code, registry.gauge("cambium.fleet.waits", Tags.of("code", code.word()), new AtomicLong()));
        }
        // Told as 0 from the start, so that the first one is an increase.
        registry.counter("cambium.coordinator.failures");
        registry.counter("cambium.pages.raised");
        for (var step : Step.values()) {
            RESULTS.forEach(result -> attempts(step, result));
        }
    }

    Planner measured(Planner planner) {
        return (fleet, now) -> plan(planner, fleet, now);
    }

    private Plan plan(Planner planner, Fleet fleet, Instant now) {
        brakes.set(fleet.brakes().keySet().stream().filter(scope -> !scope.equals(BrakeDrill.SCOPE)).count());
        blocked.set(Alerts.blocked(fleet).count());
        running.set(fleet.cells().values().stream().filter(cell -> cell.current().isPresent()).count());
        doubted.set(fleet.log().flaw().isPresent() ? 1 : 0);
        late.set(TooFarBehind.in(fleet, now).size());
        var plan = plans.record(() -> planner.plan(fleet, now));
        var counts = plan.causes().stream().collect(Collectors.groupingBy(Wait::code, Collectors.counting()));
        waits.forEach((code, gauge) -> gauge.set(counts.getOrDefault(code, 0L)));
        return plan;
    }

    /// A round that fails is measured too.
    Tick round(Supplier<Tick> round) {
        return rounds.record(round);
    }

    void ticked(Tick tick) {
        registry.counter("cambium.coordinator.ticks").increment();
        registry.counter("cambium.coordinator.troubles").increment(tick.troubles().size());
        leading.set(tick.leading() ? 1 : 0);
        revision.set(tick.revision());
        for (var event : tick.events()) {
            switch (event) {
                case FleetEvent.AttemptFinished finished -> attempts(finished.attempt().step(),
                        word(finished.result())).increment();
                case FleetEvent.AttemptWithheld withheld -> attempts(withheld.attempt().step(), WITHHELD).increment();
                case FleetEvent.PageRaised _ -> registry.counter("cambium.pages.raised").increment();
                case FleetEvent other -> { }
            }
        }
    }

    private Counter attempts(Step step, String result) {
        return registry.counter("cambium.attempts", "step", step.word(), "result", result);
    }

    void failed() {
        registry.counter("cambium.coordinator.failures").increment();
        leading.set(0);
    }

    static String word(AttemptResult result) {
        return switch (result) {
            case AttemptResult.Succeeded() -> "succeeded";
            case AttemptResult.Failed(_) -> "failed";
            case AttemptResult.TimedOut() -> "timed-out";
            case AttemptResult.Cancelled(_) -> "cancelled";
            case AttemptResult.Lost(_) -> "lost";
        };
    }
}
