package cambium.server.fleet.pull;

import cambium.rollout.CellId;
import cambium.server.access.Access;
import cambium.server.access.Permission;
import cambium.server.access.SealedTokens;
import cambium.server.config.Role;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.OneLine;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Parameters;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Where cells report, and where they get the token to do so with.
public final class PullRoutes {
    static final int MAX_REASON_CHARACTERS = 1_000;
    static final int REPORT_AGAIN_SECONDS = 2;

    private final FleetStore store;
    private final Database database;
    private final CellDesk desk;
    private final CellTokens tokens;
    private final RandomGenerator random;
    private final InstantSource time;

    public PullRoutes(FleetStore store, Database database, Handovers handovers, CellTokens tokens,
            RandomGenerator random, InstantSource time) {
        this.store = store;
        this.database = database;
        this.desk = new CellDesk(new CellReports(database), handovers, () -> store.load().fleet().cells()::containsKey);
        this.tokens = tokens;
        this.random = random;
        this.time = time;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.POST, "/api/fleet/cells/{cell}/report", Role.WEB, Permission.REPORT_CELL,
                        this::report),
                new Route(Method.POST, "/api/fleet/cells/{cell}/token", Role.WEB, Permission.MANAGE_FLEET,
                        this::giveToken),
                new Route(Method.DELETE, "/api/fleet/cells/{cell}/token", Role.WEB, Permission.MANAGE_FLEET,
                        this::takeTokenBack));
    }

    private Answer giveToken(Call call) {
        var cell = declared(call);
        var token = SealedTokens.random(random);
        tokens.replace(cell, token, call.actor().name());
        tellTakenBack();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("cell", cell.toString());
        answer.put("token", token);
        return Answer.json(201, answer);
    }

    private Answer takeTokenBack(Call call) {
        var cell = cell(call);
        if (!tokens.takeBack(cell)) {
            throw new Refused(404, "no_token", "cell " + cell + " has no token");
        }
        tellTakenBack();
        return Answer.empty(204);
    }

    private void tellTakenBack() {
        database.transact(sql -> {
            Notices.notify(sql, Access.TAKEN_BACK, "");
            return true;
        });
    }

    private Answer report(Call call) {
        var own = call.actor().cell();
        if (own.isPresent() && !own.get().equals(call.param("cell"))) {
            call.denied("token of this cell");
            throw new Refused(403, "other_cell", "this token reports for cell " + own.get() + " only");
        }
        var cell = cell(call);
        var fields = call.parameters();
        var answer = desk.take(cell, packages(fields), said(fields));
        return call.header("Accept").filter(type -> type.startsWith("text/plain")).isPresent()
                ? Answer.text(200, lines(answer)) : Answer.json(200, object(cell, answer));
    }

    private CellReport packages(Parameters fields) {
        try {
            return CellReport.of(time.instant(), fields.first("packages").orElseThrow(() ->
                    new Refused(422, "field_missing", "'packages' is missing: lines 'name version'", "packages")));
        } catch (IllegalArgumentException wrong) {
            throw new Refused(422, "invalid_field", wrong.getMessage(), "packages");
        }
    }

    private static Optional<CellDesk.Said> said(Parameters fields) {
        var result = fields.first("result").filter(text -> !text.isBlank());
        return result.map(word -> {
            for (var known : CellDesk.Said.Word.values()) {
                if (known.name().toLowerCase(Locale.ROOT).equals(word)) {
                    var attempt = fields.first("attempt").orElseThrow(() ->
                            new Refused(422, "field_missing", "'attempt' is missing: whose result is it?", "attempt"));
                    return new CellDesk.Said(attempt, known,
                            OneLine.of(fields.first("reason").orElse(""), MAX_REASON_CHARACTERS),
                            fields.first("log").orElse(""));
                }
            }
            throw new Refused(422, "invalid_field", "'result' is begun, succeeded, failed or lost", "result");
        });
    }

    /// For a shell: a word and its values on each line.
    private static String lines(CellDesk.Answer answer) {
        var lines = new StringBuilder("counted " + (answer.counted() ? "yes" : "no") + "\n");
        answer.wanted().ifPresent(wanted -> {
            var order = wanted.order();
            lines.append("attempt ").append(order.attempt()).append("\nstep ").append(order.step().word())
                    .append("\nkind ").append(order.kind().word())
                    .append("\nversion ").append(order.version()).append("\nepoch ").append(order.epoch().number())
                    .append("\nbegun ").append(wanted.begun() ? "yes" : "no").append('\n');
            order.packages().forEach(one -> lines.append("package ").append(one.name()).append(' ')
                    .append(one.version()).append(' ').append(one.architecture()).append('\n'));
        });
        return lines.append(answer.again() ? "again " + REPORT_AGAIN_SECONDS + "\n" : "").toString();
    }

    private static Map<String, Object> object(CellId cell, CellDesk.Answer answer) {
        var view = new LinkedHashMap<String, Object>();
        view.put("cell", cell.toString());
        view.put("counted", answer.counted());
        view.put("wanted", answer.wanted().map(wanted -> {
            var order = wanted.order();
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("attempt", order.attempt().toString());
            told.put("step", order.step().word());
            told.put("kind", order.kind().word());
            told.put("version", order.version().toString());
            told.put("epoch", order.epoch().number());
            told.put("begun", wanted.begun());
            told.put("packages", order.packages().stream().map(one -> Map.of("name", one.name(), "version",
                    one.version(), "architecture", one.architecture())).toList());
            return told;
        }).orElse(null));
        view.put("again_seconds", answer.again() ? REPORT_AGAIN_SECONDS : null);
        return view;
    }

    private static CellId cell(Call call) {
        try {
            return CellId.of(call.param("cell"));
        } catch (IllegalArgumentException never) {
            throw new Refused(404, "unknown_cell", "there is no cell of that name");
        }
    }

    private CellId declared(Call call) {
        var cell = cell(call);
        if (store.load().fleet().cell(cell).isEmpty()) {
            throw new Refused(404, "unknown_cell", "there is no cell '" + cell + "' in the fleet");
        }
        return cell;
    }
}
