package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// Stops forward starts in its scope until someone releases it or, where `until` is given, until that instant.
public record Brake(Scope scope, String by, String why, Instant since, Optional<Instant> until) {
    public Brake {
        by = Grammar.text("by", by);
        why = Grammar.text("why", why);
    }

    public boolean holdsAt(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }
}
