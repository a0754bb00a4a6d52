package cambium.server.fleet;

import cambium.rollout.ApprovalStatus;
import cambium.rollout.AttemptId;
import cambium.rollout.CanGoBack;
import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetStatus;
import cambium.rollout.Plan;
import cambium.rollout.ProductVersion;
import cambium.rollout.Scope;
import cambium.rollout.Why;
import cambium.server.access.Permission;
import cambium.server.access.Rights;
import cambium.server.config.Role;
import cambium.server.fleet.FleetStore.Snapshot;
import cambium.server.fleet.handover.Strays;
import cambium.server.fleet.source.FollowedSource;
import cambium.server.fleet.source.SourceRoutes;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.EventSink;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The native API of the fleet: what it is, why it waits, what happened, and (in [FleetCommandRoutes]) what people ask.
public final class FleetRoutes {
    static final int MAX_EVENTS = 500;
    private static final Duration STREAM_POLL = Duration.ofSeconds(1);
    private static final Duration STRAYS_ARE_NEWS = Duration.ofDays(1);
    private static final int MAX_STRAYS = 10;
    private static final int POLLS_PER_SIGN_OF_LIFE = 15;

    private final FleetStore store;
    private final FleetHistory history;
    private final CellDriver driver;
    private final Nudges nudges;
    private final InstantSource time;
    private final Planner planner;
    private final Strays strays;
    private final FleetView view;
    private final FleetCommandRoutes commands;
    private final FollowedSource source;

    /// Of a fleet that follows no repository.
    public FleetRoutes(FleetStore store, FleetHistory history, CellDriver driver, Channels channels,
            ProductCatalog catalog, BrakeFile brakeFile, Planner planner, Nudges nudges, Strays strays,
            InstantSource time) {
        this(store, new CommandDesk(store, Rights.UNTOLD, brakeFile, time), history, driver, channels, catalog, planner,
                nudges, strays, FollowedSource.NONE, time);
    }

    public FleetRoutes(FleetStore store, CommandDesk desk, FleetHistory history, CellDriver driver,
            Channels channels, ProductCatalog catalog, Planner planner, Nudges nudges, Strays strays,
            FollowedSource source, InstantSource time) {
        this.source = source;
        this.store = store;
        this.history = history;
        this.driver = driver;
        this.nudges = nudges;
        this.time = time;
        this.planner = planner;
        this.strays = strays;
        this.view = new FleetView(channels);
        this.commands = new FleetCommandRoutes(store, desk, catalog, planner, source, time);
    }

    public List<Route> routes() {
        return Stream.concat(commands.routes().stream(), Stream.of(
                get("/api/fleet", this::fleet),
                get("/api/fleet/approvals", this::approvals),
                get("/api/fleet/events", this::events),
                new FigureRoutes(history, time).route(),
                get("/api/fleet/stream", this::stream),
                get("/api/fleet/why/{subject}", this::why),
                get("/api/fleet/versions/{version}", this::version),
                get("/api/fleet/cells/{cell}", this::cell),
                get("/api/fleet/cells/{cell}/can-go-back", this::canGoBack),
                get("/api/fleet/attempts/{attempt}", this::attempt),
                get("/api/fleet/attempts/{attempt}/log", this::log))).toList();
    }

    private static Route get(String path, Handler handler) {
        return new Route(Method.GET, path, Role.WEB, Permission.READ_FLEET, handler);
    }

    private record Now(Fleet fleet, Plan plan, Instant at, long revision) {}

    private Now now() {
        Snapshot snapshot = store.load();
        var at = time.instant();
        return new Now(snapshot.fleet(), planner.plan(snapshot.fleet(), at), at, snapshot.revision());
    }

    private Answer fleet(Call call) {
        var now = now();
        var answer = new LinkedHashMap<>(view.fleet(now.fleet(), now.plan(), now.at()));
        answer.put("strays", strays.strays(now.at().minus(STRAYS_ARE_NEWS), MAX_STRAYS).stream()
                .map(FleetView::stray).toList());
        var followed = source.state();
        answer.put("source", followed.followed() ? SourceRoutes.view(followed) : null);
        return Answer.json(200, answer);
    }

    private Answer approvals(Call call) {
        var now = now();
        return Answer.json(200, Map.of("approvals", ApprovalStatus.of(now.fleet(), now.plan(), now.at()).stream()
                .map(FleetView::approval).toList()));
    }

    private Answer events(Call call) {
        var after = number(call, "after", 0, Long.MAX_VALUE);
        var limit = (int) number(call, "limit", 100, MAX_EVENTS);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("events", store.events(after, limit).stream().map(FleetView::event).toList());
        answer.put("revision", store.load().revision());
        return Answer.json(200, answer);
    }

    private static long number(Call call, String name, long otherwise, long most) {
        var text = call.query(name);
        if (text.isPresent() && !text.get().matches("[0-9]{1,18}")) {
            throw new Refused(400, "invalid_field", "'" + name + "' must be a whole number from 0", name);
        }
        return Math.min(most, text.map(Long::parseLong).orElse(otherwise));
    }

    private Answer why(Call call) {
        var now = now();
        var why = Why.of(now.fleet(), now.plan(), Subject.named(now.fleet(), call.param("subject")));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("subject", why.subject().toString());
        answer.put("text", why.text());
        answer.put("waits", why.chain().stream().map(FleetView::waiting).toList());
        answer.put("at", now.at().toString());
        return Answer.json(200, answer);
    }

    private Answer version(Call call) {
        var now = now();
        var wanted = Subject.parsed(404, "unknown_version", "version", () -> ProductVersion.of(call.param("version")));
        var status = FleetStatus.of(now.fleet(), now.plan(), now.at());
        var found = status.versions().stream().filter(version -> version.version().equals(wanted.toString()))
                .findFirst()
                .orElseThrow(() -> new Refused(404, "unknown_version", "there is no version '" + wanted + "'"));
        var answer = new LinkedHashMap<>(view.version(now.fleet(), found));
        answer.put("rings",
                status.rings().stream().filter(ring -> ring.target().filter(found.version()::equals).isPresent())
                .map(FleetView::ring).toList());
        answer.put("cells",
                status.cells().stream().filter(cell -> cell.version().filter(found.version()::equals).isPresent())
                .map(FleetView::cell).toList());
        answer.put("events", history.eventsOf(wanted).stream().map(FleetView::event).toList());
        return Answer.json(200, answer);
    }

    private Answer canGoBack(Call call) {
        var fleet = store.load().fleet();
        var cell = Subject.parsed(404, "unknown_cell", "cell", () -> CellId.of(call.param("cell")));
        var known = fleet.cell(cell).orElseThrow(() ->
                new Refused(404, "unknown_cell", "there is no cell of that name"));
        var wanted = call.query("version").map(text ->
                Subject.parsed(404, "unknown_version", "version", () -> ProductVersion.of(text)));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("cell", cell.toString());
        var can = CanGoBack.of(fleet, known, wanted);
        answer.put("can", switch (can) {
            case CanGoBack.Yes _ -> "yes";
            case CanGoBack.WithDowntime _ -> "with-downtime";
            case CanGoBack.No _ -> "no";
        });
        answer.put("version", switch (can) {
            case CanGoBack.Yes(var target, var _) -> target.toString();
            case CanGoBack.WithDowntime(var target, var _) -> target.toString();
            case CanGoBack.No _ -> null;
        });
        answer.put("text", can.text());
        return Answer.json(200, answer);
    }

    private Answer cell(Call call) {
        var now = now();
        var name = call.param("cell");
        var found = FleetStatus.of(now.fleet(), now.plan(), now.at()).cells().stream()
                .filter(cell -> cell.cell().equals(name)).findFirst()
                .orElseThrow(() -> new Refused(404, "unknown_cell", "there is no cell of that name"));
        var id = CellId.of(name);
        var answer = new LinkedHashMap<>(FleetView.cell(found));
        answer.put("waits", Why.of(now.fleet(), now.plan(), new Scope.OfCell(id)).chain().stream()
                .map(FleetView::waiting).toList());
        answer.put("attempts", history.attemptsOf(id).stream().map(FleetView::attempt).toList());
        return Answer.json(200, answer);
    }

    private AttemptId attemptOf(Call call) {
        return Subject.parsed(404, "unknown_attempt", "attempt", () -> AttemptId.of(call.param("attempt")));
    }

    private Answer attempt(Call call) {
        return Answer.json(200, FleetView.attempt(known(attemptOf(call))));
    }

    private FleetHistory.AttemptRecord known(AttemptId id) {
        return history.attempt(id).orElseThrow(() ->
                new Refused(404, "unknown_attempt", "there is no attempt '" + id + "', or it is too long ago"));
    }

    /// At most a few MiB: the driver keeps only the beginning and the end of a longer output.
    private Answer log(Call call) throws IOException {
        var id = attemptOf(call);
        var log = driver.log(id);
        if (log.isEmpty()) {
            var attempt = known(id);
            return Answer.text(200, attempt.reason().isEmpty() ? "" : attempt.reason() + "\n");
        }
        try (var in = log.get()) {
            return Answer.bytes(200, "text/plain; charset=utf-8", in.readAllBytes());
        }
    }

    /// One event `fleet` with the revision at once and at every move; it is repeated now and then as a sign of life.
    private Answer stream(Call call) {
        return Answer.events(this::follow);
    }

    private void follow(EventSink sink) {
        try {
            var told = Optional.<Long>empty();
            for (var polls = 0; sink.isOpen(); polls++) {
                var seen = nudges.nudges();
                var revision = Optional.of(store.load().revision());
                if (!revision.equals(told) || polls % POLLS_PER_SIGN_OF_LIFE == 0) {
                    sink.send("fleet", Long.toString(revision.get()));
                    told = revision;
                }
                nudges.await(seen, STREAM_POLL);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
