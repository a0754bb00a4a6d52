package cambium.simulation;

import cambium.rollout.FleetEvent;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.OutboxEntry;
import cambium.server.fleet.RecordedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A store whose reader takes the fleet for something else than it is.
record MisreadStore(FleetStore real, UnaryOperator<cambium.rollout.Fleet> reading) implements FleetStore {
    @Override
    public Snapshot load() {
        var snapshot = real.load();
        return new Snapshot(reading.apply(snapshot.fleet()), snapshot.revision());
    }

    @Override
    public Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox) {
        return real.commit(epoch, expectedRevision, events, outbox);
    }

    @Override
    public Commit commit(long expectedRevision, List<FleetEvent> events) {
        return real.commit(expectedRevision, events);
    }

    @Override
    public List<OutboxEntry> pending(int limit) {
        return real.pending(limit);
    }

    @Override
    public void done(OutboxEntry entry) {
        real.done(entry);
    }

    @Override
    public Optional<Epoch> lease(String holder, Duration length) {
        return real.lease(holder, length);
    }

    @Override
    public void release(Epoch epoch) {
        real.release(epoch);
    }

    @Override
    public List<RecordedEvent> events(long after, int limit) {
        return real.events(after, limit);
    }
}
