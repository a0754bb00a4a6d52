package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Keeps a ring or a cell on one version: no other goes forward there until somebody releases the pin. It moves nothing
/// by itself, and what goes back goes back. A pinned ring stays behind as a whole; the ring of a pinned cell goes on
/// without it. Time alone never lifts it: at `until`, or after each {@link #UNATTENDED} without one, somebody is asked.
///
/// @param scope a ring or a cell
public record Pin(Scope scope, ProductVersion version, String by, String why, Instant since, Optional<Instant> until) {
    /// How long a pin without `until` holds before somebody is asked whether it still has to.
    public static final Duration UNATTENDED = Duration.ofDays(7);

    public Pin {
        by = Grammar.text("by", by);
        why = Grammar.text("why", why);
    }

    Reminder reminder() {
        return new Reminder(since, until, UNATTENDED);
    }

    /// Who pinned it to what, why, and until when they wanted it.
    public String told() {
        return scope + " is pinned to " + version + " by " + by + ": " + why
                + until.map(end -> " (wanted until " + WholeSeconds.end(end) + ")").orElse("");
    }
}
