package cambium.server.repository.event;

import cambium.server.http.Route;
import cambium.server.sql.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Chains new events, and checks the whole chain once a day.
public final class EventKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(EventKeeper.class);
    public static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final Duration BETWEEN_CHECKS = Duration.ofDays(1);

    private final RepositoryEvents events;
    private final InstantSource clock;
    private final AtomicInteger broken = new AtomicInteger();
    private Instant nextCheck;

    public EventKeeper(RepositoryEvents events, MeterRegistry registry, InstantSource clock) {
        this.events = events;
        this.clock = clock;
        this.nextCheck = clock.instant().plus(BETWEEN_CHECKS);
        Gauge.builder("cambium.events.broken", broken, AtomicInteger::doubleValue)
            .description("1 when the log of changes does not hold together").register(registry);
    }

    /// The same routes, with whoever calls an unsafe one noted beside what it changes.
    public static List<Route> noting(List<Route> routes) {
        return routes.stream().map(route -> route.method().isSafe() ? route
            : new Route(route.method(), route.path(), route.role(), route.permission(), call ->
                ScopedValue.where(Database.ACTOR, call.actor().name()).call(() -> route.handler().handle(call))))
            .toList();
    }

    /// One look.
    public void look() {
        events.chain();
        if (!clock.instant().isBefore(nextCheck)) {
            nextCheck = clock.instant().plus(BETWEEN_CHECKS);
            events.problem().ifPresentOrElse(problem -> {
                LOG.error(problem);
                broken.set(1);
            }, () -> broken.set(0));
        }
    }
}
