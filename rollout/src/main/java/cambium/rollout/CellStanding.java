package cambium.rollout;

import java.time.Instant;

/// Where a cell stands towards the version its ring converges to.
sealed interface CellStanding {
    /// It runs the version and proved healthy.
    ///
    /// @param proved it has baked the version before
    /// @param since when it last came to be so, without a break
    record Converged(boolean proved, Instant since) implements CellStanding {}

    /// Something is under way and will end by itself; it takes one of the ring's places.
    record Moving(Wait because) implements CellStanding {}

    /// A step can start now.
    record Ready(Step step, boolean again) implements CellStanding {}

    /// Waits for what the rollout itself will bring.
    record Pending(Wait because) implements CellStanding {}

    /// Does not move unless something outside the rollout changes.
    record Stuck(Wait because) implements CellStanding {}

    /// The version failed here, which is not recorded yet.
    record Failing(AttemptId attempt, String why) implements CellStanding {}

    /// The version failed here, and the ring may converge without this cell.
    record Excused(Wait because) implements CellStanding {}
}
