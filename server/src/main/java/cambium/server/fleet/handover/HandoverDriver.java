package cambium.server.fleet.handover;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepProgress;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A driver whose attempts are noted as handed over: what is noted is read for many of them at once.
public interface HandoverDriver extends CellDriver {
    /// What a look at an attempt found.
    sealed interface Found {
        record Known(StepProgress progress) implements Found {}

        /// It is over, and that is not on record.
        record Over(Handovers.End end) implements Found {}

        static Found over(Handover handover, AttemptResult result) {
            return new Over(new Handovers.End(handover.order().attempt(), result, ""));
        }
    }

    /// How an attempt is; `handover` was read just now. Puts no end on record: whoever looks at many does so with all
    /// of them at once, since a commit for each of a thousand takes longer than a lease.
    Found look(Handover handover);

    /// The same of several, each to be waited for by whoever wants it, and failing then as [#look] fails.
    default Map<AttemptId, Supplier<Found>> looks(Collection<Handover> handovers) {
        return handovers.stream().collect(Collectors.toMap(each -> each.order().attempt(), each -> () -> look(each)));
    }
}
