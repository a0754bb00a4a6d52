package cambium.server.pages;

import cambium.rollout.FleetCommand;
import cambium.server.access.Permission;
import cambium.server.access.SameSite;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Parameters;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The forms by which a person acts on the fleet. A refused form comes back with what was typed and with the reason;
/// a granted one leads back to where it was opened.
final class ActRoutes {
    private final FleetReads reads;
    private final FleetActs acts;
    private final Pages.Shells shells;
    private final Renderer renderer;
    private final InstantSource clock;

    ActRoutes(FleetReads reads, FleetActs acts, Pages.Shells shells, Renderer renderer, InstantSource clock) {
        this.reads = reads;
        this.acts = acts;
        this.shells = shells;
        this.renderer = renderer;
        this.clock = clock;
    }

    List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (Act act : Act.values()) {
            routes.add(new Route(Method.GET, act.path(), Role.WEB, Permission.READ_FLEET, call -> show(act, call)));
            routes.add(new Route(Method.POST, act.path(), Role.WEB, act.permission(), call -> send(act, call))
                    .orSignedOut(call -> signedOut(act, call)));
        }
        return routes;
    }

    private Answer show(Act act, Call call) {
        return renderer.html(200, "act", form(act, call));
    }

    /// The form as it was filled in, for whoever is not signed in any more; nothing of the fleet stands in it.
    private Answer signedOut(Act act, Call call) {
        SameSite.require(call);
        return renderer.html(401, "act", form(act, call, FleetNow.unknown(clock.instant())).signedOut());
    }

    private ActionForm form(Act act, Call call) {
        return form(act, call, new FleetNow(reads.status(), reads.brakeFile()));
    }

    private ActionForm form(Act act, Call call, FleetNow fleet) {
        Shell shell = shells.shell(call, "Act on the fleet", "fleet", false);
        Parameters asked = call.parameters();
        try {
            var form = new Forms(shell).form(act, asked, fleet);
            if (asked.first("from").equals(Optional.of("brakes"))) {
                form = form.withHidden("from", "brakes").backTo("/brakes");
            }
            var choice = form.choice();
            form = form.chosen(choice.flatMap(offered -> asked.first(offered.name())));
            var box = form.tick();
            return form.typed(asked.first("why").orElse(""), asked.first("for").orElse(""),
                    box.flatMap(tick -> asked.first(tick.name())).equals(Optional.of("true")));
        } catch (IllegalArgumentException malformed) {
            throw new Refused(404, "bad_scope", malformed.getMessage());
        }
    }

    private Answer send(Act act, Call call) {
        FleetCommand command;
        try {
            command = Forms.command(act, call.parameters(), clock.instant());
        } catch (IllegalArgumentException malformed) {
            throw new Refused(422, "bad_form", malformed.getMessage());
        }
        return switch (acts.act(call.actor(), command)) {
            case FleetCommand.Answer.Accepted _ -> done(act, call);
            case FleetCommand.Answer.Refused(String code, String text) ->
                    renderer.html(code.equals("forbidden") ? 403 : 422, "act",
                            form(act, call).refused(text, field(code)));
        };
    }

    private Answer done(Act act, Call call) {
        if (call.header("HX-Request").isPresent()) {
            return Answer.empty(204).with("HX-Trigger", "done");
        }
        return Answer.redirect(303, form(act, call).back());
    }

    private static String field(String code) {
        return switch (code) {
            case "why_missing" -> "why";
            case "until_past" -> "until";
            case "migration_crossed" -> "downtime";
            default -> "";
        };
    }
}
