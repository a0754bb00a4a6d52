package cambium.simulation;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.Step;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The jobs that carry steps to cells, in a system that outlives every coordinator. Some fail, hang, lie or are
/// forgotten. Real drivers refuse a coordinator that was replaced; this one does not, so that the checks see whether
/// the coordinator would have been right without that second guard.
final class SimulatedDriver implements CellDriver {
    /// What a step takes where nothing goes wrong, and never more than half of the time that it has.
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final World world;
    private final Map<AttemptId, Job> jobs = new LinkedHashMap<>();
    private final List<Job> open = new ArrayList<>();
    private final List<Repeat> repeats = new ArrayList<>();
    private final List<AcceptanceListener> listeners = new ArrayList<>();

    interface AcceptanceListener {
        void accepted(StepOrder order, List<Job> stillRunningOnTheCell);
    }

    /// A step that took effect and will do so again, by itself.
    private record Repeat(StepOrder order, Instant at) {}

    static final class Job {
        final StepOrder order;
        final Instant begunAt;
        Instant effectAt;
        Instant endsAt;
        final boolean hangs;
        final boolean lies;
        AttemptResult result;
        boolean forgotten;
        boolean effected;

        Job(StepOrder order, Instant begunAt, Instant effectAt, Instant endsAt, boolean hangs, boolean lies,
                AttemptResult result) {
            this.order = order;
            this.begunAt = begunAt;
            this.effectAt = effectAt;
            this.endsAt = endsAt;
            this.hangs = hangs;
            this.lies = lies;
            this.result = result;
        }

        boolean ended(Instant now) {
            return !hangs && !now.isBefore(endsAt);
        }
    }

    SimulatedDriver(World world) {
        this.world = world;
    }

    void onAcceptance(AcceptanceListener listener) {
        listeners.add(listener);
    }

    @Override
    public Taking start(StepOrder order) {
        if (world.strikes(Fault.ANSWER_LOST, 2)) {
            throw new IllegalStateException("the driver could not be reached");
        }
        if (!jobs.containsKey(order.attempt()) && !world.time.instant().isAfter(order.startBefore())) {
            accept(order);
        }
        if (world.strikes(Fault.ANSWER_LOST, 1)) {
            throw new IllegalStateException("the driver's answer was lost");
        }
        return Taking.TAKEN;
    }

    /// Half of the time the step cannot be reached; else it ends, now and then after it has taken effect.
    @Override
    public boolean cancel(AttemptId attempt, String why) {
        var job = jobs.get(attempt);
        var now = world.time.instant();
        if (job == null || job.ended(now) || job.hangs || world.chance.in(0.5)) {
            return false;
        }
        job.endsAt = now;
        job.effectAt = !job.effectAt.equals(Instant.MAX) && world.chance.in(0.3) ? now : Instant.MAX;
        job.result = new AttemptResult.Cancelled(why);
        world.timeline.tell("driver", () -> "cancels " + attempt);
        return true;
    }

    private void accept(StepOrder order) {
        var now = world.time.instant();
        listeners.forEach(listener -> listener.accepted(order, open.stream()
                .filter(job -> job.order.cell().equals(order.cell()) && !job.ended(now)).toList()));
        var job = job(order, now);
        jobs.put(order.attempt(), job);
        open.add(job);
        world.timeline.tell("driver", () -> "runs " + order.attempt() + " (" + order.version() + ")"
                + (job.hangs ? ", which will hang" : "")
                + (job.lies ? ", which will lie" : ""));
    }

    private Job job(StepOrder order, Instant now) {
        var chance = world.chance;
        boolean hangs = world.strikes(Fault.STEP_HANGS, 1);
        boolean lies = order.step() != Step.QA && world.strikes(Fault.STEP_LIES, 1);
        boolean stuck = world.links(order.cell()).lasts(Fault.CELL_CUT)
                || order.step() == Step.ROLLBACK && noWayBack(order.cell());
        boolean fails = stuck || world.strikes(Fault.STEP_FAILS, 1)
                || order.step() == Step.DEPLOY && world.truth.breaks(order.version(), order.cell())
                || order.step() == Step.PDM && world.truth.of(order.version()) == Truth.Nature.MIGRATES_BADLY;
        var half = order.timeout().dividedBy(2);
        var takes = chance.upTo(world.strikes(Fault.STEP_HANGS, 1) ? order.timeout().multipliedBy(2)
                : half.compareTo(LONGEST) < 0 ? half : LONGEST);
        boolean late = takes.compareTo(order.timeout()) > 0;
        var endsAt = now.plus(late ? order.timeout() : takes);
        AttemptResult result = late ? new AttemptResult.TimedOut() : fails ? new AttemptResult.Failed("exit 1")
                : new AttemptResult.Succeeded();
        boolean halfway = !stuck && (late || fails) && chance.in(0.3);
        boolean effect = !stuck && (result instanceof AttemptResult.Succeeded && !lies || halfway);
        var effectAt = !effect ? Instant.MAX : hangs ? now.plus(chance.upTo(Duration.ofHours(1))) : endsAt;
        return new Job(order, now, effectAt, endsAt, hangs, lies, result);
    }

    private boolean noWayBack(CellId id) {
        var cell = world.cell(id);
        cell.stubborn |= world.strikes(Fault.NO_WAY_BACK, 1);
        return cell.stubborn;
    }

    /// Jobs that hang, or run on although their driver forgot them, will do nothing more.
    void endStray() {
        open.removeIf(job -> job.hangs || job.forgotten);
        repeats.clear();
    }

    /// A name that nothing remembers any more may be given again; answers which names these are.
    Set<AttemptId> dropForgotten() {
        var dropped = new HashSet<AttemptId>();
        jobs.forEach((id, job) -> {
            if (job.forgotten) {
                dropped.add(id);
            }
        });
        jobs.keySet().removeAll(dropped);
        return dropped;
    }

    /// What jobs do to cells by now.
    void advance() {
        var now = world.time.instant();
        for (var job : open) {
            if (!job.effected && !now.isBefore(job.effectAt)) {
                job.effected = true;
                effect(job.order, now);
                if (world.chance.in(world.faults.share(Fault.STEP_TWICE))) {
                    repeats.add(new Repeat(job.order, now.plus(world.chance.upTo(Duration.ofHours(1)))));
                }
            }
            if (!job.forgotten && !job.ended(now) && world.strikes(Fault.STEP_FORGOTTEN, 50)) {
                job.forgotten = true;
                world.timeline.tell("driver", () -> "forgets " + job.order.attempt());
            }
        }
        for (var repeat : repeats.stream().filter(each -> !now.isBefore(each.at())).toList()) {
            world.happened.add(Fault.STEP_TWICE);
            world.timeline.tell("driver", () -> "runs " + repeat.order().attempt() + " once more");
            effect(repeat.order(), now);
            repeats.remove(repeat);
        }
        open.removeIf(job -> job.ended(now) && (job.effected || job.effectAt.equals(Instant.MAX)));
    }

    private void effect(StepOrder order, Instant now) {
        var cell = world.cell(order.cell());
        switch (order.step()) {
            case DEPLOY, ROLLBACK -> cell.install(order.version(), now);
            case PDM -> cell.migrated.add(order.version());
            case QA -> { }
        }
        world.timeline.tell("cell " + cell.id, () -> "now has " + order.step().word() + " of "
                + order.version());
    }

    @Override
    public StepProgress progress(AttemptId attempt) {
        if (world.strikes(Fault.ANSWER_LOST, 1)) {
            throw new IllegalStateException("the driver does not answer");
        }
        var job = jobs.get(attempt);
        if (job == null || job.forgotten) {
            return new StepProgress.Unknown();
        }
        return job.ended(world.time.instant()) ? new StepProgress.Ended(job.result) : new StepProgress.Running();
    }

    Optional<Job> job(AttemptId attempt) {
        return Optional.ofNullable(jobs.get(attempt));
    }

    /// Whether no job will do anything more to a cell. One that hangs never ends, and is at its end all the same once
    /// it has taken effect, or where it never will.
    boolean idle() {
        return open.stream().allMatch(job -> job.hangs && (job.effected || job.effectAt.equals(Instant.MAX)));
    }

    /// Whether a job of this cell still runs, as far as its driver knows.
    boolean busy(CellId cell) {
        return open.stream().anyMatch(job -> job.order.cell().equals(cell) && !job.ended(world.time.instant()));
    }

    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        return Optional.empty();
    }
}
