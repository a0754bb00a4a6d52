package cambium.rollout;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Why something does not move, in a sentence, and the instant that ends it where time alone does.
public record Wait(Code code, Scope subject, String text, Optional<Instant> until) {

    /// Stable words; `word()` is what the API shows.
    public enum Code {
        /// No fleet has been declared.
        NO_FLEET,
        /// A brake holds the scope.
        BRAKED,
        /// The ring's channel is being filled.
        CHANNEL,
        /// An attempt was asked for and has not started yet.
        REQUESTED,
        /// An attempt runs.
        RUNNING,
        /// The cell has not been looked at since its last attempt ended.
        UNOBSERVED,
        /// The attempt succeeded, but the cell is not seen running the version yet.
        SETTLING,
        /// The cell cannot be reached.
        UNREACHABLE,
        /// Nobody knows how an attempt ended; the cell is looked at again.
        UNKNOWN,
        /// No verdict yet, or no data to reach one.
        NO_DATA,
        /// The bake needs more requests.
        SAMPLES,
        /// The bake needs more time.
        BAKING,
        /// The QA step has not passed yet.
        QA,
        /// PDM waits for a person.
        PDM_MANUAL,
        /// PDM waits, so that the cell can still go back without downtime.
        PDM_GRACE,
        /// PDM has not succeeded yet.
        PDM,
        /// A person must graduate the version.
        NOT_GRADUATED,
        /// People must let the version into the ring.
        APPROVAL,
        /// The ring inside has not proved the version.
        INNER_RING,
        /// The ring finishes an older version first.
        OLDER_VERSION,
        /// The ring outside still takes the version this ring would leave.
        OUTER_RING,
        /// The ring inside has moved on to a newer version.
        OVERTAKEN,
        /// Outside the ring's windows, or in a freeze.
        WINDOW,
        /// A failed step rests before its next try.
        BACKING_OFF,
        /// As many deployments as the policy allows have just started.
        START_RATE,
        /// Nothing has begun or ended for longer than the policy bears.
        NO_PROGRESS,
        /// As many cells as the policy allows are in motion.
        AT_ONCE,
        /// The first cells of the ring go before the others.
        CANARY_FIRST,
        /// The cell is under maintenance; its ring goes on without it.
        DEFERRED,
        /// The cell leaves the fleet; its ring goes on without it.
        LEAVING,
        /// The cell stands in quarantine.
        QUARANTINED,
        /// The cell joins once its ring has proved the version.
        JOINING,
        /// The cell was moved here; a move starts nothing by itself.
        MOVED,
        /// Other hands changed the cell's version, and the policy only tells of it.
        DRIFTED,
        /// A person took the cell back from this version.
        HELD,
        /// Nothing new begins in ring 0 while a ring is too far behind.
        PAUSED,
        /// A person pinned the ring or the cell to another version.
        PINNED,
        /// The version is blocked.
        BLOCKED,
        /// The version failed on the cell.
        FAILED,
        /// The cell cannot go back without downtime, or has nothing to go back to.
        ROLLBACK_REFUSED,
        /// All tries are spent.
        TRIES_SPENT;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Wait {
        text = Grammar.text("text", text);
    }

    public static Wait of(Code code, Scope subject, String text) {
        return new Wait(code, subject, text, Optional.empty());
    }

    public static Wait until(Code code, Scope subject, String text, Instant until) {
        return new Wait(code, subject, text, Optional.of(until));
    }
}
