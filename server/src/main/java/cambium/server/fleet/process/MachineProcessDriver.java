package cambium.server.fleet.process;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.Handover;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.HandoverDriver;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.Technology;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;

/// The process driver where any of several machines may coordinate: PostgreSQL notes on which one a step runs, and no
/// other runs it. There alone can be told how the step is, so each process [#tend]s the steps of its machine, whether
/// it leads or stands by, and the others wait for what it notes. A machine that says nothing has lost its steps when
/// their time is over.
public final class MachineProcessDriver implements HandoverDriver {
    /// For the end of a step that is over its time, and for noting it.
    static final Duration GRACE = Duration.ofMinutes(1);

    /// No process that was begun in time can be about to begin the step.
    static final Duration START_IS_OVER = Duration.ofSeconds(30);

    private final Handovers handovers;
    private final CellDriver here;
    private final String machine;
    private final InstantSource time;

    /// @param here runs steps on this machine
    /// @param attempts the folder in which it does
    public MachineProcessDriver(Handovers handovers, CellDriver here, Path attempts, InstantSource time) {
        this(handovers, here, MachineId.of(attempts), time);
    }

    MachineProcessDriver(Handovers handovers, CellDriver here, String machine, InstantSource time) {
        this.handovers = handovers;
        this.here = here;
        this.machine = machine;
        this.time = time;
    }

    /// The first machine to take the attempt runs it; asked again, it goes on with what it began. One that could not
    /// begin it leaves it to others.
    @Override
    public Taking start(StepOrder order) {
        if (handovers.take(order, Technology.PROCESS) == Taking.FENCED) {
            return Taking.FENCED;
        }
        boolean isNew = handovers.running(order.attempt(), machine);
        var isHere = handovers.find(order.attempt()).filter(this::isHere).filter(taken -> !taken.ended()).isPresent();
        try {
            return isHere ? here.start(order) : Taking.TAKEN;
        } catch (UncheckedIOException notBegun) {
            if (isNew) {
                handovers.notBegun(order.attempt(), machine);
            }
            throw notBegun;
        }
    }

    private boolean isHere(Handover handover) {
        return handover.reference().equals(machine);
    }

    /// What no machine took may have been begun by a server that did not note it.
    @Override
    public StepProgress progress(AttemptId attempt) {
        return handovers.find(attempt).map(taken -> handovers.settled(look(taken)))
                .orElseGet(() -> here.progress(attempt));
    }

    @Override
    public Found look(Handover handover) {
        return switch (handover.phase()) {
            case Phase.Ended(var result) -> new Found.Known(new StepProgress.Ended(result));
            case Phase.Taken(), Phase.Sent _ -> new Found.Known(new StepProgress.Unknown());
            case Phase.Running() when isHere(handover) -> lookHere(handover.order().attempt());
            case Phase.Running() when time.instant().isAfter(handover.deadline().plus(GRACE)) ->
                Found.over(handover, new AttemptResult.Lost("machine " + handover.reference()
                        + ", where it ran, did not say how it ended"));
            case Phase.Running() -> new Found.Known(new StepProgress.Running());
        };
    }

    private Found lookHere(AttemptId attempt) {
        var seen = here.progress(attempt);
        return seen instanceof StepProgress.Ended(var end)
                ? new Found.Over(new Handovers.End(attempt, end, printed(attempt))) : new Found.Known(seen);
    }

    private String printed(AttemptId attempt) {
        try (var log = here.log(attempt).orElseGet(InputStream::nullInputStream)) {
            return new String(log.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException | UncheckedIOException unreadable) {
            return "[the log could not be read: " + unreadable.getMessage() + "]\n";
        }
    }

    /// Notes how the steps of this machine are that nobody knows the end of, and ends those that shall end.
    public void tend() {
        var ends = new ArrayList<Handovers.End>();
        for (var handover : handovers.open(Technology.PROCESS, machine)) {
            handover.cancelled().ifPresent(why -> here.cancel(handover.order().attempt(), why));
            if (tended(handover) instanceof Found.Over(var end)) {
                ends.add(end);
            }
            if (ends.size() == Handovers.MAX_ENDS) {
                handovers.settle(ends);
                ends.clear();
            }
        }
        handovers.settle(ends);
    }

    private Found tended(Handover handover) {
        var found = look(handover);
        return found instanceof Found.Known(StepProgress.Unknown())
                && time.instant().isAfter(handover.order().startBefore().plus(START_IS_OVER))
                ? Found.over(handover, new AttemptResult.Failed("its time to start was over: machine " + machine
                        + " took it and did not begin it")) : found;
    }

    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        return here.log(attempt).or(() -> handovers.log(attempt).filter(text -> !text.isEmpty()).map(text ->
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
    }

    /// Another machine is told, and ends the step as soon as it hears of it.
    @Override
    public boolean cancel(AttemptId attempt, String why) {
        if (handovers.endBeforeItsStart(attempt, new AttemptResult.Cancelled(why))) {
            return true;
        }
        var handover = handovers.find(attempt);
        if (handover.isEmpty() || isHere(handover.get())) {
            return here.cancel(attempt, why);
        }
        handovers.cancel(attempt, why);
        return true;
    }
}
