package cambium.simulation;

import cambium.rollout.Attempt;
import cambium.rollout.AttemptResult;
import cambium.rollout.Bake;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetCommands;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.Plan;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import cambium.server.fleet.Planner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Every state that a small fleet can come to in so many acts, breadth first: two rings of one cell, one version or
/// two, and each order in which steps work, fail or get lost, verdicts come, a brake is pulled and released, and time
/// goes by. The promises are checked on every event of every way. States that differ only in when they were reached are
/// one state.
final class Exploration {
    private static final Duration CLOCK_STEP = Duration.ofMinutes(3);
    private static final long FORGETTABLE_SECONDS = 30 * 60;
    private static final Pattern INSTANT = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z");
    private static final Pattern REVISION = Pattern.compile("^Fleet\\[revision=[0-9]+");

    private final Planner planner;
    private final boolean startsUnasked;
    private final Set<String> known = new HashSet<>();
    private final Set<String> broken = new TreeSet<>();

    /// @param states how many differ
    /// @param broken the promises that some way to one of them breaks
    record Found(int states, Set<String> broken) {}

    private record Reached(Fleet fleet, Instant now, List<FleetEvent> log) {
        Reached then(List<FleetEvent> events) {
            var longer = new ArrayList<>(log);
            longer.addAll(events);
            return new Reached(fleet.after(events), now, longer);
        }
    }

    private Exploration(Planner planner, boolean startsUnasked) {
        this.planner = planner;
        this.startsUnasked = startsUnasked;
    }

    /// @param startsUnasked whether an attempt starts without the last look, which is a mistake
    static Found of(Planner planner, boolean startsUnasked, int versions, int depth) {
        var exploration = new Exploration(planner, startsUnasked);
        var level = List.of(first(versions));
        for (int acts = 0; acts < depth; acts++) {
            var next = new ArrayList<Reached>();
            for (var from : level) {
                exploration.after(from).stream().filter(exploration::isNew).forEach(next::add);
            }
            level = next;
        }
        return new Found(exploration.known.size(), exploration.broken);
    }

    private boolean isNew(Reached from) {
        var text = REVISION.matcher(from.fleet().toString()).replaceFirst("");
        return known.add(INSTANT.matcher(text).replaceAll(found -> "-" + Math.min(FORGETTABLE_SECONDS,
                Duration.between(Instant.parse(found.group()), from.now()).toSeconds())));
    }

    private static Reached first(int versions) {
        var from = asked(new Reached(Fleet.empty(), VirtualTime.START, List.of()), new FleetCommand.Apply(fleet()));
        from = from.then(List.of(new FleetEvent.CellObserved(from.now(), CellId.of("main"), true, Optional.empty()),
                new FleetEvent.CellObserved(from.now(), CellId.of("c1"), true, Optional.empty())));
        for (int number = 1; number <= versions; number++) {
            var version = ProductVersion.of(number + ".0");
            from = asked(from, new FleetCommand.Deploy(version, List.of(new PackageRef("shop", version.value(), "amd64",
                    "a".repeat(64), "pool/shop.deb")), Optional.empty(), Optional.empty()));
        }
        return from;
    }

    private static FleetSpec fleet() {
        var policy = RingPolicy.DEFAULT.with(parts -> {
            parts.bake = new Bake(Duration.ofMinutes(3), 10);
            parts.retries = 1;
        });
        return new FleetSpec("small", new FleetSpec.Product("acme/shop", "debian/bookworm", List.of("shop")),
                RingNumber.of(0), FleetSpec.Graduation.AUTOMATIC, List.of(
                new RingSpec(RingNumber.of(0), policy, List.of(cell("main", CellSpec.Kind.MAIN))),
                new RingSpec(RingNumber.of(1), policy, List.of(cell("c1", CellSpec.Kind.SECONDARY)))));
    }

    private static CellSpec cell(String name, CellSpec.Kind kind) {
        return new CellSpec(CellId.of(name), kind, "job", Optional.of("http://" + name + "/health"),
                Optional.of("http://" + name + "/metrics"), new TreeMap<>());
    }

    private static Reached asked(Reached from, FleetCommand command) {
        return switch (FleetCommands.decide(from.fleet(), command, "rm", from.now())) {
            case FleetCommand.Answer.Accepted(var events) -> from.then(events);
            case FleetCommand.Answer.Refused _ -> from;
        };
    }

    /// All that can happen next.
    private List<Reached> after(Reached from) {
        var next = new ArrayList<Reached>();
        Plan plan = planner.plan(from.fleet(), from.now());
        if (!plan.decisions().isEmpty()) {
            next.add(checked(from, plan.decisions().stream().map(decision -> decision.event(from.now())).toList()));
        }
        for (var cell : from.fleet().cells().values()) {
            cell.current().ifPresent(attempt -> ways(from, attempt).forEach(events -> next.add(checked(from, events))));
        }
        from.fleet().rings().forEach((number, ring) -> ring.target().filter(target -> from.fleet()
                .version(target.version()).filter(version -> !version.admitted().contains(number)).isPresent())
                .ifPresent(target -> next.add(checked(from, List.of(new FleetEvent.RingAdmitted(from.now(),
                        target.version(), number))))));
        for (var watch : from.fleet().watches()) {
            for (var verdict : Verdict.values()) {
                var reached = new FleetEvent.VerdictReached(from.now(), watch.cell(), watch.attempt(), watch.version(),
                        verdict, verdict == Verdict.NO_DATA ? 0 : 100, Evidence.of(verdict.word()));
                if (from.fleet().isNews(reached)) {
                    next.add(checked(from, List.of(reached)));
                }
            }
        }
        next.add(asked(from, from.fleet().brakes().isEmpty()
                ? new FleetCommand.SetBrake(new Scope.FleetWide(), "odd", Optional.empty())
                : new FleetCommand.ReleaseBrake(new Scope.FleetWide(), "over")));
        next.add(new Reached(from.fleet(), from.now().plus(CLOCK_STEP), from.log()));
        return next;
    }

    /// How an attempt can go on: it starts or is withheld; it works, fails, or gets lost having worked or not.
    private List<List<FleetEvent>> ways(Reached from, Attempt attempt) {
        var now = from.now();
        if (attempt.state() instanceof Attempt.State.Requested) {
            var hindrance = startsUnasked ? Optional.<FleetEvent>empty()
                    : RolloutPlanner.mayStart(from.fleet(), attempt.id(), now).<FleetEvent>map(wait ->
                            new FleetEvent.AttemptWithheld(now, attempt.id(), wait.text()));
            return List.of(List.of(hindrance.orElseGet(() -> new FleetEvent.AttemptStarted(now, attempt.id()))));
        }
        boolean carries = attempt.id().step() == Step.DEPLOY || attempt.id().step() == Step.ROLLBACK;
        var worked = new FleetEvent.CellObserved(now, attempt.id().cell(), true, Optional.of(attempt.version()));
        var unchanged = new FleetEvent.CellObserved(now, attempt.id().cell(), true, carries ? attempt.previous()
                : Optional.of(attempt.version()));
        var lost = new FleetEvent.AttemptFinished(now, attempt.id(), new AttemptResult.Lost("no answer"));
        return List.of(
                List.of(new FleetEvent.AttemptFinished(now, attempt.id(), new AttemptResult.Succeeded()), worked),
                List.of(new FleetEvent.AttemptFinished(now, attempt.id(), new AttemptResult.Failed("exit 1")),
                        unchanged),
                List.of(lost, worked), List.of(lost, unchanged));
    }

    private Reached checked(Reached from, List<FleetEvent> events) {
        var history = new History();
        from.log().forEach(history::add);
        for (var event : events) {
            for (var check : Checks.ALL) {
                check.brokenBy(event, history).ifPresent(how -> broken.add(check.sentence() + ": " + how));
            }
            history.add(event);
        }
        return from.then(events);
    }
}
