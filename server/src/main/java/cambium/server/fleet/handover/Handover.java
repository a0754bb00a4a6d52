package cambium.server.fleet.handover;

import cambium.rollout.AttemptResult;
import cambium.server.fleet.StepOrder;
import java.time.Instant;
import java.util.Optional;

/// An order that a driver has taken, and how far it is. What a driver keeps elsewhere (files, a cluster) is not here.
///
/// @param reference the name that the other side gave to what runs; empty until it is known
/// @param cancelled why it shall end before its time
public record Handover(StepOrder order, Technology technology, Instant takenAt, Phase phase, String reference,
        Optional<String> cancelled) {
    /// How far an attempt is.
    public sealed interface Phase {
        /// Not begun by anybody.
        record Taken() implements Phase {}

        /// The start was asked for then; whether it took is not known.
        record Sent(Instant at) implements Phase {}

        record Running() implements Phase {}

        record Ended(AttemptResult result) implements Phase {}
    }

    public boolean ended() {
        return phase instanceof Phase.Ended;
    }

    /// When nobody waits for it any more.
    public Instant deadline() {
        return takenAt.plus(order.timeout());
    }
}
