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
import java.util.function.BiFunction;

/// Keeps rings and cells on a version, and lets go of them.
final class PinRoutes {
    private final CommandDesk desk;
    private final BiFunction<CommandDesk.Done, Scope, Answer> told;

    /// @param told says what became of a command, and what the fleet now says of its subject
    PinRoutes(CommandDesk desk, BiFunction<CommandDesk.Done, Scope, Answer> told) {
        this.desk = desk;
        this.told = told;
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
        return told.apply(desk.run(new FleetCommand.SetPin(scope, version, why,
                fields.text("until").map(FleetCommandRoutes::instant)), call.actor()), scope);
    }

    private Answer release(Call call) {
        var why = FleetCommandRoutes.why(call);
        var scope = FleetCommandRoutes.scopeOf(call);
        return told.apply(desk.run(new FleetCommand.ReleasePin(scope, why), call.actor()), scope);
    }
}
