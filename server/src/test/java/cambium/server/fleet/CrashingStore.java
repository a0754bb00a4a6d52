package cambium.server.fleet;

import cambium.rollout.FleetEvent;
import java.util.List;

/// A store that dies once, around its n-th durable write of the coordinator; from then on it answers nothing more.
final class CrashingStore extends FleetStoreWrapper {
    private final When when;
    private int left;

    enum When { BEFORE, AFTER }

    /// The end of the process; no code catches it.
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("killed", null, false, false);
        }
    }

    CrashingStore(FleetStore store, int nth, When when) {
        super(store);
        this.left = nth;
        this.when = when;
    }

    boolean crashed() {
        return left <= 0;
    }

    @Override
    public Snapshot load() {
        alive();
        return super.load();
    }

    @Override
    public Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox) {
        alive();
        before();
        var done = super.commit(epoch, expectedRevision, events, outbox);
        after();
        return done;
    }

    @Override
    public void done(OutboxEntry entry) {
        alive();
        before();
        super.done(entry);
        after();
    }

    private void alive() {
        if (left <= 0) {
            throw new Crash();
        }
    }

    private void before() {
        if (when == When.BEFORE && --left <= 0) {
            throw new Crash();
        }
    }

    private void after() {
        if (when == When.AFTER && --left <= 0) {
            throw new Crash();
        }
    }
}
