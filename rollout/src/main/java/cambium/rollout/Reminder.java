package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When somebody is asked whether what a person set still has to hold: once at the instant it was wanted until, or,
/// where none was given, again and again.
///
/// @param every the time between two questions where there is no `until`
record Reminder(Instant since, Optional<Instant> until, Duration every) {

    /// The last instant, up to `now`, at which somebody had to be asked.
    Optional<Instant> last(Instant now) {
        if (until.isPresent()) {
            return until.filter(end -> !now.isBefore(end));
        }
        long times = Duration.between(since, now).dividedBy(every);
        return times < 1 ? Optional.empty() : Optional.of(since.plus(every.multipliedBy(times)));
    }

    /// When somebody is asked next; where `until` is past, that is when somebody was.
    Instant next(Instant now) {
        return until.orElseGet(() -> last(now).orElse(since).plus(every));
    }
}
