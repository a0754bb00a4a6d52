package cambium.server.fleet;

import cambium.rollout.BrakeDrill;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.server.access.MasterKey;
import cambium.server.access.Permission;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.sql.Recurring;
import cambium.server.webhook.EventLog;
import cambium.server.webhook.Transports;
import cambium.server.webhook.WebhookRoutes;
import cambium.server.webhook.WebhookSender;
import cambium.server.webhook.Webhooks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The webhooks of the fleet: its events as the audit log shows them, told in order to whoever ops have named.
public final class FleetWebhooks implements EventLog, AutoCloseable {
    /// The kinds of events by the names that the log has for them.
    static final SortedSet<String> KINDS = Collections.unmodifiableSortedSet(Stream.of(FleetEvent.class
            .getPermittedSubclasses()).map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new)));

    /// What somebody should know of who does not look; the rest of a rollout is mailed to those who ask for it.
    static final SortedSet<String> MAILED = Collections.unmodifiableSortedSet(Stream.of(FleetEvent.PageRaised.class,
            FleetEvent.CellFailed.class, FleetEvent.VersionBlocked.class, FleetEvent.RollbackAsked.class,
            FleetEvent.BrakeSet.class, FleetEvent.BrakeReleased.class).map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new)));

    private final FleetStore store;
    private final Function<List<FleetEvent>, List<Line>> lines;
    private final Transports transports;
    private final WebhookSender sender;
    private final List<Route> routes;
    private final List<Recurring> sending = new ArrayList<>();

    /// @param lines events as people read them
    public FleetWebhooks(FleetStore store, Database database, MasterKey masterKey, Transports.Settings settings,
            Function<List<FleetEvent>, List<Line>> lines, MeterRegistry registry, InstantSource clock) {
        this.store = store;
        this.lines = lines;
        this.transports = new Transports(settings, clock);
        var webhooks = new Webhooks(database, masterKey, this, transports, clock);
        this.sender = new WebhookSender(webhooks, transports, registry, "fleet");
        this.routes = new WebhookRoutes(new WebhookRoutes.Place("/api/fleet/webhooks", Permission.MANAGE_FLEET,
                _ -> Owner.FLEET, KINDS, MAILED, new InTheLog(store, clock)), webhooks, transports).routes();
    }

    public List<Route> routes() {
        return routes;
    }

    /// Begins to send; any number of processes may do so.
    public synchronized void start() {
        sending.addAll(sender.start("fleet webhooks"));
    }

    @Override
    public String nextNumber() {
        return "(select revision + 1 from fleet_head)";
    }

    @Override
    public String mine() {
        return "w.repository_id is null";
    }

    @Override
    public String due() {
        return mine() + " and w.next_number <= (select revision from fleet_head)";
    }

    /// Looks at a page of the log, at most: what is not told of it is passed over, and the rest comes next.
    @Override
    public Told told(Owner owner, Part part) {
        var told = new ArrayList<RecordedEvent>();
        long last = part.first() - 1;
        for (var event : store.events(last, FleetStore.MAX_EVENTS_PER_READ)) {
            if (told.size() == part.limit() || event.number() > part.last()) {
                break;
            }
            last = event.number();
            if (!isOfTheDrill(event.event())
                    && (part.kinds().isEmpty() || part.kinds().contains(event.event().getClass().getSimpleName()))) {
                told.add(event);
            }
        }
        return new Told(Map.of("fleet", store.load().fleet().spec().map(FleetSpec::name).orElse("")),
                told.stream().map(FleetView::event).toList(),
                () -> lines.apply(told.stream().map(RecordedEvent::event).toList()), last);
    }

    /// The brake that is pulled each day on what exists nowhere: nobody braked, and how it went is told by itself.
    private static boolean isOfTheDrill(FleetEvent event) {
        return switch (event) {
            case FleetEvent.BrakeSet set -> set.scope().equals(BrakeDrill.SCOPE);
            case FleetEvent.BrakeReleased released -> released.scope().equals(BrakeDrill.SCOPE);
            default -> false;
        };
    }

    /// Puts into the log of the fleet who had whom told.
    private record InTheLog(FleetStore store, InstantSource clock) implements WebhookRoutes.Audit {
        private static final Logger LOG = LoggerFactory.getLogger(FleetWebhooks.class);

        @Override
        public void made(String by, long webhook, String target, List<String> kinds) {
            record(new FleetEvent.WebhookMade(clock.instant(), by, webhook, target, kinds));
        }

        @Override
        public void ended(String by, long webhook, String target) {
            record(new FleetEvent.WebhookEnded(clock.instant(), by, webhook, target));
        }

        private void record(FleetEvent event) {
            if (!store.record(List.of(event))) {
                LOG.warn("this stands in this log only, the fleet changes too fast: {}", event);
            }
        }
    }

    @Override
    public synchronized void close() {
        sending.forEach(Recurring::close);
        transports.close();
    }
}
