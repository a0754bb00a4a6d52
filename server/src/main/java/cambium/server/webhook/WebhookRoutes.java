package cambium.server.webhook;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.webhook.EventLog.Owner;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lists, makes, tests and ends the webhooks of a log. An address cannot be changed: a new one has a new secret, so
/// that no secret ever moves to another receiver.
public final class WebhookRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookRoutes.class);
    /// In one process: a receiver may let each wait for most of a minute.
    private static final int MOST_TESTS_AT_ONCE = 4;

    private final Place place;
    private final Webhooks webhooks;
    private final Transports transports;
    private final Semaphore testing = new Semaphore(MOST_TESTS_AT_ONCE);

    /// Where webhooks of a log are found.
    ///
    /// @param owner of a call, or [Refused]
    /// @param kinds that a webhook may be limited to; empty where it is always told all
    /// @param mailed kinds that are mailed to whoever does not say which
    /// @param audit is told of each that is made or ended, and by whom
    public record Place(String path, Permission permission, Function<Call, Owner> owner, SortedSet<String> kinds,
        SortedSet<String> mailed, Audit audit) {
        public Place {
            kinds = Collections.unmodifiableSortedSet(new TreeSet<>(kinds));
            mailed = Collections.unmodifiableSortedSet(new TreeSet<>(mailed));
        }
    }

    /// Keeps who had whom told. Addresses come without what may be a secret or a person's name.
    public interface Audit {
        /// For logs that note each change by themselves.
        Audit NONE = new Audit() {
            @Override
            public void made(String by, long webhook, String target, List<String> kinds) {}

            @Override
            public void ended(String by, long webhook, String target) {}
        };

        void made(String by, long webhook, String target, List<String> kinds);

        void ended(String by, long webhook, String target);
    }

    public WebhookRoutes(Place place, Webhooks webhooks, Transports transports) {
        this.place = place;
        this.webhooks = webhooks;
        this.transports = transports;
    }

    public List<Route> routes() {
        return List.of(route(Method.GET, "", this::list), route(Method.POST, "", this::create),
            route(Method.DELETE, "/{id}", this::delete), route(Method.POST, "/{id}/test", this::test));
    }

    private Route route(Method method, String below, Handler handler) {
        return new Route(method, place.path() + below, Role.WEB, place.permission(), handler);
    }

    private Answer list(Call call) {
        return Answer.json(200, Map.of("webhooks", webhooks.list(owner(call)).stream().map(this::json).toList()));
    }

    private Owner owner(Call call) {
        return place.owner().apply(call);
    }

    private Answer create(Call call) {
        var owner = owner(call);
        String wanted = call.parameters().first("url").map(String::strip).orElse("");
        String url = transports.of(wanted).checked(wanted);
        var named = kinds(call);
        var kinds = named.isEmpty() && Transports.isMail(url) ? place.mailed() : named;
        var created = webhooks.create(owner, url, kinds, call.actor().name()).orElseThrow(() ->
            new Refused(409, "too_many_webhooks", "there are at most " + Webhooks.MAX_OF_AN_OWNER
                + " webhooks in one place; remove one first"));
        LOG.info("webhook {} of {} was made by {}", created.webhook().id(), call.path(), call.actor().name());
        place.audit().made(call.actor().name(), created.webhook().id(), Transports.target(url), List.copyOf(kinds));
        Map<String, Object> json = json(created.webhook());
        if (!Transports.isMail(url)) {
            json.put("secret", created.secret());
        }
        return Answer.json(201, json);
    }

    /// A list, or names with commas between them.
    private SortedSet<String> kinds(Call call) {
        if (place.kinds().isEmpty()) {
            return Collections.emptySortedSet();
        }
        var wanted = Stream.of("kinds", "kinds[]").flatMap(name -> call.parameters().all(name).stream())
            .flatMap(text -> Stream.of(text.split(","))).map(String::strip).filter(kind -> !kind.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
        wanted.stream().filter(kind -> !place.kinds().contains(kind)).findFirst().ifPresent(unknown -> {
            throw new Refused(422, "unknown_kind", "'" + unknown + "' is no kind of event; there are "
                + String.join(", ", place.kinds()), "kinds");
        });
        return wanted;
    }

    private Answer delete(Call call) {
        long id = id(call);
        String url = webhooks.delete(owner(call), id).orElseThrow(() -> unknown(call));
        LOG.info("webhook {} was ended by {}", id, call.actor().name());
        place.audit().ended(call.actor().name(), id, Transports.target(url));
        return Answer.json(200, Map.of());
    }

    private static long id(Call call) {
        if (!call.param("id").matches("[0-9]{1,18}")) {
            throw unknown(call);
        }
        return Long.parseLong(call.param("id"));
    }

    private static Refused unknown(Call call) {
        return new Refused(404, "unknown_webhook", "there is no webhook '" + call.param("id") + "' here");
    }

    /// Sends one made-up event now, and says what the receiver made of it.
    private Answer test(Call call) throws InterruptedException {
        var trial = webhooks.trial(owner(call), id(call), call.actor().name()).orElseThrow(() -> unknown(call));
        if (!testing.tryAcquire()) {
            throw new Refused(409, "tests_running", "other webhooks are being tested; try again in a minute");
        }
        try {
            var outcome = transports.of(trial.address()).carry(trial);
            LOG.info("webhook {} was tested by {}: {}", trial.webhook(), call.actor().name(), outcome.said());
            return Answer.json(200, Map.of("taken", outcome instanceof Transport.Outcome.Taken,
                "result", outcome.said()));
        } finally {
            testing.release();
        }
    }

    private Map<String, Object> json(Webhooks.Webhook webhook) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", webhook.id());
        json.put("url", webhook.url());
        if (!place.kinds().isEmpty()) {
            json.put("kinds", webhook.kinds());
        }
        json.put("created_at", webhook.createdAt().toString());
        json.put("created_by", webhook.createdBy());
        json.put("failed_tries", webhook.tries());
        json.put("stopped", webhook.stopped());
        json.put("last_at", webhook.lastAt().map(Instant::toString).orElse(null));
        json.put("last_result", webhook.lastResult().orElse(null));
        return json;
    }
}
