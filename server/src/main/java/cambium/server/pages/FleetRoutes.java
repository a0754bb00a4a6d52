package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.FleetStatus;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.util.List;
import java.util.Optional;

/// The pages about the fleet, its versions, cells and attempts.
final class FleetRoutes {
    /// More than any fleet has.
    private static final int MAX_CELLS = 1_000_000;
    private static final FleetReads.AttemptLog NO_LOG = new FleetReads.AttemptLog("", false);

    private final FleetReads reads;
    private final Pages.Shells shells;
    private final Renderer renderer;

    FleetRoutes(FleetReads reads, Pages.Shells shells, Renderer renderer) {
        this.reads = reads;
        this.shells = shells;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(
                page("/", this::fleet),
                page("/brakes", this::brakes),
                page("/audit", this::audit),
                page("/versions", this::versions),
                page("/versions/{version}", this::version),
                page("/cells", this::cells),
                page("/cells/{cell}", this::cell),
                page("/attempts/{attempt}", this::attempt));
    }

    private static Route page(String path, cambium.server.http.Handler handler) {
        return new Route(Method.GET, path, Role.WEB, Permission.READ_FLEET, handler);
    }

    private Answer fleet(Call call) {
        FleetStatus status = reads.status();
        if (status.rings().isEmpty()) {
            Shell shell = shells.shell(call, "Fleet", "fleet", true);
            return renderer.html(200, "empty", new EmptyFleetPage(shell, Parts.Moment.of(status.at(), status.at())));
        }
        Shell shell = shells.shell(call, status.fleet(), "fleet", true);
        return renderer.html(200, "fleet", FleetPage.of(now(status), reads.followed(), shell));
    }

    private Answer brakes(Call call) {
        return renderer.html(200, "brakes", BrakesPage.of(now(reads.status()),
                shells.shell(call, "Brakes", "brakes", true)));
    }

    private Answer versions(Call call) {
        FleetNow fleet = now(reads.status());
        Shell shell = shells.shell(call, "Versions", "versions", true);
        return renderer.html(200, "versions", VersionsPage.of(fleet, reads.approvals(),
                FiguresCard.of(reads.figures(FiguresCard.DAYS)),
                StrayLine.all(reads.strays(), fleet.at()), history(fleet), shell));
    }

    private Answer audit(Call call) {
        var sought = new AuditPage.Sought(
                call.query("before").map(text -> number("before", text, Long.MAX_VALUE)).orElse(Long.MAX_VALUE),
                call.query("who").map(String::strip).orElse(""),
                call.query("people").filter("true"::equals).isPresent());
        return renderer.html(200, "audit", AuditPage.of(reads, sought, reads.status().at(),
                shells.shell(call, "Audit", "audit", false)));
    }

    private static long number(String field, String text, long most) {
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) > most) {
            throw new Refused(422, "invalid_field", "'" + field + "' is a whole number up to " + most, field);
        }
        return Long.parseLong(text);
    }

    private Answer version(Call call) {
        FleetNow fleet = now(reads.status());
        String name = call.param("version");
        FleetStatus.VersionStatus version = fleet.version(name)
                .orElseThrow(() -> new Refused(404, "unknown_version", "no version is called '" + name + "'"));
        Shell shell = shells.shell(call, name, "versions", true);
        return renderer.html(200, "version", VersionPage.of(version, fleet, reads.approvals(),
                history(fleet), shell));
    }

    private Answer cells(Call call) {
        var sought = new CellsPage.Sought(
                call.query("ring").filter(text -> !text.isEmpty()).map(FleetRoutes::ring),
                call.query("name").map(String::strip).orElse(""),
                call.query("which").filter(text -> !text.isEmpty()).map(FleetRoutes::which)
                    .orElse(CellsPage.Which.ALL),
                (int) call.query("from").map(text -> number("from", text, MAX_CELLS)).orElse(0L).longValue());
        return renderer.html(200, "cells", CellsPage.of(now(reads.status()), sought,
                shells.shell(call, "Cells", "fleet", false)));
    }

    private static int ring(String text) {
        if (!text.matches("-?[0-9]{1,4}")) {
            throw new Refused(422, "invalid_field", "'ring' is the number of a ring", "ring");
        }
        return Integer.parseInt(text);
    }

    private static CellsPage.Which which(String text) {
        return CellsPage.Which.of(text).orElseThrow(() -> new Refused(422, "invalid_field",
                "'which' is one of all, troubled, drifted, behind", "which"));
    }

    private Answer cell(Call call) {
        FleetNow fleet = now(reads.status());
        String name = call.param("cell");
        var status = fleet.cell(name);
        var state = reads.fleet();
        var cell = status.flatMap(found -> state.cell(CellId.of(found.cell())));
        if (cell.isEmpty()) {
            throw new Refused(404, "unknown_cell", "no cell is called '" + name + "'");
        }
        Shell shell = shells.shell(call, name, "fleet", true);
        return renderer.html(
                200, "cell", CellPage.of(status.get(), cell.get(), state, fleet, history(fleet),
                StrayLine.ofCell(name, reads.strays(), fleet.at()), shell));
    }

    private Answer attempt(Call call) {
        FleetNow fleet = now(reads.status());
        String name = call.param("attempt");
        History history = history(fleet);
        AttemptLine line = attemptId(name)
                .flatMap(id -> history.attempts(id::equals, 1).stream().findFirst())
                .orElseThrow(() -> new Refused(404, "unknown_attempt", "no attempt '" + name + "' is known"));
        AttemptId id = AttemptId.of(name);
        Optional<FleetReads.AttemptLog> log = reads.log(id);
        Shell shell = shells.shell(call, name, "fleet", true);
        return renderer.html(200, "attempt", AttemptPage.of(line, log.orElse(NO_LOG),
                history.verdicts(reached -> reached.attempt().equals(id), 3), fleet.at(), shell));
    }

    private FleetNow now(FleetStatus status) {
        return new FleetNow(status, reads.brakeFile());
    }

    private static Optional<AttemptId> attemptId(String text) {
        try {
            return Optional.of(AttemptId.of(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private History history(FleetNow fleet) {
        return new History(reads.newest(FleetReads.MOST_EVENTS), fleet.at());
    }
}
