package cambium.server.fleet;

import cambium.rollout.Attempt;
import cambium.rollout.AttemptResult;
import cambium.rollout.Brake;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Ground;
import cambium.rollout.PackageRef;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Step;
import cambium.rollout.VersionRecord;
import cambium.server.fleet.CoordinatorLoop.Fenced;
import cambium.server.fleet.CoordinatorLoop.Progress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Does what the outbox promises. An entry leaves the outbox only once its effect is known, so each is done at least
/// once; channels and drivers make that once. A failing entry is told and left for the next round, the others proceed.
final class OutboxActs {
    static final int MAX_RECORDED = 100;
    private static final String LOST_TIME = "its driver knew it before any start of it was recorded: the database was "
            + "put back to an earlier time, and what ran since is unknown";

    private final FleetStore store;
    private final CellDriver driver;
    private final Channels channels;
    private final ProductCatalog catalog;
    private final BrakeFile brakeFile;
    private final InstantSource time;

    OutboxActs(FleetStore store, CellDriver driver, Channels channels, ProductCatalog catalog, BrakeFile brakeFile,
            InstantSource time) {
        this.store = store;
        this.driver = driver;
        this.channels = channels;
        this.catalog = catalog;
        this.brakeFile = brakeFile;
        this.time = time;
    }

    /// The lease, lengthened where it is time to.
    interface Lead {
        Epoch epoch() throws Fenced;
    }

    /// True when an event was recorded, so that there may be more to decide. A thousand starts may take minutes on a
    /// busy machine: the lease is looked after between them, and after a hundred a new round looks at what came in
    /// meanwhile. What a driver does not take counts for none, so it holds up nothing behind it.
    boolean act(Lead lead, Progress progress) throws Fenced {
        var recorded = 0;
        for (var entry : store.pending(CoordinatorLoop.MAX_PENDING)) {
            var epoch = lead.epoch();
            var isRecorded = switch (entry) {
                case OutboxEntry.Admit admit -> admit(epoch, admit, progress);
                case OutboxEntry.Start start -> start(epoch, start, progress);
                case OutboxEntry.Cancel cancel -> cancel(cancel, progress);
            };
            if (isRecorded && ++recorded == MAX_RECORDED) {
                break;
            }
        }
        return recorded > 0;
    }

    private boolean admit(Epoch epoch, OutboxEntry.Admit admit, Progress progress) throws Fenced {
        var fleet = store.load().fleet();
        var version = fleet.version(admit.version());
        if (version.isEmpty() || fleet.spec().isEmpty() || !fleet.rings().containsKey(admit.ring())
                || version.get().blocked().isPresent()) {
            store.done(admit);
            return false;
        }
        if (RolloutPlanner.mayAdmit(fleet, admit.version(), admit.ring(), time.instant()).isPresent()
                || !admitted(fleet, admit, version.get(), progress)) {
            return false;
        }
        var event = new FleetEvent.RingAdmitted(time.instant(), admit.version(), admit.ring());
        var recorded = !version.get().admitted().contains(admit.ring()) && record(epoch, progress, event);
        store.done(admit);
        return recorded;
    }

    private boolean admitted(Fleet fleet, OutboxEntry.Admit admit, VersionRecord version, Progress progress) {
        try {
            return channels.admit(fleet.spec().orElseThrow().product(), admit.ring(), version.packages());
        } catch (RuntimeException trouble) {
            progress.troubles.add("the channel of ring " + admit.ring() + " does not take " + admit.version() + ": "
                    + trouble);
            return false;
        }
    }

    /// Asked once: what cannot be reached is told to whoever reads the log, and goes on without the fleet's waiting.
    private boolean cancel(OutboxEntry.Cancel cancel, Progress progress) {
        try {
            if (!driver.cancel(cancel.attempt(), cancel.why())) {
                progress.troubles.add("attempt " + cancel.attempt() + " cannot be ended by its driver and may go on: "
                        + cancel.why());
            }
            store.done(cancel);
        } catch (RuntimeException trouble) {
            progress.troubles.add("attempt " + cancel.attempt() + " shall end, its driver does not answer: " + trouble);
        }
        return false;
    }

    /// Facts that hold at any revision are committed until no one is faster.
    private boolean record(Epoch epoch, Progress progress, FleetEvent event) throws Fenced {
        for (var i = 0; i < CoordinatorLoop.MAX_CONFLICTS; i++) {
            var snapshot = store.load();
            if (!snapshot.fleet().isNews(event)) {
                return false;
            }
            if (commit(epoch, snapshot, List.of(event), progress)) {
                return true;
            }
        }
        throw new IllegalStateException("lost " + CoordinatorLoop.MAX_CONFLICTS + " races for the revision in a row");
    }

    /// The start itself is the commit of `AttemptStarted`, on the very state that allowed it: a brake committed before
    /// makes that commit fail, and the look at the newer state withholds the attempt.
    private boolean start(Epoch epoch, OutboxEntry.Start start, Progress progress) throws Fenced {
        for (var i = 0; i < CoordinatorLoop.MAX_CONFLICTS; i++) {
            var snapshot = store.load();
            var fleet = snapshot.fleet();
            var attempt = fleet.attempt(start.attempt());
            if (attempt.isEmpty() || attempt.get().terminal()) {
                store.done(start);
                return false;
            }
            if (heldByFile(attempt.get(), progress)) {
                return false;
            }
            if (attempt.get().state() instanceof Attempt.State.Started) {
                var brake = RolloutPlanner.brakeOn(fleet, attempt.get());
                if (brake.isPresent()) {
                    return holdBack(epoch, attempt.get(), brake.get(), start, progress);
                }
                drive(epoch, fleet, attempt.get(), start, progress);
                return false;
            }
            var known = known(attempt.get(), progress);
            var withdrawn = withdrawn(fleet, attempt.get(), progress);
            if (known.isEmpty() || withdrawn.isEmpty()) {
                return false;
            }
            var events = known.get() ? List.<FleetEvent>of(new FleetEvent.AttemptWithheld(time.instant(),
                    attempt.get().id(), LOST_TIME)) : startOrWithhold(fleet, attempt.get(), withdrawn.get());
            if (commit(epoch, snapshot, events, progress)) {
                var after = fleet.after(events);
                if (after.attempt(start.attempt()).filter(Attempt::terminal).isPresent()) {
                    store.done(start);
                } else {
                    handOver(epoch, after, after.attempt(start.attempt()).orElseThrow(), progress);
                }
                return true;
            }
        }
        throw new IllegalStateException("lost " + CoordinatorLoop.MAX_CONFLICTS + " races for the revision in a row");
    }

    /// Whether the driver has run an attempt of this name although no start of it is recorded: then the database was
    /// put back to an earlier time, and what ran may have been another version. Empty while that cannot be told, or
    /// while it still runs, for as long as a step may.
    private Optional<Boolean> known(Attempt attempt, Progress progress) {
        try {
            return switch (driver.progress(attempt.id())) {
                case StepProgress.Unknown() -> Optional.of(false);
                case StepProgress.Ended _ -> Optional.of(true);
                case StepProgress.Running() when time.instant().isAfter(attempt.requestedAt()
                        .plus(attempt.timeout())) -> Optional.of(true);
                case StepProgress.Running() -> {
                    progress.troubles.add("attempt " + attempt.id() + " waits, its driver runs one of this name: "
                            + LOST_TIME);
                    yield Optional.empty();
                }
            };
        } catch (RuntimeException trouble) {
            progress.troubles.add("attempt " + attempt.id() + " waits, its driver does not answer: " + trouble);
            return Optional.empty();
        }
    }

    private boolean heldByFile(Attempt attempt, Progress progress) {
        var held = attempt.id().step().forward() ? brakeFile.reason() : Optional.<String>empty();
        held.ifPresent(why -> progress.troubles.add("attempt " + attempt.id() + " waits for the brake file: " + why));
        return held.isPresent();
    }

    /// A start that was recorded, but of which the driver knows nothing, because a coordinator died in between: a brake
    /// that was pulled since must hold it too (C-4). Who died can ask the driver no more: its epoch is over.
    private boolean holdBack(Epoch epoch, Attempt attempt, Brake brake, OutboxEntry.Start start, Progress progress)
            throws Fenced {
        var recorded = false;
        try {
            if (driver.progress(attempt.id()) instanceof StepProgress.Unknown) {
                recorded = record(epoch, progress, new FleetEvent.AttemptFinished(time.instant(), attempt.id(),
                        new AttemptResult.Cancelled("its driver does not know it: " + brake.told())));
            }
            store.done(start);
        } catch (RuntimeException trouble) {
            progress.troubles.add("attempt " + attempt.id() + " is braked, its driver does not answer: " + trouble);
        }
        return recorded;
    }

    private List<FleetEvent> startOrWithhold(Fleet fleet, Attempt attempt, List<PackageRef> withdrawn) {
        var now = time.instant();
        if (!withdrawn.isEmpty()) {
            var why = Withdrawn.why(withdrawn);
            return List.of(new FleetEvent.AttemptWithheld(now, attempt.id(), why), new FleetEvent.VersionBlocked(now,
                    FleetEvent.AUTOMATION, attempt.version(), why, false, Ground.WITHDRAWN));
        }
        return List.of(RolloutPlanner.mayStart(fleet, attempt.id(), now)
                .<FleetEvent>map(hindrance -> new FleetEvent.AttemptWithheld(now, attempt.id(), hindrance.text()))
                .orElseGet(() -> new FleetEvent.AttemptStarted(now, attempt.id())));
    }

    /// Empty when the catalog cannot tell: a guard that fails lets nothing start.
    private Optional<List<PackageRef>> withdrawn(Fleet fleet, Attempt attempt, Progress progress) {
        if (attempt.id().step() != Step.DEPLOY) {
            return Optional.of(List.of());
        }
        try {
            return Optional.of(catalog.withdrawn(fleet.spec().orElseThrow().product(),
                    fleet.version(attempt.version()).map(VersionRecord::packages).orElse(List.of())));
        } catch (RuntimeException trouble) {
            progress.troubles.add("attempt " + attempt.id() + " waits, its packages cannot be checked: " + trouble);
            return Optional.empty();
        }
    }

    /// Hands a started attempt to its driver until the driver knows it; the driver runs it once.
    private void drive(Epoch epoch, Fleet fleet, Attempt attempt, OutboxEntry.Start start, Progress progress)
            throws Fenced {
        try {
            if (!(driver.progress(attempt.id()) instanceof StepProgress.Unknown)) {
                store.done(start);
                return;
            }
        } catch (RuntimeException trouble) {
            progress.troubles.add("attempt " + attempt.id() + " is not handed over: " + trouble);
            return;
        }
        handOver(epoch, fleet, attempt, progress);
    }

    private void handOver(Epoch epoch, Fleet fleet, Attempt attempt, Progress progress) throws Fenced {
        try {
            var order = order(epoch, fleet, attempt);
            if (order.isEmpty()) {
                progress.troubles.add("attempt " + attempt.id() + ": its cell is no longer declared");
            } else if (driver.start(order.get()) == CellDriver.Taking.FENCED) {
                throw new Fenced();
            }
        } catch (RuntimeException trouble) {
            progress.troubles.add("attempt " + attempt.id() + " is not handed over: " + trouble);
        }
    }

    private Optional<StepOrder> order(Epoch epoch, Fleet fleet, Attempt attempt) {
        return fleet.cell(attempt.id().cell()).map(cell -> new StepOrder(attempt.id(), attempt.id().step(),
                cell.id(), attempt.ring(), attempt.version(), attempt.previous(), cell.spec().driver(),
                cell.spec().settings(),
                fleet.version(attempt.version()).map(VersionRecord::packages).orElse(List.of()),
                channels.address(fleet.spec().orElseThrow().product(), attempt.ring()), attempt.timeout(),
                attempt.startedAt().orElseThrow().plus(attempt.timeout()), epoch,
                attempt.kind()));
    }

    private boolean commit(Epoch epoch, FleetStore.Snapshot snapshot, List<FleetEvent> events, Progress progress)
            throws Fenced {
        return switch (store.commit(epoch, snapshot.revision(), events, List.of())) {
            case DONE -> {
                progress.events.addAll(events);
                progress.revision = snapshot.revision() + events.size();
                yield true;
            }
            case CONFLICT -> false;
            case FENCED -> throw new Fenced();
        };
    }
}
