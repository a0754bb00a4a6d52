package cambium.server.fleet;

import cambium.rollout.LogFlaw;
import cambium.rollout.RolloutPlanner;
import cambium.server.access.Denials;
import cambium.server.access.OtherTokens;
import cambium.server.access.Rights;
import cambium.server.config.CellHosts;
import cambium.server.config.Descriptors;
import cambium.server.config.FleetGit;
import cambium.server.fleet.alert.AlertSender;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.NamedDrivers;
import cambium.server.fleet.handover.Strays;
import cambium.server.fleet.handover.Technology;
import cambium.server.fleet.kubernetes.KubernetesCellDriver;
import cambium.server.fleet.observe.HttpCellObserver;
import cambium.server.fleet.observe.PostgresSamples;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.fleet.process.MachineProcessDriver;
import cambium.server.fleet.process.ProcessCellDriver;
import cambium.server.fleet.process.StepEnvironment;
import cambium.server.fleet.pull.CellTokens;
import cambium.server.fleet.pull.PullCellDriver;
import cambium.server.fleet.pull.PullRoutes;
import cambium.server.fleet.pull.ReportedCells;
import cambium.server.fleet.source.FollowedSource;
import cambium.server.fleet.source.PostgresSource;
import cambium.server.fleet.source.SourceMeters;
import cambium.server.fleet.source.SourceRoutes;
import cambium.server.fleet.source.SourceWatch;
import cambium.server.fleet.webhook.PipelineRoutes;
import cambium.server.fleet.webhook.WebhookCellDriver;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import cambium.server.sql.WrittenByNewer;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public door of the fleet half: its routes, its coordinator, and what pages may read and ask.
public final class FleetFeature implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FleetFeature.class);
    private static final int ROUND_CONNECTIONS = 4;

    private final FleetStore store;
    private final FleetHistory history;
    private final MachineProcessDriver processes;
    private final CellDriver driver;
    private final Strays strays;
    private final HttpCellObserver lookedAt;
    private final CellTokens cellTokens;
    private final Nudges nudges = new Nudges();
    private final Coordinator coordinator;
    private final SteadyTime time;
    private final List<Route> routes;
    private final BrakeFileWatch brakeFile;
    private final PostgresSource source;
    private final SourceWatch sourceWatch;
    private final AlertSender alerts;
    private final AlertSender ownAlerts;
    private final DeniedTries denied;
    private final CommandDesk desk;
    private final ClockWatch clockWatch;
    private final LogWatch logWatch;
    private final List<AutoCloseable> endings = new ArrayList<>();

    /// @param holder names this process among all coordinators, never used twice
    /// @param process the same for people: which process, on which machine
    /// @param drivers folder of the process drivers, `<drivers>/<name>/<step>`
    /// @param attempts folder in which attempts leave their logs and results; created where missing
    /// @param random makes the tokens of cells
    /// @param brakeFile the brake that a file of the data folder pulls
    /// @param prometheus file by which a Prometheus server is reached; may be missing
    /// @param cellHosts where cells may be looked at
    /// @param drill when, in UTC, the brake is drilled each day; empty for never
    /// @param drillFolder scratch of the drill
    /// @param git the repository whose file is the fleet
    /// @param fetched folder for what is fetched of it
    /// @param alertmanager file that names Alertmanagers; may be missing
    /// @param pages where people find our pages, without a slash at the end; asked when it is needed
    public record Settings(String holder, String process, Path drivers, Path attempts, StepEnvironment environment,
            RandomGenerator random, BrakeFile brakeFile, Path prometheus, CellHosts cellHosts,
            Optional<LocalTime> drill, Path drillFolder, Optional<FleetGit> git, Path fetched,
            Path alertmanager, Supplier<String> pages) {}

    public FleetFeature(Settings settings, Database database, Notices notices, Channels channels,
            ProductCatalog catalog, MeterRegistry registry, InstantSource clock) {
        this.time = new SteadyTime(clock, System::nanoTime);
        this.store = new PostgresFleetStore(database);
        this.history = new FleetHistory(store);
        var handovers = new Handovers(database, time);
        this.strays = handovers;
        var folders = new DriverFolders(settings.drivers());
        // A round never waits behind a crowd of requests, such as a thousand cells that report at once.
        var apart = database.apart(ROUND_CONNECTIONS);
        var rounds = new PostgresFleetStore(apart);
        var handed = new Handovers(apart, time);
        this.processes = new MachineProcessDriver(handed, new ProcessCellDriver(settings.drivers(),
                settings.attempts(), settings.environment(), nudges::nudge), settings.attempts(), time);
        this.driver = drivers(folders, handed);
        this.cellTokens = new CellTokens(database, time);
        var reported = new ReportedCells(apart);
        this.lookedAt = new HttpCellObserver(new PostgresSamples(apart), settings.prometheus(),
                nudges::nudge, time, settings.cellHosts());
        var meters = new FleetMeters(registry);
        this.source = new PostgresSource(database);
        CellObserver observer = (fleet, now) -> Stream.of(lookedAt, reported)
                .flatMap(each -> each.observe(fleet, now).stream()).toList();
        var clockCheck = ClockCheck.by(apart, time);
        this.clockWatch = new ClockWatch(clockCheck, settings.process(), registry);
        var loop = new CoordinatorLoop(settings.holder(), rounds, driver, observer, channels, catalog,
                settings.brakeFile(), meters.measured(RolloutPlanner::plan), time,
                List.of(clockCheck, new DescriptorCheck(Descriptors::areLeft, time)));
        var drill = new DailyDrill(settings.drill(), settings.drillFolder(), store, RolloutPlanner::plan,
                settings.drill().map(_ -> new DrillMeters(registry, time.instant())), time);
        this.coordinator = new Coordinator(loop, processes::tend, drill::look, nudges, meters,
                settings.random(), time);
        this.logWatch = new LogWatch(rounds.chain(), rounds, coordinator::isLeading, time);
        this.alerts = new AlertSender(settings.alertmanager(), "fleet", AlertSender.Source.ofFleet(store,
                RolloutPlanner::plan, coordinator::isLeading), settings.pages(), registry, time);
        this.ownAlerts = new AlertSender(settings.alertmanager(), "process", AlertSender.Source.ofProcess(store,
                clockWatch::alerts), settings.pages(), registry, clockWatch.corrected(time));
        this.denied = new DeniedTries(store, registry, time);
        this.desk = new CommandDesk(store, new Rights(denied), settings.brakeFile(), time);
        var ofCells = new PullRoutes(store, database, handovers, cellTokens, settings.random(), time);
        var ofFleet = new FleetRoutes(store, desk, history, driver, channels, catalog, RolloutPlanner::plan,
                nudges, handovers, source, time);
        var ofSource = new SourceRoutes(source, desk, time);
        var ofPipelines = new PipelineRoutes(folders, handovers, time);
        this.routes = Stream.of(ofFleet.routes(), ofSource.routes(), ofCells.routes(), ofPipelines.routes())
                .flatMap(List::stream).toList();
        this.sourceWatch = new SourceWatch(settings.git(), settings.fetched(), settings.environment().path(), source,
                store, loop::epoch, new SourceMeters(registry), time);
        this.brakeFile = new BrakeFileWatch(settings.brakeFile(), store, new CommandDesk(store, time));
        endings.add(apart);
        endings.add(notices.subscribe(PostgresFleetStore.CHANNEL, _ -> nudges.nudge()));
    }

    private CellDriver drivers(DriverFolders folders, Handovers handovers) {
        var kubernetes = new KubernetesCellDriver(handovers, folders, time);
        endings.add(kubernetes);
        var webhook = new WebhookCellDriver(handovers, folders, nudges::nudge, time);
        endings.add(webhook);
        return new NamedDrivers(folders, Map.of(
                Technology.PROCESS, processes,
                Technology.PULL, new PullCellDriver(handovers, time),
                Technology.KUBERNETES, kubernetes,
                Technology.WEBHOOK, webhook), handovers);
    }

    public List<Route> routes() {
        return routes;
    }

    /// Begins to look for the brake file and at the clock, and to record what is denied; in every process.
    public void startEverywhere() {
        brakeFile.start();
        clockWatch.start();
        ownAlerts.start();
        denied.start();
    }

    /// Begins to coordinate, as soon as no other process does; for a process with the role COORDINATE.
    public void startCoordinating() {
        coordinator.start();
        sourceWatch.start();
        alerts.start();
        logWatch.start();
    }

    /// Stops coordinating; steps that run go on and are found again by the next coordinator.
    @Override
    public void close() {
        brakeFile.close();
        clockWatch.close();
        denied.close();
        sourceWatch.close();
        alerts.close();
        logWatch.close();
        ownAlerts.close();
        try {
            coordinator.stop();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        lookedAt.close();
        for (var ending : endings) {
            try {
                ending.close();
            } catch (Exception broken) {
                LOG.warn("fleet: could not stop listening: {}", broken.toString());
            }
        }
    }

    public FleetStore store() {
        return store;
    }

    /// Where commands are given.
    public CommandDesk desk() {
        return desk;
    }

    /// Keeps what this process denies.
    public Denials denials() {
        return denied;
    }

    /// What the fleet follows.
    public FollowedSource source() {
        return source;
    }

    public FleetHistory history() {
        return history;
    }

    public CellDriver driver() {
        return driver;
    }

    /// Results of attempts that changed nothing.
    public Strays strays() {
        return strays;
    }

    /// Tokens with which cells report.
    public OtherTokens cellTokens() {
        return cellTokens;
    }

    /// Nudged whenever the fleet may have moved on.
    public Nudges nudges() {
        return nudges;
    }

    /// The planner by which the coordinator decides.
    public Planner planner() {
        return RolloutPlanner::plan;
    }

    /// Why the times that this process shows are wrong now, if so.
    public Optional<String> clockProblem() {
        return clockWatch.problem();
    }

    /// Why steps cannot be begun here, nor cells looked at, if so.
    public Optional<String> descriptorProblem() {
        return Descriptors.areLeft() ? Optional.empty() : Optional.of(DescriptorCheck.told());
    }

    /// Why nothing goes forward in the fleet, where that is since its log is not what was written.
    public Optional<String> logProblem() {
        try {
            return store.load().fleet().log().flaw().map(LogFlaw::told);
        } catch (WrittenByNewer newer) {
            return Optional.of("a newer Cambium has written what this one cannot read, so it neither shows "
                    + "the fleet nor coordinates: use the newer one");
        } catch (IllegalStateException unreadable) {
            return Optional.of(String.valueOf(unreadable.getMessage()));
        }
    }

    /// The time by which the coordinator reckons.
    public InstantSource time() {
        return time;
    }
}
