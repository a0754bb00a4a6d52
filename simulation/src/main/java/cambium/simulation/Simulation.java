package cambium.simulation;

import cambium.rollout.Fleet;
import cambium.rollout.Plan;
import cambium.rollout.RolloutPlanner;
import cambium.server.fleet.ClockCheck;
import cambium.server.fleet.CoordinatorLoop;
import cambium.server.fleet.SteadyTime;
import cambium.server.fleet.Tick;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One run: a fleet, people and faults drawn from a seed, then a time without faults in which everything must come
/// right.
public final class Simulation implements FaultyStore.Interference {
    private static final int TROUBLED_STEPS = 140;
    /// More than eight days: a window of the week may open only at their end.
    private static final int CALM_STEPS = 4_000;
    private static final Duration CALM_STEP = Duration.ofMinutes(3);
    /// Every so many seeds the real judge reads metrics, which takes a while.
    private static final long MEASURED = 16;
    /// Every so many seeds people act often, between the real judge's seeds.
    private static final long BUSY = 8;

    private final long seed;
    private final World world;
    private final Inspection inspection;
    private final RecordingStore store;
    private final People people;
    private final Bait bait;
    private final Set<Fault> forced;
    private final Set<String> kinds = new TreeSet<>();
    private final List<Process> processes = new ArrayList<>();
    private Plan lastPlan = new Plan(List.of(), List.of());
    private int started;
    private boolean nested;
    private Process ticking;

    private Simulation(long seed, Bait bait, Optional<Set<Fault>> faults, boolean timelineKept) {
        this.seed = seed;
        this.bait = bait;
        this.forced = faults.orElse(Set.of());
        var chance = new Chance(seed);
        world = new World(chance, timelineKept, faults.map(Faults::of).orElseGet(() -> Faults.drawn(chance)),
                seed % MEASURED == 0 ? Optional.of(Traffic.mixed(seed)) : Optional.empty());
        inspection = new Inspection(world);
        store = new RecordingStore(world.time, inspection);
        people = new People(world, store, new Layout(chance), seed % BUSY == BUSY / 2);
        int coordinators = 1 + chance.below(3);
        for (int i = 0; i < coordinators; i++) {
            processes.add(new Process());
        }
    }

    public static Outcome run(long seed, Bait bait, boolean timelineKept) {
        return new Simulation(seed, bait, Optional.empty(), timelineKept).all();
    }

    /// A run that sees these kinds of trouble, each as often as it ever comes, and no others.
    static Outcome run(long seed, Set<Fault> faults, boolean timelineKept) {
        return new Simulation(seed, Bait.NONE, Optional.of(faults), timelineKept).all();
    }

    private Outcome all() {
        trouble();
        calm();
        return outcome();
    }

    /// The troubled part alone, for whoever does not ask whether all comes right afterwards.
    static Outcome troubled(long seed, Bait bait) {
        var simulation = new Simulation(seed, bait, Optional.empty(), false);
        simulation.trouble();
        return simulation.outcome();
    }

    /// A coordinator's process; killed, it starts anew under another name and knows nothing.
    private final class Process {
        private final Machine machine = new Machine(world.time);
        private final Outages links = new Outages(world, "process", Fault.STORE_CUT, Fault.DRIVER_CUT);
        private CoordinatorLoop loop = begin();

        private CoordinatorLoop begin() {
            var seen = new FaultyStore(store, world, Simulation.this, links);
            var steady = new SteadyTime(machine, machine::nanos);
            return new CoordinatorLoop("coordinator-" + ++started, new MisreadStore(bait.store(seen), bait::seen),
                    bait.driver(new CutDriver(world.driver, links)),
                    bait.observer(new SimulatedObserver(world)), new SimulatedChannels(world),
                    new SimulatedCatalog(world),
                    bait.brakeFile(Simulation.this::brakeFile),
                    bait.planner(Simulation.this::plan),
                    bait.time(steady, machine),
                    List.of(new ClockCheck(bait.right(world.time, machine)::instant, steady)));
        }

        void restart() {
            loop = begin();
        }

        Optional<Tick> tick() {
            var outer = ticking;
            ticking = this;
            try {
                var tick = loop.tick();
                if (!tick.leading()) {
                    tick.troubles().forEach(trouble -> world.timeline.tell("process", () -> trouble));
                }
                return Optional.of(tick);
            } catch (Killed killed) {
                world.timeline.tell("process", () -> "killed " + killed.getMessage());
                loop = begin();
                return Optional.empty();
            } catch (Unanswered silent) {
                world.timeline.tell("store", () -> "gives no answer " + silent.getMessage());
                return Optional.empty();
            } finally {
                ticking = outer;
            }
        }
    }

    private Optional<String> brakeFile() {
        return world.outages.lasts(Fault.BRAKE_FILE) ? Optional.of("something looks odd") : Optional.empty();
    }

    private Plan plan(Fleet fleet, Instant now) {
        lastPlan = RolloutPlanner.plan(fleet, now);
        lastPlan.decisions().forEach(decision -> kinds.add("decision " + decision.getClass().getSimpleName()));
        lastPlan.waits().forEach(wait -> kinds.add("wait " + wait.code()));
        return lastPlan;
    }

    @Override
    public void pausedFor(Duration time) {
        if (!nested) {
            nested = true;
            world.timeline.tell("process", () -> "stands still for " + time);
            world.pass(time);
            other().ifPresent(Process::tick);
            nested = false;
        }
    }

    @Override
    public void sleepsFor(Duration time) {
        if (!nested) {
            ticking.machine.sleep(time);
            pausedFor(time);
        }
    }

    @Override
    public void clockSet(Duration ahead) {
        ticking.machine.set(ahead);
        world.timeline.tell("process", () -> "its machine's clock is set " + ahead + " ahead");
    }

    /// Another one than the process that stands still, if there is any.
    private Optional<Process> other() {
        var others = processes.stream().filter(process -> process != ticking).toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(world.chance.of(others));
    }

    @Override
    public void personActs() {
        if (!nested) {
            nested = true;
            people.act();
            nested = false;
        }
    }

    private Outcome outcome() {
        replay();
        inspection.eventKinds().forEach(kind -> kinds.add("event " + kind));
        world.metrics.ifPresent(metrics -> metrics.counted.forEach(verdict -> kinds.add("judged " + verdict)));
        world.happened.forEach(fault -> kinds.add("fault " + fault));
        return new Outcome(seed, forced.stream().map(Fault::word).sorted().toList(),
                inspection.broken(), kinds, store.log().size(), world.time.elapsed(),
                world.timeline.lines());
    }

    private void trouble() {
        for (int step = 0; step < TROUBLED_STEPS && inspection.broken().isEmpty(); step++) {
            world.pass(world.chance.upTo(Duration.ofSeconds(world.chance.in(0.3) ? 1200 : 120)));
            processes.forEach(process -> process.links.pass());
            if (world.chance.in(people.often())) {
                people.act();
            }
            if (!world.storeRefuses() && world.strikes(Fault.STRAY_RESULT, 1)) {
                people.strayResult().ifPresent(how -> inspection.brake(Inspection.TRUE_RESULT, how));
            }
            if (world.strikes(Fault.RESTART_OF_ALL, 1)) {
                processes.forEach(Process::restart);
            }
            world.chance.of(processes).tick();
            if (world.faults.share(Fault.STORE_GOES_BACK) > 0) {
                backUpOrGoBack();
            }
        }
    }

    /// As the runbook says: no process runs, the store is put back, what runs on cells is left to end, all begin anew.
    private void backUpOrGoBack() {
        if (world.chance.in(0.1)) {
            store.backUp();
        }
        if (world.strikes(Fault.STORE_GOES_BACK, 1)) {
            world.timeline.tell("store", () -> "is put back to its backup");
            store.goBack();
            world.driver.endStray();
            while (!world.driver.idle()) {
                world.pass(CALM_STEP);
            }
            processes.forEach(Process::restart);
        }
    }

    /// C-21, C-24: whatever was lost or broken before, everything comes to the wanted state in the end, and stays.
    private void calm() {
        world.heal();
        processes.forEach(process -> {
            process.machine.set(Duration.ZERO);
            process.links.end();
        });
        people.declareFleet();
        people.settle();
        for (int step = 0; step < CALM_STEPS && inspection.broken().isEmpty(); step++) {
            world.pass(CALM_STEP);
            world.chance.of(processes).tick();
            if (people.missing(store.load().fleet()).isEmpty() && lastPlan.decisions().isEmpty()) {
                return;
            }
            people.help(lastPlan);
        }
        if (inspection.broken().isEmpty()) {
            inspection.brake("C-24: once faults stop, all cells converge and stay", people.missing(store.load().fleet())
                    + "; "
                    + lastPlan.decisions() + "; " + lastPlan.waits());
        }
    }

    private void replay() {
        if (!Fleet.empty().after(store.log()).equals(store.load().fleet())) {
            inspection.brake("C-28: folding the events from the start gives the state", "it gives another one");
        }
    }
}
