package cambium.server.fleet.handover;

import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepProgress;

/// A driver whose attempts are noted as handed over: what is noted is read for many of them at once.
public interface HandoverDriver extends CellDriver {
    /// As [#progress] of its attempt; `handover` was read just now.
    StepProgress progress(Handover handover);
}
