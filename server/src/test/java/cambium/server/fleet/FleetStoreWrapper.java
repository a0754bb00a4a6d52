package cambium.server.fleet;

import cambium.rollout.FleetEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Hands everything on to a store; a test overrides what it wants to disturb.
class FleetStoreWrapper implements FleetStore {
    private final FleetStore store;

    FleetStoreWrapper(FleetStore store) {
        this.store = store;
    }

    @Override
    public Snapshot load() {
        return store.load();
    }

    @Override
    public Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox) {
        return store.commit(epoch, expectedRevision, events, outbox);
    }

    @Override
    public Commit commit(long expectedRevision, List<FleetEvent> events) {
        return store.commit(expectedRevision, events);
    }

    @Override
    public List<OutboxEntry> pending(int limit) {
        return store.pending(limit);
    }

    @Override
    public void done(OutboxEntry entry) {
        store.done(entry);
    }

    @Override
    public Optional<Epoch> lease(String holder, Duration length) {
        return store.lease(holder, length);
    }

    @Override
    public void release(Epoch epoch) {
        store.release(epoch);
    }

    @Override
    public List<RecordedEvent> events(long after, int limit) {
        return store.events(after, limit);
    }
}
