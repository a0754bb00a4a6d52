package cambium.server.fleet;

import cambium.rollout.Advice;
import cambium.rollout.ApprovalStatus;
import cambium.rollout.BrakeDrill;
import cambium.rollout.Fleet;
import cambium.rollout.FleetStatus;
import cambium.rollout.LogFlaw;
import cambium.rollout.PackageRef;
import cambium.rollout.Plan;
import cambium.rollout.RingNumber;
import cambium.rollout.Wait;
import cambium.server.fleet.handover.Strays;
import cambium.server.fleet.json.FleetJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The fleet as the API tells it: names with underscores, an absent value as null, times in UTC.
final class FleetView {
    private final Channels channels;

    FleetView(Channels channels) {
        this.channels = channels;
    }

    Map<String, Object> fleet(Fleet fleet, Plan plan, Instant now) {
        var status = FleetStatus.of(fleet, plan, now);
        var view = new LinkedHashMap<String, Object>();
        view.put("fleet", fleet.spec().isEmpty() ? null : status.fleet());
        view.put("revision", status.revision());
        view.put("perimeter", status.perimeter().isPresent() ? status.perimeter().getAsInt() : null);
        view.put("at", status.at().toString());
        view.put("drill", status.drill().map(FleetView::drill).orElse(null));
        view.put("paused", status.paused().map(FleetView::paused).orElse(null));
        view.put("advice", advice(status.advice()));
        view.put("log_flaw", status.logFlaw().map(FleetView::flaw).orElse(null));
        view.put("brakes", status.brakes().stream().map(FleetView::brake).toList());
        view.put("pins", status.pins().stream().map(FleetView::pin).toList());
        view.put("versions", status.versions().stream().map(version -> version(fleet, version)).toList());
        view.put("rings", status.rings().stream().map(FleetView::ring).toList());
        view.put("cells", status.cells().stream().map(FleetView::cell).toList());
        return view;
    }

    static List<Map<String, Object>> advice(List<Advice> advice) {
        return advice.stream().<Map<String, Object>>map(one -> {
            var view = new LinkedHashMap<String, Object>();
            view.put("code", one.code().word());
            view.put("text", one.text());
            return view;
        }).toList();
    }

    private static Map<String, Object> brake(FleetStatus.BrakeStatus brake) {
        var view = new LinkedHashMap<String, Object>();
        view.put("scope", brake.scope());
        view.put("by", brake.by());
        view.put("why", brake.why());
        view.put("since", brake.since().toString());
        view.put("until", text(brake.until()));
        view.put("cancel", brake.cancels());
        view.put("pages_at", brake.pagesAt().toString());
        return view;
    }

    private static Map<String, Object> paused(FleetStatus.PausedStatus pause) {
        var view = new LinkedHashMap<String, Object>();
        view.put("ring", pause.ring());
        view.put("why", pause.why());
        view.put("since", pause.since().toString());
        view.put("version", pause.version().orElse(null));
        view.put("held_by", pause.heldBy().stream().map(FleetView::waiting).toList());
        return view;
    }

    private static Map<String, Object> drill(BrakeDrill drill) {
        var view = new LinkedHashMap<String, Object>();
        view.put("at", drill.at().toString());
        view.put("passed", drill.passed());
        view.put("took_ms", drill.took().toMillis());
        view.put("failure", drill.failure().orElse(null));
        view.put("passed_at", text(drill.passedAt()));
        return view;
    }

    private static Map<String, Object> flaw(LogFlaw flaw) {
        var view = new LinkedHashMap<String, Object>();
        view.put("event", flaw.number());
        view.put("text", flaw.told());
        return view;
    }

    private static Map<String, Object> pin(FleetStatus.PinStatus pin) {
        var view = new LinkedHashMap<String, Object>();
        view.put("scope", pin.scope());
        view.put("version", pin.version());
        view.put("by", pin.by());
        view.put("why", pin.why());
        view.put("since", pin.since().toString());
        view.put("until", text(pin.until()));
        view.put("pages_at", pin.pagesAt().toString());
        return view;
    }

    static Map<String, Object> stray(Strays.Stray stray) {
        var view = new LinkedHashMap<String, Object>();
        view.put("at", stray.at().toString());
        view.put("attempt", stray.attempt());
        view.put("origin", stray.origin());
        view.put("said", stray.said());
        return view;
    }

    static Map<String, Object> approval(ApprovalStatus status) {
        var view = new LinkedHashMap<String, Object>();
        view.put("version", status.version().toString());
        view.put("ring", status.ring().value());
        view.put("inside_perimeter", status.insidePerimeter());
        view.put("approvers", status.approvers());
        view.put("state", status.state().name().toLowerCase(Locale.ROOT));
        view.put("due", status.due());
        view.put("opened", status.opened());
        view.put("given", status.given().stream().map(given -> said(given.by(), given.why(), given.at())).toList());
        view.put("objection", status.objection().map(objection ->
                said(objection.by(), Optional.of(objection.why()), objection.at())).orElse(null));
        return view;
    }

    private static Map<String, Object> said(String by, Optional<String> why, Instant at) {
        var view = new LinkedHashMap<String, Object>();
        view.put("by", by);
        view.put("why", why.orElse(null));
        view.put("at", at.toString());
        return view;
    }

    Map<String, Object> version(Fleet fleet, FleetStatus.VersionStatus version) {
        var view = new LinkedHashMap<String, Object>();
        view.put("version", version.version());
        view.put("state", version.state());
        view.put("graduated", version.graduated());
        view.put("since", version.since().toString());
        view.put("packages", packages(fleet, version.packages()));
        view.put("hotfix", version.hotfix().orElse(null));
        view.put("migrations", DeclaredMigrations.view(version.ledger()));
        view.put("wait", waiting(version.waiting()));
        return view;
    }

    private List<Map<String, Object>> packages(Fleet fleet, List<PackageRef> packages) {
        if (packages.isEmpty()) {
            return List.of();
        }
        var address = fleet.spec().map(spec -> channels.address(spec.product(), RingNumber.INNERMOST).packagesUrl());
        return packages.stream().<Map<String, Object>>map(one -> {
            var view = new LinkedHashMap<String, Object>();
            view.put("name", one.name());
            view.put("version", one.version());
            view.put("architecture", one.architecture());
            view.put("sha256", one.sha256());
            view.put("url", address.map(url -> url + "/" + one.path()).orElse(null));
            return view;
        }).toList();
    }

    static Map<String, Object> ring(FleetStatus.RingStatus ring) {
        var view = new LinkedHashMap<String, Object>();
        view.put("ring", ring.ring());
        view.put("inside_perimeter", ring.insidePerimeter());
        view.put("state", ring.state());
        view.put("target", ring.target().orElse(null));
        view.put("cells", ring.cells());
        view.put("wait", waiting(ring.waiting()));
        view.put("drifted", ring.drift().drifted());
        view.put("running", ring.drift().running().stream().map(FleetView::running).toList());
        view.put("behind", ring.drift().behind().versions());
        view.put("too_far_behind", ring.drift().tooFar().orElse(null));
        view.put("behind_since", text(ring.drift().behind().since()));
        return view;
    }

    private static Map<String, Object> running(FleetStatus.Running running) {
        var view = new LinkedHashMap<String, Object>();
        view.put("version", running.version().orElse(null));
        view.put("cells", running.cells());
        return view;
    }

    static Map<String, Object> cell(FleetStatus.CellStatus cell) {
        var view = new LinkedHashMap<String, Object>();
        view.put("cell", cell.cell());
        view.put("kind", cell.kind());
        view.put("ring", cell.ring());
        view.put("state", cell.state());
        view.put("version", cell.version().orElse(null));
        view.put("last_known_good", cell.lastKnownGood().orElse(null));
        view.put("pdm_version", cell.pdmVersion().orElse(null));
        view.put("attempt", cell.attempt().orElse(null));
        view.put("health", cell.health().map(FleetView::health).orElse(null));
        view.put("wait", waiting(cell.waiting()));
        view.put("expected", cell.drift().expected().orElse(null));
        view.put("expected_since", text(cell.drift().expectedSince()));
        view.put("behind", cell.drift().behind().versions());
        view.put("behind_since", text(cell.drift().behind().since()));
        view.put("duty", cell.drift().duty());
        view.put("duty_why", cell.drift().dutyWhy().orElse(null));
        return view;
    }

    private static Map<String, Object> health(FleetStatus.HealthStatus health) {
        var view = new LinkedHashMap<String, Object>();
        view.put("verdict", health.verdict());
        view.put("text", health.text());
        view.put("at", health.at().toString());
        return view;
    }

    private static Map<String, Object> waiting(Optional<FleetStatus.WaitStatus> status) {
        return status.map(wait -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("code", wait.code());
            view.put("text", wait.text());
            view.put("until", text(wait.until()));
            return view;
        }).orElse(null);
    }

    static Map<String, Object> waiting(Wait wait) {
        var view = new LinkedHashMap<String, Object>();
        view.put("subject", wait.subject().toString());
        view.put("code", wait.code().word());
        view.put("text", wait.text());
        view.put("until", text(wait.until()));
        return view;
    }

    static Map<String, Object> attempt(FleetHistory.AttemptRecord attempt) {
        var view = new LinkedHashMap<String, Object>();
        view.put("attempt", attempt.id().toString());
        view.put("cell", attempt.id().cell().toString());
        view.put("ring", attempt.ring());
        view.put("step", attempt.id().step().word());
        view.put("version", attempt.version().toString());
        view.put("previous_version", attempt.previous().map(Object::toString).orElse(null));
        view.put("state", attempt.outcome());
        view.put("reason", attempt.reason().isEmpty() ? null : attempt.reason());
        view.put("requested_at", attempt.requestedAt().toString());
        view.put("started_at", text(attempt.startedAt()));
        view.put("ended_at", text(attempt.endedAt()));
        view.put("log", "/api/fleet/attempts/" + attempt.id() + "/log");
        return view;
    }

    /// The event as stored, with its number and hash before it: `is` names its kind.
    static JsonNode event(RecordedEvent recorded) {
        var view = ((ObjectNode) FleetJson.tree(recorded.event())).objectNode();
        view.put("number", recorded.number());
        view.setAll((ObjectNode) FleetJson.tree(recorded.event()));
        view.put("hash", recorded.hash());
        return view;
    }

    private static String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }
}
