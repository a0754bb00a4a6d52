package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// A fleet whose world does at once what is decided, unless a test says otherwise: the cells work, report what they
/// were given and are healthy.
final class FleetLab {
    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    Fleet fleet = Fleet.empty();
    Instant now = START;
    final List<FleetEvent> log = new ArrayList<>();
    /// What an attempt answers; by `cell.step` or `cell.step.version`. Absent: it succeeds. `NEVER`: no answer comes.
    final Map<String, AttemptResult> results = new LinkedHashMap<>();
    static final AttemptResult NEVER = new AttemptResult.Lost("never");
    /// Verdicts by cell or by version; absent: healthy with 1000 samples.
    final Map<String, Verdict> verdicts = new LinkedHashMap<>();
    final Map<CellId, ProductVersion> running = new TreeMap<>();
    final Map<CellId, Boolean> reachable = new TreeMap<>();
    long samples = 1000;
    /// What verdicts rest on; absent: a sentence without figures.
    Optional<Evidence> evidence = Optional.empty();
    Plan plan = new Plan(List.of(), List.of());

    static CellSpec cell(String name, CellSpec.Kind kind) {
        return new CellSpec(CellId.of(name), kind, "local", Optional.of("http://" + name + "/health"),
                Optional.of("http://" + name + "/metrics"),
                new TreeMap<>());
    }

    static RingSpec ring(int number, RingPolicy policy, CellSpec... cells) {
        return new RingSpec(RingNumber.of(number), policy, List.of(cells));
    }

    static FleetSpec spec(int perimeter, FleetSpec.Graduation graduation, RingSpec... rings) {
        return new FleetSpec("lab", new FleetSpec.Product("acme/shop", "debian/bookworm", List.of("shop")),
                RingNumber.of(perimeter),
                graduation, List.of(rings));
    }

    /// The blueprint's picture, smaller: canary and qa in ring 0, main in ring 1 (the perimeter), two cells each in
    /// rings 2 and 3.
    static FleetSpec blueprint(UnaryOperator<RingPolicy> policy) {
        var common = policy.apply(RingPolicy.DEFAULT);
        return spec(1, FleetSpec.Graduation.AUTOMATIC,
                ring(0, Policies.qa(common, RingPolicy.Qa.SOFT), cell("canary", CellSpec.Kind.CANARY),
                cell("qa", CellSpec.Kind.QA)),
                ring(1, common, cell("main", CellSpec.Kind.MAIN)),
                ring(2, common, cell("c1", CellSpec.Kind.SECONDARY), cell("c2", CellSpec.Kind.SECONDARY)),
                ring(3, common, cell("c3", CellSpec.Kind.SECONDARY), cell("c4", CellSpec.Kind.SECONDARY)));
    }

    static FleetLab blueprint() {
        return new FleetLab().apply(blueprint(policy -> policy));
    }

    FleetLab apply(FleetSpec spec) {
        record(new FleetEvent.FleetApplied(now, "ops", spec));
        spec.rings().forEach(ring -> ring.cells().forEach(cell -> reachable.putIfAbsent(cell.cell(), true)));
        return this;
    }

    void record(FleetEvent event) {
        log.add(event);
        fleet = fleet.after(event);
    }

    FleetCommand.Answer command(FleetCommand command) {
        var answer = FleetCommands.decide(fleet, command, "anna", now);
        if (answer instanceof FleetCommand.Answer.Accepted(var events)) {
            events.forEach(this::record);
        }
        return answer;
    }

    static PackageRef shop(String version) {
        return new PackageRef("shop", version, "amd64", "a".repeat(64), "pool/shop_" + version + "_amd64.deb");
    }

    FleetCommand.Answer deploy(String version) {
        return command(new FleetCommand.Deploy(ProductVersion.of(version), List.of(shop(version)), Optional.empty(),
                Optional.empty()));
    }

    /// Plans and carries out until nothing is left to decide at this instant.
    FleetLab settle() {
        for (int pass = 0; pass < 300; pass++) {
            boolean looked = observe() | answer();
            plan = RolloutPlanner.plan(fleet, now);
            if (plan.decisions().isEmpty() && !looked) {
                return this;
            }
            plan.decisions().forEach(this::act);
            now = now.plusMillis(10);
        }
        throw new IllegalStateException("still deciding after 300 passes: " + plan.decisions());
    }

    FleetLab pass(Duration time) {
        now = now.plus(time);
        return settle();
    }

    /// Lets time go by in small steps, settling at each.
    FleetLab live(Duration time) {
        var end = now.plus(time);
        settle();
        while (now.isBefore(end)) {
            pass(Duration.ofSeconds(30));
        }
        return this;
    }

    private void act(Decision decision) {
        record(decision.event(now));
        switch (decision) {
            case Decision.Open open -> {
                if (RolloutPlanner.mayAdmit(fleet, open.version(), open.ring(), now).isEmpty()) {
                    record(new FleetEvent.RingAdmitted(now, open.version(), open.ring()));
                }
            }
            case Decision.Start start -> RolloutPlanner.mayStart(fleet, start.attempt(), now).ifPresentOrElse(
                    wait -> record(new FleetEvent.AttemptWithheld(now, start.attempt(), wait.text())), () ->
                            start(start));
            case Decision other -> { }
        }
    }

    private void start(Decision.Start start) {
        record(new FleetEvent.AttemptStarted(now, start.attempt()));
        if (result(start) instanceof AttemptResult.Succeeded && (start.step() == Step.DEPLOY
                || start.step() == Step.ROLLBACK)) {
            running.put(start.cell(), start.version());
        }
    }

    private AttemptResult result(Decision.Start start) {
        return result(start.cell(), start.step(), start.version());
    }

    private AttemptResult result(CellId cell, Step step, ProductVersion version) {
        var key = cell + "." + step.word();
        return results.getOrDefault(key + "." + version, results.getOrDefault(key, new AttemptResult.Succeeded()));
    }

    private boolean answer() {
        boolean news = false;
        for (var cell : fleet.cells().values()) {
            var current = cell.current();
            if (current.isPresent() && current.get().state() instanceof Attempt.State.Started(var _)) {
                var result = result(cell.id(), current.get().id().step(), current.get().version());
                if (result != NEVER) {
                    record(new FleetEvent.AttemptFinished(now, current.get().id(), result));
                    news = true;
                }
            }
        }
        return news;
    }

    private boolean observe() {
        boolean news = false;
        for (var cell : List.copyOf(fleet.cells().values())) {
            boolean seen = reachable.get(cell.id());
            news |= ifNews(new FleetEvent.CellObserved(now, cell.id(), seen, seen
                    ? Optional.ofNullable(running.get(cell.id())) : Optional.empty()));
        }
        for (var watch : fleet.watches()) {
            var verdict = verdicts.getOrDefault(watch.cell() + "." + watch.version(),
                    verdicts.getOrDefault(watch.version().toString(), Verdict.HEALTHY));
            news |= ifNews(new FleetEvent.VerdictReached(now, watch.cell(), watch.attempt(), watch.version(), verdict,
                    verdict == Verdict.NO_DATA ? 0 : samples,
                    evidence.orElseGet(() -> Evidence.of("judged " + verdict.word()))));
        }
        return news;
    }

    private boolean ifNews(FleetEvent event) {
        boolean news = fleet.isNews(event);
        if (news) {
            record(event);
        }
        return news;
    }

    /// The blueprint's fleet with version 1.0.0 everywhere.
    static FleetLab onFirstVersion(UnaryOperator<RingPolicy> policy) {
        var lab = new FleetLab().apply(blueprint(policy));
        lab.deploy("1.0.0");
        lab.live(Duration.ofHours(1));
        if (lab.fleet.rollouts().get(1).state() != Rollout.State.COMPLETE) {
            throw new IllegalStateException("1.0.0 did not get everywhere: " + lab.plan);
        }
        return lab;
    }

    void brake(String scope, String why) {
        command(new FleetCommand.SetBrake(Scope.of(scope), why, Optional.empty()));
    }

    void releaseBrake(String scope) {
        command(new FleetCommand.ReleaseBrake(Scope.of(scope), "over"));
    }

    String runs(String cell) {
        return Optional.ofNullable(running.get(CellId.of(cell))).map(ProductVersion::toString).orElse("nothing");
    }

    boolean started(String prefix) {
        return log.stream().anyMatch(event -> event instanceof FleetEvent.AttemptStarted(var _, var id) && id.toString()
                .startsWith(prefix));
    }

    Cell cell(String name) {
        return fleet.cells().get(CellId.of(name));
    }

    VersionRecord version(String name) {
        return fleet.version(ProductVersion.of(name)).orElseThrow();
    }

    Optional<Wait> waitOf(String scope) {
        return plan.waitOf(Scope.of(scope));
    }

    Wait.Code code(String scope) {
        return waitOf(scope).map(Wait::code).orElse(null);
    }

    FleetStatus status() {
        return FleetStatus.of(fleet, plan, now);
    }
}
