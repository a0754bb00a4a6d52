package cambium.server.fleet.memory;

import cambium.server.fleet.FleetStore;
import cambium.server.fleet.FleetStoreContract;
import java.time.Duration;
import java.time.Instant;

class InMemoryFleetStoreTest extends FleetStoreContract {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final FleetStore store = new InMemoryFleetStore(() -> now);

    @Override
    protected FleetStore first() {
        return store;
    }

    @Override
    protected FleetStore second() {
        return store;
    }

    @Override
    protected void pass(Duration time) {
        now = now.plus(time);
    }
}
