package cambium.simulation;

import cambium.rollout.FleetEvent;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.OutboxEntry;
import cambium.server.fleet.RecordedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The store as one coordinator reaches it. Before and after every durable write the process may die, be paused for so
/// long that another one takes over, or somebody may slip in a command.
final class FaultyStore implements FleetStore {
    private final FleetStore shared;
    private final World world;
    private final Interference interference;
    private final Outages links;

    /// What may happen between two steps of a coordinator.
    interface Interference {
        void pausedFor(Duration time);

        void sleepsFor(Duration time);

        void clockSet(Duration ahead);

        void personActs();
    }

    FaultyStore(FleetStore shared, World world, Interference interference, Outages links) {
        this.shared = shared;
        this.world = world;
        this.interference = interference;
        this.links = links;
    }

    private void reach() {
        if (world.outages.lasts(Fault.STORE_DOWN) || links.lasts(Fault.STORE_CUT)) {
            throw new Unanswered("at all");
        }
    }

    private void write() {
        reach();
        if (world.storeRefuses()) {
            throw new Unanswered("to what is to be written");
        }
    }

    private void boundary(String where) {
        var chance = world.chance;
        if (world.strikes(Fault.STORE_SILENT, 1)) {
            throw new Unanswered(where);
        }
        if (world.strikes(Fault.KILL, 1)) {
            throw new Killed(where);
        }
        if (world.strikes(Fault.PAUSE, 1)) {
            interference.pausedFor(chance.upTo(Duration.ofSeconds(chance.in(0.1) ? 1800 : 30)));
        }
        if (world.strikes(Fault.MACHINE_SLEEPS, 1)) {
            interference.sleepsFor(chance.upTo(chance.of(List.of(Duration.ofSeconds(10), Duration.ofMinutes(10),
                    Duration.ofHours(3)))));
        }
        if (world.strikes(Fault.CLOCK_SET, 1)) {
            var off = chance.upTo(chance.of(List.of(Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofDays(1))));
            interference.clockSet(chance.in(0.4) ? Duration.ZERO : chance.in(0.5) ? off : off.negated());
        }
        if (world.strikes(Fault.INTERRUPT, 1)) {
            interference.personActs();
        }
    }

    @Override
    public Snapshot load() {
        reach();
        var snapshot = shared.load();
        boundary("after load");
        return snapshot;
    }

    @Override
    public Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox) {
        boundary("before commit");
        world.time.pass(Duration.ofMillis(1));
        write();
        var commit = shared.commit(epoch, expectedRevision, events, outbox);
        boundary("after commit");
        return commit;
    }

    @Override
    public Commit commit(long expectedRevision, List<FleetEvent> events) {
        write();
        return shared.commit(expectedRevision, events);
    }

    @Override
    public List<OutboxEntry> pending(int limit) {
        reach();
        return shared.pending(limit);
    }

    @Override
    public void done(OutboxEntry entry) {
        boundary("before done");
        write();
        shared.done(entry);
        boundary("after done");
    }

    @Override
    public Optional<Epoch> lease(String holder, Duration length) {
        write();
        var epoch = shared.lease(holder, length);
        boundary("after lease");
        return epoch;
    }

    @Override
    public void release(Epoch epoch) {
        write();
        shared.release(epoch);
    }

    @Override
    public List<RecordedEvent> events(long after, int limit) {
        reach();
        return shared.events(after, limit);
    }
}
