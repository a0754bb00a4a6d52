package cambium.server.fleet;

import cambium.rollout.FleetEvent;
import cambium.server.config.HeapDamage;
import cambium.server.fleet.json.FleetJson;
import cambium.server.sql.DatabaseFailed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ticks the loop on a thread of its own: on every nudge, when time alone changes the plan, and at least every second
/// (standing by, every half of one), so that a lost notice costs a second and nothing else. A failing tick is logged
/// and tried again, more slowly each time up to 2 s.
final class Coordinator {
    static final Duration MAX_PAUSE = Duration.ofSeconds(1);
    /// Between two looks whether the lease is free.
    static final Duration STAND_BY = Duration.ofMillis(500);
    /// Failures in a row, about a second after the first.
    private static final int GIVES_WAY = 4;
    private static final Duration LAST_ROUND = Duration.ofSeconds(20);
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

    private final CoordinatorLoop loop;
    private final Runnable tend;
    private final Runnable drill;
    private final Nudges nudges;
    private final FleetMeters meters;
    private final InstantSource time;
    private final BackOff backOff;
    private volatile boolean open = true;
    private Thread thread;
    private volatile boolean leading;
    private List<String> told = List.of();

    /// @param tend looks after the steps that run on this machine; also where another process leads
    /// @param drill looks whether the brake is to be drilled; only where this process leads
    /// @param random spreads when rounds are tried again
    Coordinator(CoordinatorLoop loop, Runnable tend, Runnable drill, Nudges nudges, FleetMeters meters,
            RandomGenerator random, InstantSource time) {
        this.loop = loop;
        this.tend = tend;
        this.drill = drill;
        this.nudges = nudges;
        this.meters = meters;
        this.backOff = new BackOff(random);
        this.time = time;
    }

    synchronized void start() {
        if (thread == null) {
            // Not a virtual one: it would queue for a processor behind each request of a crowd, after every answer of
            // the database.
            thread = Thread.ofPlatform().daemon().name("coordinator").start(this::run);
        }
    }

    /// Whether the last round held the lease.
    boolean isLeading() {
        return leading;
    }

    private void run() {
        try {
            while (open) {
                var seen = nudges.nudges();
                try {
                    var tick = meters.round(loop::tick);
                    backOff.afterSuccess();
                    meters.ticked(tick);
                    tell(tick);
                    tend.run();
                    if (tick.leading()) {
                        drill.run();
                    }
                    nudges.await(seen, pause(tick));
                } catch (RuntimeException | VirtualMachineError | LinkageError failed) {
                    var pause = backOff.afterFailure();
                    note(failed, pause);
                    nudges.await(nudges.nudges(), pause);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /// Who goes on failing lets another lead that may be able to, whatever it is that this process lacks. Where that is
    /// the database it says so once, since nothing can be given back without one.
    private void note(Throwable failed, Duration pause) {
        HeapDamage.note(failed);
        try {
            meters.failed();
            boolean isAway = failed instanceof DatabaseFailed;
            if (isAway) {
                LOG.error("fleet: the coordinator's round failed, {}; again in {} ms", failed.getMessage(),
                        pause.toMillis());
            } else {
                LOG.error("fleet: the coordinator's round failed; again in {} ms", pause.toMillis(), failed);
            }
            if (backOff.failures() == GIVES_WAY || backOff.failures() > GIVES_WAY && !isAway) {
                resign();
            }
        } catch (VirtualMachineError noMemory) {
            // Not even for a line in the log; the next round says it.
        }
    }

    private void resign() {
        try {
            loop.resign();
        } catch (RuntimeException failed) {
            LOG.warn("fleet: the lease could not be given back and runs out by itself: {}", failed.toString());
        }
    }

    private Duration pause(Tick tick) {
        if (tick.again()) {
            return Duration.ZERO;
        }
        if (!tick.leading()) {
            return STAND_BY;
        }
        var untilWake = tick.wakeAt().map(wake -> Duration.between(time.instant(), wake)).orElse(MAX_PAUSE);
        return untilWake.isNegative() || untilWake.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : untilWake;
    }

    private void tell(Tick tick) {
        if (tick.leading() != leading) {
            leading = tick.leading();
            LOG.info("fleet: {}", leading ? "this process coordinates" : "another process coordinates");
        }
        for (var event : tick.events()) {
            if (!(event instanceof FleetEvent.CellObserved) && LOG.isInfoEnabled()) {
                LOG.info("fleet: {}", FleetJson.line(event));
            }
        }
        if (!tick.troubles().equals(told)) {
            told = tick.troubles();
            told.forEach(trouble -> LOG.warn("fleet: {}", trouble));
        }
    }

    /// Ends after the round under way, and gives the lease back. Not by an interrupt unless it hangs: that would break
    /// the connection which the round works on.
    synchronized void stop() throws InterruptedException {
        open = false;
        if (thread == null) {
            return;
        }
        nudges.nudge();
        if (!thread.join(LAST_ROUND)) {
            thread.interrupt();
            return;
        }
        thread = null;
        resign();
    }
}
