package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.RingNumber;
import cambium.rollout.RolloutPlanner;
import cambium.server.access.Actor;
import cambium.server.access.Rights;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.ChannelAddress;
import cambium.server.fleet.Channels;
import cambium.server.fleet.BrakeFile;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.FleetHistory;
import cambium.server.fleet.FleetRoutes;
import cambium.server.fleet.ProductCatalog;
import cambium.server.fleet.Nudges;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.Strays;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.http.Authenticator;
import cambium.server.http.Route;
import cambium.server.fleet.source.FollowedSource;
import cambium.server.joint.FleetForPages;
import cambium.server.testing.TestServer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The pages and the fleet's API over the example's history, served over HTTP.
final class ExampleServer implements AutoCloseable {
    final InMemoryFleetStore store;
    final TestServer http;
    final ExampleApi api = new ExampleApi();
    final List<Strays.Stray> strays = new ArrayList<>();
    Optional<String> brakeFile = Optional.empty();
    private final Nudges nudges = new Nudges();

    ExampleServer(InstantSource clock) {
        this(clock, _ -> Actor.allowedEverything("anna"));
    }

    ExampleServer(InstantSource clock, Authenticator authenticator) {
        store = new InMemoryFleetStore(clock);
        var driver = new LoggingDriver();
        var channels = new NoChannels();
        var fleet = new FleetForPages(store, new CommandDesk(store, Rights.UNTOLD, () -> brakeFile, clock),
                new FleetHistory(store),
                RolloutPlanner::plan, driver, FollowedSource.NONE, (_, _) -> strays, clock);
        var pages = new Pages(
                fleet, fleet, new ExampleRepository(), new ExampleUsage(), api, api.routes(), clock);
        var routes = new ArrayList<Route>(pages.routes());
        routes.addAll(new FleetRoutes(store, new FleetHistory(store), driver, channels, new EmptyCatalog(),
                BrakeFile.NONE,
                RolloutPlanner::plan, nudges, (_, _) -> strays, clock).routes());
        http = TestServer.of(routes, authenticator, pages::problem);
    }

    ExampleServer withExample() {
        return record(ExampleEvents.happened().stream().map(Happened::event).toList());
    }

    ExampleServer record(List<FleetEvent> events) {
        store.commit(store.load().revision(), events);
        nudges.nudge();
        return this;
    }

    @Override
    public void close() {
        http.close();
    }

    private static final class LoggingDriver implements CellDriver {
        @Override
        public Taking start(StepOrder order) {
            throw new IllegalStateException("nothing is started here");
        }

        @Override
        public boolean cancel(AttemptId attempt, String why) {
            return false;
        }

        @Override
        public StepProgress progress(AttemptId attempt) {
            return new StepProgress.Unknown();
        }

        @Override
        public Optional<InputStream> log(AttemptId attempt) {
            byte[] text = ("log of " + attempt + "\n<b>not bold</b>\n").getBytes(StandardCharsets.UTF_8);
            return Optional.of(new ByteArrayInputStream(text));
        }
    }

    private static final class NoChannels implements Channels {
        private final Set<RingNumber> admitted = new TreeSet<>();

        @Override
        public boolean admit(FleetSpec.Product product, RingNumber ring, List<PackageRef> packages) {
            return admitted.add(ring);
        }

        @Override
        public ChannelAddress address(FleetSpec.Product product, RingNumber ring) {
            return new ChannelAddress("/rings/" + ring, "bookworm", "/gpgkey", "/packages");
        }
    }

    private static final class EmptyCatalog implements ProductCatalog {
        @Override
        public Resolution resolve(FleetSpec.Product product, List<Wanted> wanted) {
            return new Resolution.Missing(List.of("nothing is here"));
        }

        @Override
        public List<PackageRef> withdrawn(FleetSpec.Product product, List<PackageRef> packages) {
            return List.of();
        }
    }
}
