package cambium.server.fleet;

import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.server.access.MasterKey;
import cambium.server.access.Permission;
import cambium.server.http.OutgoingPosts;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.sql.Recurring;
import cambium.server.webhook.EventLog;
import cambium.server.webhook.WebhookRoutes;
import cambium.server.webhook.WebhookSender;
import cambium.server.webhook.Webhooks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The webhooks of the fleet: its events as the audit log shows them, told in order to whoever ops have named.
public final class FleetWebhooks implements EventLog, AutoCloseable {
    /// The kinds of events by the names that the log has for them.
    static final SortedSet<String> KINDS = Collections.unmodifiableSortedSet(Stream.of(FleetEvent.class
            .getPermittedSubclasses()).map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new)));

    private final FleetStore store;
    private final OutgoingPosts posts;
    private final WebhookSender sender;
    private final List<Route> routes;
    private final List<Recurring> sending = new ArrayList<>();

    /// @param allowedHosts names or addresses that webhooks may lead to although they are private
    public FleetWebhooks(FleetStore store, Database database, MasterKey masterKey, Set<String> allowedHosts,
            InstantSource clock) {
        this.store = store;
        this.posts = new OutgoingPosts(allowedHosts);
        var webhooks = new Webhooks(database, masterKey, this, clock);
        this.sender = new WebhookSender(webhooks, posts);
        this.routes = new WebhookRoutes(new WebhookRoutes.Place("/api/fleet/webhooks", Permission.MANAGE_FLEET,
                _ -> Owner.FLEET, KINDS), webhooks, posts).routes();
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
    public String due() {
        return "w.repository_id is null and w.next_number <= (select revision from fleet_head)";
    }

    /// Looks at a page of the log, at most: what is not told of it is passed over, and the rest comes next.
    @Override
    public Told from(Owner owner, long number, Set<String> kinds, int limit) {
        var told = new ArrayList<RecordedEvent>();
        long last = number - 1;
        for (var event : store.events(last, FleetStore.MAX_EVENTS_PER_READ)) {
            if (told.size() == limit) {
                break;
            }
            last = event.number();
            if (kinds.isEmpty() || kinds.contains(event.event().getClass().getSimpleName())) {
                told.add(event);
            }
        }
        return new Told(Map.of("fleet", store.load().fleet().spec().map(FleetSpec::name).orElse("")),
                told.stream().map(FleetView::event).toList(), last);
    }

    @Override
    public synchronized void close() {
        sending.forEach(Recurring::close);
        posts.close();
    }
}
