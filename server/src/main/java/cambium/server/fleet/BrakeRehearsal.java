package cambium.server.fleet;

import cambium.rollout.AttemptId;
import cambium.rollout.BrakeDrill;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.rollout.Wait;
import cambium.server.access.Actor;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.http.Refused;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A fleet of one cell that exists nowhere, in memory, under the real loop, planner and brake file: for drills.
/// Its only version is the one of [BrakeDrill#SCOPE], so a brake on that scope holds it.
final class BrakeRehearsal {
    private static final ProductVersion VERSION = ((Scope.OfVersion) BrakeDrill.SCOPE).version();
    private static final String FLEET = """
            fleet: brake-drill
            product: {repository: brake/drill, distribution: debian/bookworm, packages: [brake-drill]}
            perimeter: 0
            rings:
              - ring: 0
                cells:
                  - cell: drill
                    kind: main
                    driver: drill
                    health: "http://drill.invalid/"
                    metrics: "http://drill.invalid/"
            """;
    private static final PackageRef PACKAGE = new PackageRef("brake-drill", VERSION.toString(), "all", "0".repeat(64),
            "brake-drill");

    private final InstantSource time;
    private final FleetStore store;
    private final CommandDesk desk;
    private final Surroundings surroundings = new Surroundings();
    private final CoordinatorLoop loop;
    private final BrakeFileWatch watch;

    /// Something in the way from a pulled brake to a start that is refused does not do what it must.
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1;

        Broken(String what) {
            super(what);
        }
    }

    BrakeRehearsal(Planner planner, BrakeFile file, InstantSource time) {
        this.time = time;
        this.store = new InMemoryFleetStore(time);
        this.desk = new CommandDesk(store, time);
        this.loop = new CoordinatorLoop("brake drill", store, surroundings, surroundings, surroundings, surroundings,
                file, planner, time);
        this.watch = new BrakeFileWatch(file, store, desk);
    }

    private static FleetSpec read(String yaml) {
        return switch (FleetYaml.read(yaml.getBytes(StandardCharsets.UTF_8))) {
            case FleetYaml.Reading.Read(var spec) -> spec;
            case FleetYaml.Reading other -> throw new IllegalStateException("the drill's fleet is wrong: " + other);
        };
    }

    /// Declares the fleet and asks for the version; nothing is decided yet.
    void prepare(Actor by) {
        desk.run(new FleetCommand.Apply(read(FLEET)), by);
        desk.run(new FleetCommand.Deploy(VERSION, List.of(PACKAGE), Optional.empty(), Optional.empty()), by);
    }

    /// Takes in what was recorded in the real log.
    void take(FleetEvent event) {
        store.commit(store.load().revision(), List.of(event));
    }

    /// Rounds of the loop, after which nothing may have begun.
    void mustHold(String brake) throws Broken {
        loop.tick();
        if (!surroundings.started.isEmpty()) {
            throw new Broken("a start went out in spite of " + brake);
        }
        if (events().stream().anyMatch(event -> event instanceof FleetEvent.RingOpened
                || event instanceof FleetEvent.AttemptRequested)) {
            throw new Broken("the planner went forward in spite of " + brake);
        }
    }

    /// As [#mustHold], by the brake file alone: the planner knows nothing of it, the start itself is held.
    void mustHoldByFile() throws Broken {
        loop.tick();
        if (!surroundings.started.isEmpty()) {
            throw new Broken("a start went out in spite of the brake file");
        }
        watch.look();
        if (!store.load().fleet().brakes().containsKey(new Scope.FleetWide())) {
            throw new Broken("the brake file did not pull the brake on the fleet");
        }
    }

    void releaseWhatTheFilePulled(Actor by) {
        desk.run(new FleetCommand.ReleaseBrake(new Scope.FleetWide(), "the drill goes on"), by);
    }

    /// What shows that the brakes held, and nothing else: without them it starts, once.
    void mustStart() throws Broken {
        loop.tick();
        if (surroundings.started.size() != 1) {
            throw new Broken("with no brake on, " + surroundings.started.size() + " starts went out, not 1: so that "
                    + "nothing started before proves nothing");
        }
    }

    /// The last look before a start, on the state in which it was asked for, beside that brake.
    void lastLookMustHold(FleetEvent.BrakeSet brake) throws Broken {
        var events = events();
        var request = asked().orElseThrow(() -> new Broken("no start was ever asked for"));
        var fleet = Fleet.empty().after(events.subList(0, events.indexOf(request) + 1));
        Instant now = time.instant();
        if (RolloutPlanner.mayStart(fleet, request.attempt(), now).isPresent()) {
            throw new Broken("the last look before a start refuses what no brake holds");
        }
        if (RolloutPlanner.mayStart(fleet.after(brake), request.attempt(), now).map(Wait::code)
                .filter(Wait.Code.BRAKED::equals).isEmpty()) {
            throw new Broken("the last look before a start does not heed the brake");
        }
    }

    private Optional<FleetEvent.AttemptRequested> asked() {
        return events().stream().filter(FleetEvent.AttemptRequested.class::isInstance)
                .map(FleetEvent.AttemptRequested.class::cast).findFirst();
    }

    private List<FleetEvent> events() {
        var events = new ArrayList<FleetEvent>();
        store.events(0, FleetStore.MAX_EVENTS_PER_READ).forEach(recorded -> events.add(recorded.event()));
        return events;
    }

    /// Nothing is anywhere: packages are there at once, a started step runs for ever, the cell is there and bare.
    private static final class Surroundings implements CellDriver, CellObserver, Channels, ProductCatalog {
        private final Set<AttemptId> started = new LinkedHashSet<>();

        @Override
        public Taking start(StepOrder order) {
            started.add(order.attempt());
            return Taking.TAKEN;
        }

        @Override
        public StepProgress progress(AttemptId attempt) {
            return started.contains(attempt) ? new StepProgress.Running() : new StepProgress.Unknown();
        }

        @Override
        public boolean cancel(AttemptId attempt, String why) {
            return false;
        }

        @Override
        public Optional<InputStream> log(AttemptId attempt) {
            return Optional.empty();
        }

        @Override
        public List<FleetEvent> observe(Fleet fleet, Instant now) {
            return fleet.cells().keySet().stream().<FleetEvent>map(cell -> new FleetEvent.CellObserved(now, cell, true,
                    Optional.empty())).toList();
        }

        @Override
        public boolean admit(FleetSpec.Product product, RingNumber ring, List<PackageRef> packages) {
            return true;
        }

        @Override
        public ChannelAddress address(FleetSpec.Product product, RingNumber ring) {
            return new ChannelAddress("drill", "drill", "drill", "drill");
        }

        @Override
        public Resolution resolve(FleetSpec.Product product, List<Wanted> wanted) {
            throw new Refused(404, "unknown_version", "a drill looks for no package");
        }

        @Override
        public List<PackageRef> withdrawn(FleetSpec.Product product, List<PackageRef> packages) {
            return List.of();
        }
    }
}
