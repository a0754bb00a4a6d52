package cambium.server.fleet;

import cambium.rollout.AttemptResult;

/// How far a driver is with an attempt.
public sealed interface StepProgress {
    /// The driver never accepted it; starting it (again) under the same id is safe.
    record Unknown() implements StepProgress {}

    record Running() implements StepProgress {}

    record Ended(AttemptResult result) implements StepProgress {}
}
