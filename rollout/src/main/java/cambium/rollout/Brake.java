package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Stops forward starts in its scope until someone releases it. Time alone never does: where `until` is given, somebody
/// is paged at that instant, and where it is not, after each {@link #UNATTENDED} that the brake is on.
///
/// @param cancels deployments that run are ended, too, where their driver can; never a PDM, of which half is worse than
///     all, and never a rollback
public record Brake(Scope scope, String by, String why, Instant since, Optional<Instant> until, boolean cancels) {
    /// How long a brake without `until` is on before somebody is asked whether it still has to be.
    public static final Duration UNATTENDED = Duration.ofHours(24);

    public Brake {
        by = Grammar.text("by", by);
        why = Grammar.text("why", why);
    }

    /// The last instant, up to `now`, at which somebody had to be asked about it.
    Optional<Instant> askedAbout(Instant now) {
        return new Reminder(since, until, UNATTENDED).last(now);
    }

    /// When somebody is asked about it next; where `until` is past, that is when somebody was.
    Instant asksNext(Instant now) {
        return new Reminder(since, until, UNATTENDED).next(now);
    }

    boolean covers(Cell cell, ProductVersion version) {
        return switch (scope) {
            case Scope.FleetWide() -> true;
            case Scope.OfRing(var ring) -> ring.equals(cell.ring());
            case Scope.OfCell(var id) -> id.equals(cell.id());
            case Scope.OfVersion(var braked) -> braked.equals(version);
        };
    }

    /// Who pulled it, why, and until when they wanted it.
    public String told() {
        return "brake on " + scope + " by " + by + ": " + why
                + until.map(end -> " (wanted until " + WholeSeconds.end(end) + ")").orElse("");
    }
}
