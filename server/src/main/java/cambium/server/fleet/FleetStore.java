package cambium.server.fleet;

import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Keeps the fleet: an append-only log of events, the outbox and the coordinator's lease. The fleet is the fold of the
/// log and nothing else. Every change is one compare-and-set on the revision, and is durable when it returns.
public interface FleetStore {
    int MAX_EVENTS_PER_READ = 1_000;
    /// Of their text: a fleet of thousands of cells is megabytes, and may be declared many times in a row.
    int MAX_BYTES_PER_READ = 8 << 20;
    int MAX_TRIES_TO_RECORD = 64;

    /// A fleet and the revision it stands for: the number of events folded, 0 for none.
    record Snapshot(Fleet fleet, long revision) {}

    enum Commit {
        DONE,
        /// The revision has moved on: load again, decide again.
        CONFLICT,
        /// The epoch is not the lease's, or the lease has run out: stop.
        FENCED
    }

    /// The newest fleet; at least as new as every commit that returned before this call.
    Snapshot load();

    /// Commits for the holder of the lease: all of it or nothing. Without events the revision stays as it is.
    Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox);

    /// Commits for a person: no lease is needed, so that a brake works without any coordinator. Never `FENCED`. What
    /// the events promise goes into the outbox with them.
    Commit commit(long expectedRevision, List<FleetEvent> events);

    /// Commits facts that hold whatever the fleet is meanwhile. False where it moved on too fast, again and again.
    default boolean record(List<FleetEvent> facts) {
        for (var i = 0; i < MAX_TRIES_TO_RECORD; i++) {
            if (commit(load().revision(), facts) == Commit.DONE) {
                return true;
            }
        }
        return false;
    }

    /// What is still to be done, oldest first.
    List<OutboxEntry> pending(int limit);

    /// Forgets an entry whose effect is known; unknown entries are ignored.
    void done(OutboxEntry entry);

    /// Takes the lease when it is free or run out (with a new, higher epoch), or lengthens the holder's own (with the
    /// same epoch). Empty while another one holds it. Time is the store's own. New epochs are no lower than its
    /// milliseconds since 1970, so that a store that was put back to an earlier time grants none a second time.
    Optional<Epoch> lease(String holder, Duration length);

    /// Gives the lease back early; ignored when it is no longer held under that epoch.
    void release(Epoch epoch);

    /// Events after number `after`, in order; at most `limit` and never more than `MAX_EVENTS_PER_READ`, and none
    /// more once they have `MAX_BYTES_PER_READ`. Empty only at the end of the log.
    List<RecordedEvent> events(long after, int limit);

    /// Finds events by what they are about.
    default FleetLog lookUp() {
        return new ScannedLog(this);
    }
}
