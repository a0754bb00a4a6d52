package cambium.server.joint;

import cambium.rollout.Fleet;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingNumber;
import cambium.rollout.RingSpec;
import cambium.server.config.HeapDamage;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.Nudges;
import cambium.server.repository.RepositoryReader;
import cambium.server.repository.RingChannels;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes every ring of the fleet have its channel, so that a server can follow a ring before anything was admitted to
/// it, and keeps blocked versions out of the channels. Looks again from time to time: the repository may be created
/// after the fleet was declared.
public final class RingOpening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RingOpening.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final FleetStore fleet;
    private final Nudges nudges;
    private final RingChannels rings;
    private final RingOffers offers;
    private final RepositoryReader reader;
    private final Thread thread = Thread.ofVirtual().name("ring-opening").unstarted(this::run);
    private final Set<Opened> opened = new LinkedHashSet<>();

    private record Opened(ProductPlace place, RingNumber ring) {}

    public RingOpening(FleetStore fleet, Nudges nudges, RingChannels rings, RepositoryReader reader) {
        this.fleet = fleet;
        this.nudges = nudges;
        this.rings = rings;
        this.offers = new RingOffers(rings);
        this.reader = reader;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        long seen = -1;
        try {
            while (true) {
                seen = nudges.await(seen, LOOK);
                try {
                    openAll();
                } catch (RuntimeException | VirtualMachineError | LinkageError failed) {
                    HeapDamage.note(failed);
                    LOG.warn("the rings' channels could not be opened; it is tried again: {}", failed.toString());
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Opens what is missing. Quarantine has no channel.
    void openAll() {
        Fleet now = fleet.load().fleet();
        Optional<FleetSpec> spec = now.spec();
        spec.flatMap(declared -> ProductPlace.of(declared.product(), reader)).ifPresent(place -> {
            for (RingSpec ring : spec.get().rings()) {
                var wanted = new Opened(place, ring.ring());
                if (ring.ring().value() >= 0 && !opened.contains(wanted)
                    && rings.open(place.repository(), place.suite(), ring.ring().value())) {
                    opened.add(wanted);
                }
            }
            offers.settle(now, place);
        });
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
