package cambium.simulation;

import cambium.rollout.AttemptId;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import java.io.InputStream;
import java.util.Optional;

/// The drivers as one coordinator reaches them, at times not at all.
record CutDriver(CellDriver real, Outages links) implements CellDriver {
    private CellDriver reached() {
        if (links.lasts(Fault.DRIVER_CUT)) {
            throw new IllegalStateException("the driver cannot be reached");
        }
        return real;
    }

    @Override
    public Taking start(StepOrder order) {
        return reached().start(order);
    }

    @Override
    public StepProgress progress(AttemptId attempt) {
        return reached().progress(attempt);
    }

    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        return reached().log(attempt);
    }

    @Override
    public boolean cancel(AttemptId attempt, String why) {
        return reached().cancel(attempt, why);
    }
}
