package cambium.server.fleet;

import cambium.rollout.FleetCommand;
import cambium.rollout.Scope;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import java.util.List;

/// Keeps rings and cells on a version, and lets go of them.
final class PinRoutes {
    private final CommandAnswers answers;

    PinRoutes(CommandAnswers answers) {
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(new Route(Method.POST, "/api/fleet/pins", Role.WEB, Permission.DEPLOY, this::pin),
                new Route(Method.DELETE, "/api/fleet/pins", Role.WEB, Permission.DEPLOY, this::release));
    }

    private Answer pin(Call call) {
        var fields = CommandFields.of(call, "scope", "version", "why", "until");
        var why = fields.why();
        var scope = FleetCommandRoutes.scope(fields.required("scope"));
        var version = FleetCommandRoutes.version(fields.required("version"));
        return answers.to(call, new FleetCommand.SetPin(scope, version, why,
                fields.text("until").map(FleetCommandRoutes::instant)), scope);
    }

    private Answer release(Call call) {
        var why = FleetCommandRoutes.why(call);
        var scope = FleetCommandRoutes.scopeOf(call);
        return answers.to(call, new FleetCommand.ReleasePin(scope, why), scope);
    }
}
