package cambium.server.fleet.pull;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.Handover;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.HandoverDriver;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.Technology;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/// Waits for cells that bring themselves to the version. A deployment is over when the cell reports its packages,
/// however they came there; other steps are over when the cell says so. A cell that says nothing in time is lost: it
/// may still follow, and then its reports are looked at as ever. Nothing can be called back from a cell that has begun.
public final class PullCellDriver implements HandoverDriver {
    static final String TOO_LATE = "its time to start was over";

    private final Handovers handovers;
    private final InstantSource time;

    public PullCellDriver(Handovers handovers, InstantSource time) {
        this.handovers = handovers;
        this.time = time;
    }

    @Override
    public Taking start(StepOrder order) {
        if (handovers.take(order, Technology.PULL) == Taking.FENCED) {
            return Taking.FENCED;
        }
        handovers.find(order.attempt()).filter(taken -> taken.phase() instanceof Phase.Taken && late(taken))
                .ifPresent(taken -> handovers.end(order.attempt(), new AttemptResult.Failed(TOO_LATE)));
        return Taking.TAKEN;
    }

    private boolean late(Handover handover) {
        return time.instant().isAfter(handover.order().startBefore());
    }

    @Override
    public StepProgress progress(AttemptId attempt) {
        return handovers.find(attempt).map(taken -> handovers.settled(look(taken)))
                .orElseGet(StepProgress.Unknown::new);
    }

    @Override
    public Found look(Handover handover) {
        return switch (handover.phase()) {
            case Phase.Ended(var result) -> new Found.Known(new StepProgress.Ended(result));
            case Phase.Taken(), Phase.Sent _, Phase.Running() when time.instant().isAfter(handover.deadline()) ->
                Found.over(handover, new AttemptResult.Lost("the cell "
                        + (handover.phase() instanceof Phase.Running ? "began and did not say how it ended"
                                : "did not report " + handover.order().version())
                        + " within " + handover.order().timeout().toSeconds() + " s"));
            case Phase.Taken(), Phase.Sent _, Phase.Running() -> new Found.Known(new StepProgress.Running());
        };
    }

    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        return handovers.log(attempt).map(text ->
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public boolean cancel(AttemptId attempt, String why) {
        var handover = handovers.find(attempt);
        if (handover.isEmpty() || handover.get().phase() instanceof Phase.Running) {
            return false;
        }
        if (!handover.get().ended()) {
            handovers.end(attempt, new AttemptResult.Cancelled(why));
        }
        return true;
    }
}
