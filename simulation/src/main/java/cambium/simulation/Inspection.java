package cambium.simulation;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.Bake;
import cambium.rollout.CellId;
import cambium.rollout.Duty;
import cambium.rollout.FleetEvent;
import cambium.rollout.Step;
import cambium.server.fleet.CoordinatorLoop;
import cambium.server.fleet.StepOrder;
import cambium.server.sql.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Watches a run: every event that was recorded and every order that a driver accepted.
final class Inspection {
    static final String HIGHEST_EPOCH = "C-25: only the holder of the highest epoch changes anything";
    static final String RAN_ONCE = "C-23: no attempt runs twice, whatever crashed";
    static final String STARTED_FIRST = "C-23: nothing runs whose start was not recorded before";
    static final String ONE_JOB = "C-9: at most one job runs on a cell";
    static final String OWN_NAME = "C-23: every try has a name of its own";
    static final String UNDER_LEASE = "C-25: what a coordinator decides is committed under its lease";
    static final String TRUE_RESULT = "C-10: a result is the one that the driver told of this very attempt";

    static final String HELD_BY_FILE = "C-5: nothing forward starts while a brake file lies in the data folder";
    static final String JUDGED = "C-11: a verdict counts as the judge reached it, for the attempt that it judged";
    static final String TRUE_TIME = "C-26: what a coordinator records bears the time that it is";

    static final String FULL_BAKE = "C-26: no clock shortens a bake";

    /// What is recorded was decided under a lease that still lasts.
    private static final Duration MOST_BEHIND = CoordinatorLoop.LEASE.plus(DatabaseClock.MOST_SKEW);

    private final World world;
    private History history = new History();
    private final List<String> broken = new ArrayList<>();
    private final Set<AttemptId> accepted = new HashSet<>();
    private final Map<CellId, Instant> seenSince = new HashMap<>();
    private final Set<String> eventKinds = new TreeSet<>();

    Inspection(World world) {
        this.world = world;
        world.driver.onAcceptance(this::accepted);
    }

    History history() {
        return history;
    }

    List<String> broken() {
        return List.copyOf(broken);
    }

    Set<String> eventKinds() {
        return eventKinds;
    }

    /// What came after these events is unknown to everybody but cells and drivers.
    void wentBack(List<FleetEvent> log) {
        history = new History();
        log.forEach(history::add);
        accepted.removeAll(world.driver.dropForgotten());
        seenSince.clear();
        history.cells.forEach((id, cell) -> seenSince.put(id, cell.seenSince));
    }

    void committedUnder(long epoch, long highest) {
        if (epoch < highest) {
            brake(HIGHEST_EPOCH, "a commit under epoch " + epoch + " after epoch " + highest + " was granted");
        }
    }

    /// Only a person's commands are taken without a lease.
    void committedWithoutLease(FleetEvent event) {
        switch (event) {
            case FleetEvent.AttemptRequested _, FleetEvent.AttemptStarted _, FleetEvent.RingOpened _,
                    FleetEvent.RingBaked _,
                    FleetEvent.RingConverged _ -> brake(UNDER_LEASE, "without one: " + event);
            default -> { }
        }
    }

    /// Looks may be old, as far as they are news; nothing bears a time that is still to come.
    void stamped(FleetEvent event) {
        var off = Duration.between(event.at(), world.time.instant());
        boolean old = !(event instanceof FleetEvent.CellObserved || event instanceof FleetEvent.VerdictReached)
                && off.compareTo(MOST_BEHIND) > 0;
        if (old || off.negated().compareTo(DatabaseClock.MOST_SKEW) > 0) {
            brake(TRUE_TIME, "off by " + off + ": " + event);
        }
    }

    void happened(FleetEvent event) {
        eventKinds.add(event.getClass().getSimpleName());
        for (var check : Checks.ALL) {
            check.brokenBy(event, history).ifPresent(how -> brake(check.sentence(), how + " [" + event + "]"));
        }
        trueResult(event).ifPresent(how -> brake(TRUE_RESULT, how));
        if (event instanceof FleetEvent.AttemptRequested requested
                && history.attempts.containsKey(requested.attempt())) {
            brake(OWN_NAME, requested.attempt() + " is asked for again");
        }
        if (event instanceof FleetEvent.RingBaked baked) {
            bakedTruly(baked);
        }
        if (Checks.start(event, history, Step.DEPLOY, Step.PDM).isPresent()
                && world.outages.lasts(Fault.BRAKE_FILE, MOST_BEHIND)) {
            brake(HELD_BY_FILE, event.toString());
        }
        if (event instanceof FleetEvent.VerdictReached verdict) {
            judged(verdict);
        }
        history.add(event);
        if (event instanceof FleetEvent.CellObserved look && history.cell(look.cell()).seenSince.equals(look.at())) {
            seenSince.put(look.cell(), world.time.instant());
        }
        world.timeline.tell("fleet", () -> Telling.of(event));
    }

    private void judged(FleetEvent.VerdictReached verdict) {
        var asked = history.cell(verdict.cell()).deployment
                .filter(known -> known.request.attempt().equals(verdict.attempt()));
        if (asked.isEmpty() || world.metrics.isEmpty()) {
            return;
        }
        var metrics = world.metrics.get();
        metrics.counted.add(verdict.verdict());
        double served = metrics.served(verdict.cell(), asked.get().startedAt.orElseThrow(), world.time.instant());
        if (!metrics.saidSo(verdict) || verdict.samples() > served + 1) {
            brake(JUDGED, "the cell served " + served + " requests since, and the judge said otherwise than "
                    + verdict);
        }
    }

    /// Measured by the time of the world, whatever the events bear.
    private void bakedTruly(FleetEvent.RingBaked baked) {
        var bake = Checks.policyOf(history, baked).bake();
        var least = Optional.of(bake).filter(_ -> history.hotfixes.contains(baked.rollout())).flatMap(Bake::hotfix)
                .map(Bake.Hotfix::time).orElse(bake.time());
        for (var cell : baked.cells()) {
            var ran = Duration.between(seenSince.getOrDefault(cell, world.time.instant()), world.time.instant());
            if (!history.cell(cell).bakedAt.containsKey(baked.version())
                    && ran.compareTo(least.minus(MOST_BEHIND)) < 0) {
                brake(FULL_BAKE, cell + " ran " + baked.version() + " for " + ran + " of " + least);
            }
        }
    }

    /// A result counts only for the attempt that runs, and only as the driver told it; what is late, doubled or unknown
    /// must change nothing, which the replay shows. Nobody gives up an attempt that its driver still runs in time.
    private Optional<String> trueResult(FleetEvent event) {
        if (!(event instanceof FleetEvent.AttemptFinished(var _, var attempt, var result))) {
            return Optional.empty();
        }
        var asked = Optional.ofNullable(history.attempts.get(attempt)).filter(known -> known.open()
                && known.startedAt.isPresent());
        var job = world.driver.job(attempt);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        var begun = asked.get().startedAt.get().minus(DatabaseClock.MOST_SKEW);
        if (!(result instanceof AttemptResult.Lost)
                && job.filter(known -> known.begunAt.isBefore(begun)).isPresent()) {
            return Optional.of(attempt + " is said to be " + result + ", but its driver ran that before it started");
        }
        boolean abandoned = history.cell(attempt.cell()).duty instanceof Duty.Leaving;
        if (result instanceof AttemptResult.Lost && !abandoned) {
            boolean inTime = world.time.instant().isBefore(asked.get().startedAt.get()
                    .plus(asked.get().request.timeout()));
            return job.filter(known -> !known.forgotten && inTime).map(_ -> attempt
                    + " is given up, but its driver knows it");
        }
        boolean unknown = result instanceof AttemptResult.Cancelled && job.filter(known -> !known.forgotten).isEmpty();
        return abandoned || unknown || job.filter(known -> known.result.equals(result)).isPresent()
                ? Optional.empty()
                : Optional.of(attempt + " is said to be " + result + ", the driver says "
                        + job.map(known -> known.result.toString()).orElse("nothing"));
    }

    private void accepted(StepOrder order, List<SimulatedDriver.Job> running) {
        if (!accepted.add(order.attempt())) {
            brake(RAN_ONCE, order.attempt() + " runs again");
        }
        var asked = Optional.ofNullable(history.attempts.get(order.attempt()));
        if (asked.filter(known -> known.startedAt.isPresent()).isEmpty()) {
            brake(STARTED_FIRST, order.attempt() + " runs without a recorded start");
        }
        for (var job : running) {
            var other = Optional.ofNullable(history.attempts.get(job.order.attempt()));
            boolean givenUp = other.flatMap(known -> known.result).filter(result -> result instanceof AttemptResult.Lost
                    || job.forgotten && result instanceof AttemptResult.Cancelled).isPresent();
            if (!givenUp) {
                brake(ONE_JOB, order.attempt() + " runs while " + job.order.attempt() + " does");
            }
        }
    }

    void brake(String sentence, String how) {
        broken.add(sentence + ": " + how);
        world.timeline.tell("BROKEN", () -> sentence + ": " + how);
    }
}
