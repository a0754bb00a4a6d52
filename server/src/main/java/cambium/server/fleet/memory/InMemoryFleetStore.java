package cambium.server.fleet.memory;

import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.OutboxEntry;
import cambium.server.fleet.RecordedEvent;
import cambium.server.fleet.json.FleetJson;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Keeps a fleet in memory. Nothing is lost when the coordinator "crashes", for the store is another system to it.
public final class InMemoryFleetStore implements FleetStore {
    private final InstantSource time;
    private final List<FleetEvent> log = new ArrayList<>();
    private final SequencedMap<String, OutboxEntry> outbox = new LinkedHashMap<>();
    private Fleet fleet = Fleet.empty();
    private long lastEpoch;
    private Optional<Lease> lease = Optional.empty();

    private record Lease(String holder, Epoch epoch, Instant until) {}

    public InMemoryFleetStore(InstantSource time) {
        this.time = time;
    }

    @Override
    public synchronized Snapshot load() {
        return new Snapshot(fleet, log.size());
    }

    @Override
    public synchronized Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events,
            List<OutboxEntry> entries) {
        if (running().filter(held -> held.epoch().equals(epoch)).isEmpty()) {
            return Commit.FENCED;
        }
        var commit = append(expectedRevision, events);
        if (commit == Commit.DONE) {
            entries.forEach(entry -> outbox.putIfAbsent(entry.key(), entry));
        }
        return commit;
    }

    @Override
    public synchronized Commit commit(long expectedRevision, List<FleetEvent> events) {
        var commit = append(expectedRevision, events);
        if (commit == Commit.DONE) {
            OutboxEntry.promisedBy(events).forEach(entry -> outbox.putIfAbsent(entry.key(), entry));
        }
        return commit;
    }

    private Commit append(long expectedRevision, List<FleetEvent> events) {
        if (expectedRevision != log.size()) {
            return Commit.CONFLICT;
        }
        fleet = fleet.after(events);
        log.addAll(events);
        return Commit.DONE;
    }

    @Override
    public synchronized List<OutboxEntry> pending(int limit) {
        return outbox.values().stream().limit(limit).toList();
    }

    @Override
    public synchronized void done(OutboxEntry entry) {
        outbox.remove(entry.key());
    }

    @Override
    public synchronized Optional<Epoch> lease(String holder, Duration length) {
        var held = running();
        if (held.isPresent() && !held.get().holder().equals(holder)) {
            return Optional.empty();
        }
        var epoch = held.map(Lease::epoch).orElseGet(() ->
                new Epoch(Math.max(lastEpoch + 1, time.instant().toEpochMilli())));
        lastEpoch = epoch.number();
        lease = Optional.of(new Lease(holder, epoch, time.instant().plus(length)));
        return Optional.of(epoch);
    }

    @Override
    public synchronized void release(Epoch epoch) {
        lease = lease.filter(held -> !held.epoch().equals(epoch));
    }

    private Optional<Lease> running() {
        return lease.filter(held -> time.instant().isBefore(held.until()));
    }

    /// The hashes are reckoned anew by every call; in memory nobody can have changed them.
    @Override
    public synchronized List<RecordedEvent> events(long after, int limit) {
        var recorded = new ArrayList<RecordedEvent>();
        var hash = FleetJson.FIRST_HASH;
        var last = Math.min(log.size(), after + Math.min(limit, MAX_EVENTS_PER_READ));
        for (var number = 1; number <= last; number++) {
            var event = log.get(number - 1);
            hash = FleetJson.hash(hash, FleetJson.text(event));
            if (number > after) {
                recorded.add(new RecordedEvent(number, event, hash));
            }
        }
        return recorded;
    }
}
