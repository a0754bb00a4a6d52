package cambium.server.fleet;

import cambium.rollout.Decision;
import cambium.rollout.Plan;
import cambium.rollout.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A plan in words: what is decided, and what waits, why, and until when.
final class PlanView {
    /// A fleet of many cells decides much at once; whoever reads wants the beginning and the count.
    static final int MAX_LISTED = 1_000;

    private PlanView() {}

    static Map<String, Object> of(Plan plan) {
        var view = new LinkedHashMap<String, Object>();
        view.put("decided", plan.decisions().size());
        view.put("waiting", plan.waits().size());
        view.put("decisions", plan.decisions().stream().limit(MAX_LISTED).map(PlanView::decision).toList());
        view.put("waits", plan.waits().stream().limit(MAX_LISTED).map(FleetView::waiting).toList());
        view.put("wake_at", plan.wakeAt().map(Object::toString).orElse(null));
        return view;
    }

    private static Map<String, Object> decision(Decision decision) {
        var view = new LinkedHashMap<String, Object>();
        view.put("is", decision.getClass().getSimpleName());
        view.put("subject", subject(decision).toString());
        view.put("text", text(decision));
        return view;
    }

    private static Scope subject(Decision decision) {
        return switch (decision) {
            case Decision.Open open -> new Scope.OfRing(open.ring());
            case Decision.Start start -> new Scope.OfCell(start.cell());
            case Decision.GiveUp giveUp -> new Scope.OfCell(giveUp.attempt().cell());
            case Decision.RecordConverged converged -> new Scope.OfRing(converged.ring());
            case Decision.Reopen reopen -> new Scope.OfRing(reopen.ring());
            case Decision.RecordBaked baked -> new Scope.OfRing(baked.ring());
            case Decision.Fail fail -> new Scope.OfCell(fail.cell());
            case Decision.Block block -> new Scope.OfVersion(block.version());
            case Decision.Graduate graduate -> new Scope.OfVersion(graduate.version());
            case Decision.Complete complete -> new Scope.OfVersion(complete.version());
            case Decision.Supersede supersede -> new Scope.OfVersion(supersede.version());
            case Decision.Quarantine quarantine -> new Scope.OfCell(quarantine.cell());
            case Decision.Page page -> page.subject();
        };
    }

    private static String text(Decision decision) {
        return switch (decision) {
            case Decision.Open open -> "opens for " + open.version();
            case Decision.Start start -> "starts " + start.step().word() + " of " + start.version()
                    + start.previous().map(before -> ", it runs " + before).orElse("") + " (" + start.attempt() + ")";
            case Decision.GiveUp giveUp -> "gives up " + giveUp.attempt() + ": " + giveUp.why();
            case Decision.RecordConverged converged -> "has converged on " + converged.version();
            case Decision.Reopen reopen -> "is no longer converged on " + reopen.version() + ": " + reopen.why();
            case Decision.RecordBaked baked -> "has baked " + baked.version() + " on " + baked.cells();
            case Decision.Fail fail -> fail.version() + " failed here" + (fail.soft() ? " softly: " : ": ")
                    + fail.why();
            case Decision.Block block -> "is blocked: " + block.why();
            case Decision.Graduate _ -> "graduates";
            case Decision.Complete _ -> "is complete";
            case Decision.Supersede supersede -> "is superseded by rollout " + supersede.newer();
            case Decision.Quarantine quarantine -> "is quarantined: " + quarantine.why();
            case Decision.Page page -> "somebody is called: " + page.text();
        };
    }
}
