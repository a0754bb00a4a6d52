package cambium.server.fleet.alert;

import cambium.rollout.Alert;
import cambium.rollout.Scope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// An alert as Alertmanager takes it (API version 2, `postableAlerts`). Labels say which alert it is and are the same
/// from every process, so that a takeover makes no second one; texts that change are annotations.
final class AlertJson {
    private AlertJson() {}

    /// @param endsAt in the past for one that is over
    /// @param base where people find our pages
    static Map<String, Object> of(FiringAlerts.Firing firing, String fleet, Instant endsAt, String base) {
        var alert = firing.alert();
        var view = new LinkedHashMap<String, Object>();
        view.put("labels", labels(alert, fleet));
        view.put("annotations", Map.of("summary", alert.subject() + ": " + alert.text(), "do", alert.kind().remedy()));
        view.put("startsAt", millis(firing.startsAt()));
        view.put("endsAt", millis(endsAt));
        view.put("generatorURL", base + path(alert.subject()));
        return view;
    }

    private static String millis(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static Map<String, String> labels(Alert alert, String fleet) {
        var labels = new LinkedHashMap<String, String>();
        labels.put("alertname", alert.kind().alertName());
        labels.put("severity", alert.kind().severity().name().toLowerCase(Locale.ROOT));
        labels.put("owner", alert.kind().owner().word());
        labels.put("fleet", fleet);
        switch (alert.subject()) {
            case Scope.FleetWide() -> { }
            case Scope.OfRing(var ring) -> labels.put("ring", ring.toString());
            case Scope.OfCell(var cell) -> labels.put("cell", cell.toString());
            case Scope.OfVersion(var version) -> labels.put("version", version.toString());
        }
        if (!alert.detail().isEmpty()) {
            labels.put("detail", alert.detail());
        }
        return labels;
    }

    private static String path(Scope subject) {
        return switch (subject) {
            case Scope.OfCell(var cell) -> "/cells/" + cell;
            case Scope.OfVersion(var version) -> "/versions/" + version;
            case Scope.FleetWide(), Scope.OfRing(var _) -> "/fleet";
        };
    }
}
