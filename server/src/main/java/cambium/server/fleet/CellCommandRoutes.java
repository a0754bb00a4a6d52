package cambium.server.fleet;

import cambium.rollout.CellId;
import cambium.rollout.Duty;
import cambium.rollout.FleetCommand;
import cambium.rollout.Scope;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import java.util.List;

/// What people ask of one cell: that it stands aside from its ring, or takes its place again.
final class CellCommandRoutes {
    private final CommandAnswers answers;

    CellCommandRoutes(CommandAnswers answers) {
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.POST, "/api/fleet/cells/{cell}/defer", Role.WEB, Permission.MANAGE_FLEET, this::defer),
                new Route(Method.POST, "/api/fleet/cells/{cell}/leave", Role.WEB, Permission.MANAGE_FLEET, this::leave),
                new Route(Method.POST, "/api/fleet/cells/{cell}/quarantine", Role.WEB, Permission.MANAGE_FLEET,
                        call -> duty(call, CommandFields.of(call, "why"), new Duty.Quarantined(), false)),
                new Route(Method.POST, "/api/fleet/cells/{cell}/resume", Role.WEB, Permission.MANAGE_FLEET,
                        call -> duty(call, CommandFields.of(call, "why"), new Duty.OnDuty(), false)));
    }

    private Answer defer(Call call) {
        var fields = CommandFields.of(call, "why", "until");
        return duty(call, fields, new Duty.Deferred(FleetCommandRoutes.instant(fields.required("until"))), false);
    }

    private Answer leave(Call call) {
        var fields = CommandFields.of(call, "why", "abandon");
        return duty(call, fields, new Duty.Leaving(), fields.truth("abandon"));
    }

    private Answer duty(Call call, CommandFields fields, Duty duty, boolean abandon) {
        var cell = Subject.parsed(404, "unknown_cell", "cell", () -> CellId.of(call.param("cell")));
        return answers.to(call, new FleetCommand.SetDuty(cell, duty, fields.why(), abandon), new Scope.OfCell(cell));
    }
}
