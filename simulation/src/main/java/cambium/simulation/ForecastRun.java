package cambium.simulation;

import cambium.rollout.Cell;
import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetCommands;
import cambium.rollout.FleetEvent;
import cambium.rollout.PackageRef;
import cambium.rollout.Plan;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Rollout;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import cambium.rollout.Wait;
import cambium.server.fleet.BrakeFile;
import cambium.server.fleet.CoordinatorLoop;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.Tick;
import cambium.server.fleet.memory.InMemoryFleetStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One rollout through a user's fleet in virtual time, by the real planner and the real loop. The fleet first takes a
/// good version everywhere, without any trouble; what is told begins with the version after it.
final class ForecastRun {
    private static final ProductVersion BEFORE = ProductVersion.of("1.0.0");
    private static final ProductVersion AFTER = ProductVersion.of("2.0.0");
    private static final PackageRef PACKAGE = new PackageRef("simulated", "1", "all", "0".repeat(64), "pool/s");
    private static final Duration STEP = Duration.ofSeconds(20);
    private static final Duration LONG_STEP = Duration.ofMinutes(5);
    private static final Duration QUIET = Duration.ofHours(6);
    private static final Duration MOST_BEFORE = Duration.ofDays(400);
    private static final int MOST_WAITS = 20;
    private static final int MOST_PDM_ASKED = 3;

    private final Question question;
    private final long seed;
    private final World world;
    private final FleetStore store;
    private final ForecastObserver observer;
    private final CoordinatorLoop loop;
    private final List<FleetEvent> events = new ArrayList<>();
    private final TreeSet<CellId> reached = new TreeSet<>();
    private final TreeSet<CellId> harmed = new TreeSet<>();
    private final Map<CellId, Integer> pdmAsked = new TreeMap<>();
    private Optional<Instant> firstRanAt = Optional.empty();
    private Duration harm = Duration.ZERO;
    private Plan plan = new Plan(List.of(), List.of());
    /// For how long nothing has moved where nothing will any more: people have had their time.
    private Duration rest = QUIET;
    private Instant lastEvent = VirtualTime.START;

    private ForecastRun(Question question, long seed) {
        this.question = question;
        this.seed = seed;
        world = new World(new Chance(seed), false, Faults.NONE, question.judge() instanceof JudgeOfForecast.Real(
                var perSecond, var harm) ? Optional.of(new Traffic(seed, _ -> perSecond, _ -> harm))
                : Optional.empty());
        observer = new ForecastObserver(world, question.judge());
        store = new InMemoryFleetStore(world.time);
        loop = new CoordinatorLoop("forecast", store, world.driver, observer, new SimulatedChannels(world),
                new SimulatedCatalog(world), BrakeFile.NONE, this::planned, world.time);
    }

    static Forecast of(Question question, long seed) {
        return new ForecastRun(question, seed).run();
    }

    private Plan planned(Fleet fleet, Instant now) {
        plan = RolloutPlanner.plan(fleet, now);
        return plan;
    }

    private Forecast run() {
        world.declare(question.fleet());
        command(new FleetCommand.Apply(question.fleet()));
        arrive(BEFORE, () -> state(BEFORE) == Rollout.State.COMPLETE && plan.waits().isEmpty(), Optional.of(STEP),
                MOST_BEFORE);
        if (state(BEFORE) != Rollout.State.COMPLETE) {
            throw new Forecast.NoWayThrough(waits(BEFORE, VirtualTime.START));
        }
        if (question.judge() instanceof JudgeOfForecast.Real) {
            world.pass(JudgeOfForecast.Real.PAST);
        }
        observer.begin();
        world.truth.register(AFTER, question.nature());
        world.faults = question.faults();
        events.clear();
        var begin = world.time.instant();
        boolean rests = arrive(AFTER, () -> state(AFTER) == Rollout.State.COMPLETE || gone(AFTER),
                question.peopleAfter(), question.limit());
        var end = end(rests);
        var left = end == Forecast.End.BLOCKED ? have(AFTER) : Set.<CellId>of();
        var waits = switch (end) {
            case COMPLETE -> List.<String>of();
            case BLOCKED -> keep(left, begin);
            case WAITS, UNFINISHED -> waits(AFTER, begin);
        };
        return new Forecast(seed, end, Forecast.block(events, AFTER, begin), waits,
                Duration.between(begin, rests ? lastEvent : world.time.instant()), rings(begin), reached, left, harmed,
                harm, judgedHarmful(), Forecast.pages(events, begin), Forecast.count(events, Step.DEPLOY),
                Forecast.count(events, Step.ROLLBACK));
    }

    private Optional<Duration> judgedHarmful() {
        return events.stream().filter(event -> event instanceof FleetEvent.VerdictReached verdict
                && verdict.verdict() == Verdict.HARMFUL && verdict.version().equals(AFTER)).findFirst()
                .map(event -> Duration.between(firstRanAt.orElse(event.at()), event.at()));
    }

    private Forecast.End end(boolean rests) {
        return switch (state(AFTER)) {
            case COMPLETE -> Forecast.End.COMPLETE;
            case BLOCKED -> Forecast.End.BLOCKED;
            case ACTIVE, SUPERSEDED -> rests ? Forecast.End.WAITS : Forecast.End.UNFINISHED;
        };
    }

    /// Until it is done, or nothing moves any more; false where time is up before.
    private boolean arrive(ProductVersion version, BooleanSupplier done, Optional<Duration> people, Duration limit) {
        pdmAsked.clear();
        rest = QUIET.plus(people.orElse(Duration.ZERO));
        var end = world.time.instant().plus(limit);
        lastEvent = world.time.instant();
        command(new FleetCommand.Deploy(version, List.of(PACKAGE), Optional.empty(), Optional.empty()));
        while (world.time.instant().isBefore(end)) {
            var tick = loop.tick();
            events.addAll(tick.events());
            if (tick.events().stream().anyMatch(ForecastRun::moves)) {
                lastEvent = world.time.instant();
            }
            if (done.getAsBoolean()) {
                return true;
            }
            if (people.isPresent() && quiet(people.get())) {
                help(version);
            }
            if (quiet(rest) && tick.wakeAt().isEmpty() && world.driver.idle() && !world.somethingIsAway()) {
                return true;
            }
            var step = step(tick);
            var untilEnd = Duration.between(world.time.instant(), end);
            pass(step.compareTo(untilEnd) < 0 ? step : untilEnd);
        }
        return false;
    }

    /// Blocked, on no cell any more, and nothing is under way that could change that. What befalls the cells afterwards
    /// is not about this version.
    private boolean gone(ProductVersion version) {
        return state(version) == Rollout.State.BLOCKED && have(version).isEmpty() && world.driver.idle()
                && store.load().fleet().cells().values().stream().allMatch(cell -> cell.current().isEmpty());
    }

    private Set<CellId> have(ProductVersion version) {
        return world.cells.values().stream().filter(cell -> cell.installed().equals(Optional.of(version)))
                .map(cell -> cell.id).collect(Collectors.toCollection(TreeSet::new));
    }

    /// What is only seen, judged or told moves nothing by itself.
    private static boolean moves(FleetEvent event) {
        return switch (event) {
            case FleetEvent.CellObserved _, FleetEvent.VerdictReached _, FleetEvent.PageRaised _ -> false;
            default -> true;
        };
    }

    private boolean quiet(Duration time) {
        return !world.time.instant().isBefore(lastEvent.plus(time));
    }

    /// Short while something is in motion; else up to what ends the next wait.
    private Duration step(Tick tick) {
        if (!world.driver.idle() || tick.again() || !quiet(question.judge().patience().plus(LONG_STEP))) {
            return STEP;
        }
        var untilWake = tick.wakeAt().map(wake -> Duration.between(world.time.instant(), wake)).orElse(LONG_STEP);
        return untilWake.compareTo(STEP) < 0 ? STEP
                : untilWake.compareTo(LONG_STEP) > 0 && !quiet(rest) ? LONG_STEP : untilWake;
    }

    private void pass(Duration time) {
        world.pass(time);
        for (var cell : world.cells.values()) {
            if (cell.installed().filter(AFTER::equals).isPresent()) {
                reached.add(cell.id);
                var ran = cell.ran(world.time.instant());
                firstRanAt = firstRanAt.or(() -> Optional.of(world.time.instant().minus(ran)));
                if (world.truth.harms(AFTER, ran) || world.truth.kills(AFTER, ran)) {
                    harmed.add(cell.id);
                    harm = harm.plus(ran.compareTo(time) < 0 ? ran : time);
                }
            }
        }
    }

    /// People do what the plan waits for them to do.
    private void help(ProductVersion version) {
        for (var wait : plan.waits()) {
            switch (wait.code()) {
                case PDM_MANUAL, PDM -> askForPdm(wait);
                case NOT_GRADUATED -> command(new FleetCommand.Graduate(version));
                case BLOCKED -> command(new FleetCommand.RollBack(new Scope.OfVersion(version), "it was found bad",
                        false));
                case APPROVAL -> approve(version, wait);
                default -> { }
            }
        }
    }

    /// Of what the cell has, for the first time or since it failed, where it does not run at present.
    private void askForPdm(Wait wait) {
        if (wait.subject() instanceof Scope.OfCell(var cell) && wait.until().isEmpty()) {
            store.load().fleet().cell(cell).filter(known -> known.current().isEmpty()).flatMap(Cell::given)
                    .filter(_ -> pdmAsked.merge(cell, 1, Integer::sum) <= MOST_PDM_ASKED)
                    .ifPresent(given -> command(new FleetCommand.RunPdm(given.version(), Optional.of(cell))));
        }
    }

    /// As many people as the ring asks for.
    private void approve(ProductVersion version, Wait wait) {
        if (wait.subject() instanceof Scope.OfRing(var ring)) {
            int approvers = store.load().fleet().spec().flatMap(spec -> spec.ring(ring))
                    .map(known -> known.policy().gates().approvers()).orElse(0);
            for (int person = 1; person <= approvers; person++) {
                command(new FleetCommand.Approve(version, ring, FleetCommand.Ruling.APPROVE, Optional.empty()),
                        "forecast " + person);
            }
        }
    }

    /// What is refused changes nothing: people ask again.
    private void command(FleetCommand command) {
        command(command, "forecast");
    }

    private void command(FleetCommand command, String by) {
        var snapshot = store.load();
        if (FleetCommands.decide(snapshot.fleet(), command, by, world.time.instant())
                instanceof FleetCommand.Answer.Accepted(var accepted) && !accepted.isEmpty()) {
            store.commit(snapshot.revision(), accepted);
        }
    }

    private Rollout.State state(ProductVersion version) {
        return store.load().fleet().rolloutOf(version).orElseThrow().state();
    }

    /// What the version waits for, then whatever else stands still and is not said with it.
    private List<String> waits(ProductVersion version, Instant begin) {
        var own = plan.waitOf(new Scope.OfVersion(version)).map(ForecastRun::told);
        var others = plan.causes().stream().filter(wait -> wait.code() != Wait.Code.OUTER_RING
                && wait.code() != Wait.Code.INNER_RING)
                .map(ForecastRun::told).filter(told -> own.filter(text -> text.contains(told)).isEmpty());
        return Stream.concat(own.stream(), others).distinct().limit(MOST_WAITS)
                .map(told -> SinceCommand.told(told, begin)).toList();
    }

    /// Why these cells do not go back, without why the version is blocked.
    private List<String> keep(Set<CellId> left, Instant begin) {
        var known = store.load().fleet().version(AFTER).orElseThrow();
        var why = known.blocked().map(blocked -> AFTER + " is " + blocked.ground().word() + ": " + blocked.why() + "; ")
                .orElse("");
        return plan.waits().stream().filter(wait -> wait.subject() instanceof Scope.OfCell(var cell)
                && left.contains(cell)).map(wait -> told(wait).replace(why, "")).distinct().limit(MOST_WAITS)
                .map(told -> SinceCommand.told(told, begin)).toList();
    }

    private static String told(Wait wait) {
        return wait.subject() + ": " + wait.text();
    }

    private SortedMap<RingNumber, Forecast.Times> rings(Instant begin) {
        var rings = new TreeMap<RingNumber, Forecast.Times>();
        for (var event : events) {
            var since = Duration.between(begin, event.at());
            switch (event) {
                case FleetEvent.RingOpened opened when opened.version().equals(AFTER) ->
                    rings.put(opened.ring(), new Forecast.Times(since, Duration.ZERO, Duration.ZERO));
                case FleetEvent.RingConverged converged when converged.version().equals(AFTER) ->
                    rings.computeIfPresent(converged.ring(), (_, times) -> new Forecast.Times(times.began(), since,
                            times.proved()));
                case FleetEvent.RingBaked baked when baked.version().equals(AFTER) ->
                    rings.computeIfPresent(baked.ring(), (_, times) -> new Forecast.Times(times.began(),
                            times.converged(), since));
                default -> { }
            }
        }
        return rings;
    }
}
