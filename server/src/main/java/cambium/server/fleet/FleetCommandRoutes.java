package cambium.server.fleet;

import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Scope;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.fleet.source.FollowedSource;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What people ask of the fleet. Every command is a commit of its own by compare-and-set; none waits for a coordinator.
final class FleetCommandRoutes {
    private final FleetStore store;
    private final CommandDesk desk;
    private final CommandAnswers answers;
    private final ProductCatalog catalog;
    private final Planner planner;
    private final FollowedSource source;
    private final InstantSource time;

    FleetCommandRoutes(FleetStore store, CommandDesk desk, ProductCatalog catalog, Planner planner,
            FollowedSource source, InstantSource time) {
        this.source = source;
        this.store = store;
        this.desk = desk;
        this.answers = new CommandAnswers(desk, planner, time);
        this.catalog = catalog;
        this.planner = planner;
        this.time = time;
    }

    List<Route> routes() {
        var ofCells = new CellCommandRoutes(answers).routes();
        var ofPins = new PinRoutes(answers).routes();
        var ofFiles = new FleetFileRoutes(store, desk, planner, source, time).routes();
        return Stream.of(Stream.of(
                new Route(Method.GET, "/api/fleet/plan", Role.WEB, Permission.READ_FLEET, this::plan),
                post("/api/fleet/rollouts", Permission.DEPLOY, this::deploy),
                post("/api/fleet/versions/{version}/pdm", Permission.DEPLOY, this::pdm),
                post("/api/fleet/versions/{version}/graduate", Permission.DEPLOY, this::graduate),
                post("/api/fleet/versions/{version}/veto", Permission.DEPLOY, this::veto),
                post("/api/fleet/versions/{version}/release", Permission.DEPLOY, this::release),
                post("/api/fleet/versions/{version}/approvals", Permission.DEPLOY, this::approve),
                post("/api/fleet/brakes", Permission.BRAKE, this::brake),
                new Route(Method.DELETE, "/api/fleet/brakes", Role.WEB, Permission.BRAKE, this::releaseBrake),
                post("/api/fleet/log/accept", Permission.MANAGE_FLEET, this::acceptLog),
                post("/api/fleet/rollbacks", Permission.ROLLBACK, this::rollBack)), ofCells.stream(), ofPins.stream(),
                ofFiles.stream()).flatMap(each -> each).toList();
    }

    private static Route post(String path, Permission permission, Handler handler) {
        return new Route(Method.POST, path, Role.WEB, permission, handler);
    }

    /// What is decided now, or would be once a version were deployed. It only reads: no event, no order, no driver; so
    /// whoever may read the fleet may ask.
    private Answer plan(Call call) {
        var at = time.instant();
        var fleet = store.load().fleet();
        var wanted = call.query("deploy").map(FleetCommandRoutes::version);
        var after = wanted.map(version -> desk.foresee(new FleetCommand.Deploy(version,
                packages(fleet, version, List.of()).packages(), Optional.empty(), Optional.empty()), call.actor())
                .fleet()).orElse(fleet);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("at", at.toString());
        answer.put("revision", fleet.revision());
        answer.put("deploy", wanted.map(Object::toString).orElse(null));
        answer.putAll(PlanView.of(planner.plan(after, at)));
        return Answer.json(200, answer);
    }

    private Answer deploy(Call call) {
        var fields = CommandFields.of(call, "version", "packages", "ring", "cell", "full", "migrations", "hotfix");
        var version = version(fields.required("version"));
        var ring = fields.text("ring")
                .map(text -> Subject.parsed(404, "unknown_ring", "ring", () -> RingNumber.of(text)));
        var cell = fields.text("cell").map(FleetCommandRoutes::cell);
        var fleet = store.load().fleet();
        // Before packages are looked for: whoever may not deploy there learns nothing of them.
        desk.permit(fleet, new FleetCommand.Deploy(version, List.of(), ring, cell), call.actor());
        var found = packages(fleet, version, fields.packages("packages"));
        var ledger = fields.migrations("migrations").or(() -> fleet.version(version).isPresent() ? Optional.empty()
                : DeclaredMigrations.of(found.declarations()));
        return answers.to(call, new FleetCommand.Deploy(version, found.packages(), ring, cell, fields.truth("full"),
                ledger, fields.text("hotfix")), new Scope.OfVersion(version), 201);
    }

    /// None when the version is registered already and no packages are named: then those registered are meant.
    private ProductCatalog.Resolution.Resolved packages(Fleet fleet, ProductVersion version,
            List<ProductCatalog.Wanted> named) {
        if (fleet.spec().isEmpty() || named.isEmpty() && fleet.version(version).isPresent()) {
            return new ProductCatalog.Resolution.Resolved(List.of());
        }
        var product = fleet.spec().get().product();
        var wanted = named.isEmpty() ? product.packages().stream()
                .map(name -> new ProductCatalog.Wanted(name, version.toString())).toList() : named;
        return switch (catalog.resolve(product, wanted)) {
            case ProductCatalog.Resolution.Resolved found -> found;
            case ProductCatalog.Resolution.Missing(var reasons) -> throw new Refused(404, "unknown_version",
                    "version " + version + " cannot be rolled out: " + String.join("; ", reasons));
        };
    }

    private Answer pdm(Call call) {
        var version = version(call.param("version"));
        var cell = CommandFields.of(call, "cell").text("cell").map(FleetCommandRoutes::cell);
        return answers.to(call, new FleetCommand.RunPdm(version, cell), new Scope.OfVersion(version));
    }

    private Answer graduate(Call call) {
        var version = version(call.param("version"));
        CommandFields.of(call);
        return answers.to(call, new FleetCommand.Graduate(version), new Scope.OfVersion(version));
    }

    private Answer acceptLog(Call call) {
        var fields = CommandFields.of(call, "event", "why");
        var number = Subject.parsed(422, "bad_event", "event", () -> Long.parseLong(fields.required("event")));
        return answers.to(call, new FleetCommand.AcceptLog(number, fields.required("why")), new Scope.FleetWide());
    }

    private Answer approve(Call call) {
        var version = version(call.param("version"));
        var fields = CommandFields.of(call, "ring", "ruling", "why");
        var ring = Subject.parsed(404, "unknown_ring", "ring", () -> RingNumber.of(fields.required("ring")));
        var ruling = switch (fields.text("ruling").orElse("approve")) {
            case "approve" -> FleetCommand.Ruling.APPROVE;
            case "withdraw" -> FleetCommand.Ruling.WITHDRAW;
            case "refuse" -> FleetCommand.Ruling.REFUSE;
            default -> throw new Refused(422, "invalid_field", "'ruling' is one of approve, withdraw, refuse",
                    "ruling");
        };
        return answers.to(call, new FleetCommand.Approve(version, ring, ruling, fields.text("why")),
                new Scope.OfVersion(version));
    }

    private Answer release(Call call) {
        var version = version(call.param("version"));
        var why = CommandFields.of(call, "why").why();
        return answers.to(call, new FleetCommand.Unblock(version, why), new Scope.OfVersion(version));
    }

    private Answer veto(Call call) {
        var version = version(call.param("version"));
        var why = CommandFields.of(call, "why").why();
        return answers.to(call, new FleetCommand.Veto(version, why), new Scope.OfVersion(version));
    }

    private Answer brake(Call call) {
        var fields = CommandFields.of(call, "scope", "why", "until", "cancel");
        var why = fields.why();
        var scope = scope(fields.required("scope"));
        return answers.to(call, new FleetCommand.SetBrake(scope, why,
                fields.text("until").map(FleetCommandRoutes::instant), fields.truth("cancel")), scope, 201);
    }

    private Answer releaseBrake(Call call) {
        var why = why(call);
        var scope = scopeOf(call);
        return answers.to(call, new FleetCommand.ReleaseBrake(scope, why), scope);
    }

    static String why(Call call) {
        return call.query("why").filter(text -> !text.isBlank()).orElseThrow(() ->
                new Refused(422, "why_missing", "a reason is needed: say why", "why"));
    }

    static Scope scopeOf(Call call) {
        return scope(call.query("scope").orElseThrow(() ->
                new Refused(422, "field_missing", "'scope' is missing", "scope")));
    }

    private Answer rollBack(Call call) {
        var fields = CommandFields.of(call, "cell", "ring", "version", "why", "with_downtime");
        var why = fields.why();
        var named = List.of("cell", "ring", "version").stream().filter(name -> fields.text(name).isPresent()).toList();
        if (named.size() != 1) {
            throw new Refused(422, "field_missing", "exactly one of 'cell', 'ring' and 'version' is needed", "cell");
        }
        var text = fields.text(named.getFirst()).orElseThrow();
        Scope scope = switch (named.getFirst()) {
            case "cell" -> new Scope.OfCell(cell(text));
            case "ring" -> new Scope.OfRing(Subject.parsed(404, "unknown_ring", "ring", () -> RingNumber.of(text)));
            default -> new Scope.OfVersion(version(text));
        };
        return answers.to(call, new FleetCommand.RollBack(scope, why, fields.truth("with_downtime")), scope);
    }

    static ProductVersion version(String text) {
        return Subject.parsed(404, "unknown_version", "version", () -> ProductVersion.of(text));
    }

    private static CellId cell(String text) {
        return Subject.parsed(404, "unknown_cell", "cell", () -> CellId.of(text));
    }

    static Scope scope(String text) {
        return Subject.parsed(422, "bad_scope", "scope", () -> Scope.of(text));
    }

    static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new Refused(422, "invalid_field", "'until' must be a time like 2026-11-21T12:00:00Z", "until");
        }
    }
}
