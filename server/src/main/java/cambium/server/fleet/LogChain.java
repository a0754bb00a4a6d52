package cambium.server.fleet;

import cambium.rollout.LogFlaw;
import java.util.List;

/// Holds the log against its chain of hashes, a bounded piece at a time, whatever was folded from it.
@FunctionalInterface
public interface LogChain {
    /// @param upTo the last event looked at; `after` itself at the end of the log
    /// @param flaws in order, also those that somebody accepted
    record Look(long upTo, List<LogFlaw> flaws) {}

    /// Looks at what comes after the event of this number; at most [FleetStore#MAX_EVENTS_PER_READ].
    Look after(long number);
}
