package cambium.server.fleet.handover;

import java.time.Instant;
import java.util.List;

/// Results that changed nothing: they came twice, too late, or for nothing known. Somewhere something ran, or said so,
/// that nobody waits for.
public interface Strays {
    /// One of them. `origin` is who said it.
    record Stray(Instant at, String attempt, String origin, String said) {}

    /// Those after `since`, newest first.
    List<Stray> strays(Instant since, int limit);
}
