package cambium.simulation;

import cambium.rollout.FleetEvent;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.OutboxEntry;
import cambium.server.fleet.RecordedEvent;
import cambium.server.fleet.memory.InMemoryFleetStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The one shared store. Everything that was really committed passes here, so this is where it is written down and
/// checked.
final class RecordingStore implements FleetStore {
    private final InstantSource time;
    private final Inspection inspection;
    private FleetStore kept;
    private Backup backup = new Backup(List.of(), List.of());
    private final List<FleetEvent> log = new ArrayList<>();
    private long highestEpoch;

    private record Backup(List<FleetEvent> log, List<OutboxEntry> outbox) {}

    RecordingStore(InstantSource time, Inspection inspection) {
        this.time = time;
        this.kept = new InMemoryFleetStore(time);
        this.inspection = inspection;
    }

    void backUp() {
        backup = new Backup(log(), kept.pending(Integer.MAX_VALUE));
    }

    /// As it was when it was backed up: the log, the outbox and no lease.
    void goBack() {
        kept = new InMemoryFleetStore(time);
        kept.commit(0, backup.log());
        kept.pending(Integer.MAX_VALUE).forEach(kept::done);
        var epoch = kept.lease("restore", Duration.ofSeconds(1)).orElseThrow();
        kept.commit(epoch, backup.log().size(), List.of(), backup.outbox());
        kept.release(epoch);
        log.clear();
        log.addAll(backup.log());
        inspection.wentBack(backup.log());
    }

    @Override
    public Snapshot load() {
        return kept.load();
    }

    @Override
    public Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox) {
        var commit = kept.commit(epoch, expectedRevision, events, outbox);
        if (commit == Commit.DONE) {
            inspection.committedUnder(epoch.number(), highestEpoch);
            events.forEach(inspection::stamped);
            recorded(expectedRevision, events);
        }
        return commit;
    }

    @Override
    public Commit commit(long expectedRevision, List<FleetEvent> events) {
        var commit = kept.commit(expectedRevision, events);
        if (commit == Commit.DONE) {
            events.forEach(inspection::committedWithoutLease);
            recorded(expectedRevision, events);
        }
        return commit;
    }

    private void recorded(long expectedRevision, List<FleetEvent> events) {
        if (expectedRevision != log.size()) {
            throw new IllegalStateException("the store took a commit on revision " + expectedRevision + " at "
                    + log.size());
        }
        for (var event : events) {
            log.add(event);
            inspection.happened(event);
        }
    }

    @Override
    public List<OutboxEntry> pending(int limit) {
        return kept.pending(limit);
    }

    @Override
    public void done(OutboxEntry entry) {
        kept.done(entry);
    }

    @Override
    public Optional<Epoch> lease(String holder, Duration length) {
        var epoch = kept.lease(holder, length);
        epoch.ifPresent(granted -> highestEpoch = Math.max(highestEpoch, granted.number()));
        return epoch;
    }

    @Override
    public void release(Epoch epoch) {
        kept.release(epoch);
    }

    @Override
    public List<RecordedEvent> events(long after, int limit) {
        return kept.events(after, limit);
    }

    List<FleetEvent> log() {
        return List.copyOf(log);
    }
}
