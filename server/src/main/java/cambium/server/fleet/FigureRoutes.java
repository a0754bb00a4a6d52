package cambium.server.fleet;

import cambium.rollout.DeliveryFigures;
import cambium.rollout.DeliveryRecord;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Delivery figures over the last days: the four of DORA, and the exposure to versions that were found bad.
final class FigureRoutes {
    private static final int MAX_DAYS = 3_650;
    private static final int MAX_VERSIONS = 200;

    private final FleetHistory history;
    private final InstantSource time;

    FigureRoutes(FleetHistory history, InstantSource time) {
        this.history = history;
        this.time = time;
    }

    Route route() {
        return new Route(Method.GET, "/api/fleet/figures", Role.WEB, Permission.READ_FLEET, this::figures);
    }

    private Answer figures(Call call) {
        var days = call.query("days").orElse("30");
        if (!days.matches("[0-9]{1,4}") || Integer.parseInt(days) < 1 || Integer.parseInt(days) > MAX_DAYS) {
            throw new Refused(400, "invalid_field", "'days' must be a whole number from 1 to " + MAX_DAYS, "days");
        }
        var now = time.instant();
        return Answer.json(200, view(history.figures(Integer.parseInt(days), now), now));
    }

    private static Map<String, Object> view(DeliveryFigures figures, Instant now) {
        var view = new LinkedHashMap<String, Object>();
        view.put("days", figures.days());
        view.put("at", now.toString());
        view.put("completed", figures.completed());
        view.put("failed", figures.failed());
        view.put("failure_share", figures.failureShare().isPresent() ? figures.failureShare().getAsDouble() : null);
        view.put("lead_time_seconds", middle(figures.leadTime()));
        view.put("graduation_seconds", middle(figures.graduation()));
        view.put("restore_seconds", middle(figures.restore()));
        view.put("exposure_cell_seconds", figures.exposure().toSeconds());
        view.put("exposed_cells", figures.exposedCells());
        view.put("versions", figures.versions().stream().limit(MAX_VERSIONS).map(version -> version(version)).toList());
        return view;
    }

    private static Map<String, Object> middle(Optional<DeliveryFigures.Middle> figure) {
        return figure.map(known -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("median", known.median().toSeconds());
            view.put("worst", known.worst().toSeconds());
            return view;
        }).orElse(null);
    }

    private static Map<String, Object> version(DeliveryRecord.Fate fared) {
        var view = new LinkedHashMap<String, Object>();
        view.put("version", fared.version().toString());
        view.put("end", fared.blockedAt().isPresent() ? "blocked" : "complete");
        view.put("started_at", fared.startedAt().toString());
        view.put("ended_at", fared.endedAt().map(Instant::toString).orElse(null));
        view.put("restored_at", fared.restoredAt().map(Instant::toString).orElse(null));
        view.put("cells", fared.cells());
        view.put("cell_seconds", fared.cellTime().toSeconds());
        return view;
    }
}
