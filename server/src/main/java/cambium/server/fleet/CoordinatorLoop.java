package cambium.server.fleet;

import cambium.rollout.Attempt;
import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.Decision;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Plan;
import cambium.rollout.RolloutPlanner;
import cambium.server.sql.WrittenByNewer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Carries a fleet towards its plan: takes the lease, records what drivers and observers tell, plans, records the
/// decisions together with the acts they promise, acts. Level-triggered and without memory but its lease: a round begun
/// anew after a crash at any point comes to the same end, and everything it does is fenced by the lease's epoch.
/// Not thread-safe; has no threads of its own.
public final class CoordinatorLoop {
    /// Safety never depends on these times: every write is fenced by the epoch. They only say how long a silent leader
    /// is waited for. It may have lengthened its lease right before: another leads after 6 s of the lease and 0.5 s
    /// until a look of those who stand by, 6.5 s, and its first round. The other way, the leader may be about to
    /// lengthen it, after 1 s by age and 1 s of rest between two rounds: it can be held up for 4 s (a busy machine, a
    /// pause of the collector, a slow disk) and still leads. What a frozen leader had locked is free after 5 s, before
    /// its lease ends ([cambium.server.sql.Database#MAX_STANDSTILL]).
    public static final Duration LEASE = Duration.ofSeconds(6);
    /// How old a lease is that is lengthened.
    static final Duration RENEWED_AFTER = Duration.ofSeconds(1);
    static final int MAX_ROUNDS = 32;
    static final int MAX_CONFLICTS = 64;
    static final int MAX_PENDING = 10_000;
    /// A thousand ends in one go would take longer than the lease: so many attempts are looked at between two looks at
    /// it, and after so many ends a round records them and goes on, so that observations and brakes come in between.
    static final int MAX_LOOKS = 100;
    static final int MAX_ENDS = 100;

    private final String holder;
    private final FleetStore store;
    private final CellDriver driver;
    private final CellObserver observer;
    private final ProductCatalog catalog;
    private final OutboxActs acts;
    private final Planner planner;
    private final InstantSource time;
    private final List<Hindrance> hindrances;
    /// Written by whoever ticks, read by others.
    private volatile Optional<Held> held = Optional.empty();
    private Optional<String> outdated = Optional.empty();

    private record Held(Epoch epoch, Instant renewAt) {}

    /// What one tick gathers on its way.
    static final class Progress {
        final List<FleetEvent> events = new ArrayList<>();
        final List<String> troubles = new ArrayList<>();
        long revision;
        Optional<Instant> wakeAt = Optional.empty();
    }

    /// This process does not hold the lease now.
    static final class Fenced extends Exception {
        private static final long serialVersionUID = 1;

        private final List<String> troubles;

        Fenced() {
            super("the lease is held by another coordinator", null, false, false);
            troubles = List.of();
        }

        /// This process may not hold it.
        Fenced(String why) {
            super(why, null, false, false);
            troubles = List.of(why);
        }
    }

    /// By a clock that nobody sets, as where all is one process and time is made.
    public CoordinatorLoop(String holder, FleetStore store, CellDriver driver, CellObserver observer, Channels channels,
            ProductCatalog catalog, BrakeFile brakeFile, Planner planner, InstantSource time) {
        this(holder, store, driver, observer, channels, catalog, brakeFile, planner, time, List.of());
    }

    /// @param holder names this process among all coordinators, never used twice
    /// @param hindrances what keeps this process from coordinating, such as a `time` that is wrong
    public CoordinatorLoop(String holder, FleetStore store, CellDriver driver, CellObserver observer, Channels channels,
            ProductCatalog catalog, BrakeFile brakeFile, Planner planner, InstantSource time,
            List<Hindrance> hindrances) {
        this.holder = holder;
        this.store = store;
        this.driver = driver;
        this.observer = observer;
        this.catalog = catalog;
        this.acts = new OutboxActs(store, driver, channels, catalog, brakeFile, time);
        this.planner = planner;
        this.time = time;
        this.hindrances = List.copyOf(hindrances);
    }

    /// One full round: repeats recording, planning and acting until nothing is left to decide now. Once it has met what
    /// only a newer program can read, this one leads no more: that program is there, or has to come back.
    public Tick tick() {
        if (outdated.isPresent()) {
            return new Tick(false, 0, List.of(), outdated.stream().toList(), false, Optional.empty());
        }
        try {
            return round();
        } catch (WrittenByNewer newer) {
            outdated = Optional.of(String.valueOf(newer.getMessage()));
            resign();
            return tick();
        }
    }

    private Tick round() {
        var progress = new Progress();
        var again = false;
        try {
            for (var round = 0; round == 0 || again && round < MAX_ROUNDS; round++) {
                lead();
                again = record(progress) | plan(progress) | acts.act(this::lead, progress);
            }
            return new Tick(true, progress.revision, progress.events, progress.troubles, again, progress.wakeAt);
        } catch (Fenced lost) {
            held = Optional.empty();
            progress.troubles.addAll(lost.troubles);
            // The newest fleet is at hand when the lease comes here.
            store.load();
            return new Tick(false, progress.revision, progress.events, progress.troubles, false, Optional.empty());
        }
    }

    /// The epoch of the lease while this process holds it, as far as it knows.
    public Optional<Epoch> epoch() {
        return held.map(Held::epoch);
    }

    /// Gives the lease back, so that another coordinator need not wait for its end.
    public void resign() {
        held.ifPresent(lease -> store.release(lease.epoch()));
        held = Optional.empty();
    }

    private Epoch lead() throws Fenced {
        if (held.isEmpty()) {
            unhindered(false);
        }
        if (held.isEmpty() || !time.instant().isBefore(held.get().renewAt())) {
            boolean leading = held.isPresent();
            var epoch = store.lease(holder, LEASE).orElseThrow(Fenced::new);
            held = Optional.of(new Held(epoch, time.instant().plus(RENEWED_AFTER)));
            unhindered(leading);
        }
        return held.get().epoch();
    }

    /// Asked again once the lease is ours: a machine that sleeps after that wakes without the lease, or is behind
    /// by no more than the lease lasts.
    private void unhindered(boolean leading) throws Fenced {
        var why = hindrances.stream().flatMap(each -> each.problem(leading).stream()).findFirst();
        if (why.isPresent()) {
            resign();
            throw new Fenced(why.get());
        }
    }

    /// Facts first, in a commit of their own: they stay true whatever is decided on them.
    private boolean record(Progress progress) throws Fenced {
        var snapshot = store.load();
        progress.revision = snapshot.revision();
        var fleet = snapshot.fleet();
        var facts = results(fleet, progress);
        facts.addAll(observations(fleet, progress));
        facts.addAll(withdrawals(fleet, progress));
        return !facts.isEmpty() && committed(snapshot.revision(), facts, List.of(), progress);
    }

    private List<FleetEvent> results(Fleet fleet, Progress progress) throws Fenced {
        var running = fleet.cells().values().stream().flatMap(cell -> cell.current().stream())
                .filter(attempt -> attempt.state() instanceof Attempt.State.Started).map(Attempt::id).toList();
        var facts = new ArrayList<FleetEvent>();
        if (running.isEmpty()) {
            return facts;
        }
        var promised = promisedStarts();
        for (var from = 0; from < running.size() && facts.size() < MAX_ENDS; from += MAX_LOOKS) {
            lead();
            var some = running.subList(from, Math.min(running.size(), from + MAX_LOOKS));
            cancel(fleet, some, progress);
            var looks = driver.progress(some);
            lead();   // looking takes time, and what was found bears the time after it
            looks.forEach((attempt, look) -> {
                switch (look) {
                    case CellDriver.Look.Seen(var seen) -> result(attempt, seen, promised).ifPresent(result ->
                            facts.add(new FleetEvent.AttemptFinished(time.instant(), attempt, result)));
                    case CellDriver.Look.Silent(var trouble) -> progress.troubles.add(silent(attempt, trouble));
                }
            });
        }
        return facts;
    }

    private void cancel(Fleet fleet, List<AttemptId> running, Progress progress) {
        for (var attempt : running) {
            try {
                fleet.attempt(attempt).flatMap(known -> RolloutPlanner.cancelled(fleet, known))
                        .ifPresent(why -> driver.cancel(attempt, why));
            } catch (RuntimeException trouble) {
                progress.troubles.add(silent(attempt, trouble.toString()));
            }
        }
    }

    private static String silent(AttemptId attempt, String trouble) {
        return "attempt " + attempt + ": its driver does not answer: " + trouble;
    }

    /// An attempt that was handed over and that its driver has forgotten cannot be started again: it may have run.
    private static Optional<AttemptResult> result(AttemptId attempt, StepProgress seen, Set<AttemptId> promised) {
        return switch (seen) {
            case StepProgress.Running() -> Optional.empty();
            case StepProgress.Ended(var result) -> Optional.of(result);
            case StepProgress.Unknown() when promised.contains(attempt) -> Optional.empty();
            case StepProgress.Unknown() -> Optional.of(new AttemptResult.Lost("its driver no longer knows it"));
        };
    }

    private Set<AttemptId> promisedStarts() {
        var promised = new HashSet<AttemptId>();
        for (var entry : store.pending(MAX_PENDING)) {
            if (entry instanceof OutboxEntry.Start(var attempt)) {
                promised.add(attempt);
            }
        }
        return promised;
    }

    private List<FleetEvent> observations(Fleet fleet, Progress progress) {
        try {
            return observer.observe(fleet, time.instant()).stream().filter(fleet::isNews).toList();
        } catch (RuntimeException trouble) {
            progress.troubles.add("cells cannot be looked at: " + trouble);
            return List.of();
        }
    }

    private List<FleetEvent> withdrawals(Fleet fleet, Progress progress) {
        try {
            return fleet.spec().isEmpty() ? List.of() : Withdrawn.in(fleet, catalog, time.instant());
        } catch (RuntimeException trouble) {
            progress.troubles.add("the repository cannot be asked for what it withdrew: " + trouble);
            return List.of();
        }
    }

    private boolean plan(Progress progress) throws Fenced {
        lead();
        var snapshot = store.load();
        progress.revision = snapshot.revision();
        var now = time.instant();
        Plan plan = planner.plan(snapshot.fleet(), now);
        progress.wakeAt = plan.wakeAt();
        var events = plan.decisions().stream().map(decision -> decision.event(now)).toList();
        return !events.isEmpty() && committed(snapshot.revision(), events, promises(plan), progress);
    }

    private static List<OutboxEntry> promises(Plan plan) {
        var promises = new ArrayList<OutboxEntry>();
        for (var decision : plan.decisions()) {
            if (decision instanceof Decision.Open open) {
                promises.add(new OutboxEntry.Admit(open.version(), open.ring()));
            } else if (decision instanceof Decision.Start start) {
                promises.add(new OutboxEntry.Start(start.attempt()));
            }
        }
        return promises;
    }

    /// Under the lease as it was held when the time was looked at: one that was lengthened since would let a process
    /// that stood still for an hour decide by the time before it. True also after a conflict: the fleet has moved on,
    /// so there is something new to look at.
    private boolean committed(long revision, List<FleetEvent> events, List<OutboxEntry> promises, Progress progress)
            throws Fenced {
        switch (store.commit(held.orElseThrow(Fenced::new).epoch(), revision, events, promises)) {
            case DONE -> {
                progress.events.addAll(events);
                progress.revision = revision + events.size();
            }
            case CONFLICT -> { }
            case FENCED -> throw new Fenced();
        }
        return true;
    }
}
