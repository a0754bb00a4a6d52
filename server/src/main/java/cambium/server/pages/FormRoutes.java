package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.access.SameSite;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.ApiActs.Outcome;
import java.util.List;

/// Two routes for each form: one shows it, the other sends it to the API. A refused form comes back with what was
/// typed and with the reason; one sent after the session has ended comes back too, so that nothing typed is lost.
final class FormRoutes {
    private final Renderer renderer;

    FormRoutes(Renderer renderer) {
        this.renderer = renderer;
    }

    /// Makes the form for this call, filled with what the call brings.
    @FunctionalInterface
    interface FormOf {
        PlainForm form(Call call) throws Exception;
    }

    /// Where to go on to once it is done.
    @FunctionalInterface
    interface NextOf {
        String next(Call call, Outcome.Done done);
    }

    /// The same path shows the form and takes it.
    List<Route> routes(String path, ApiAct act, FormOf form, NextOf next) {
        return List.of(
                new Route(Method.GET, path, Role.WEB, act.permission(), call ->
                        renderer.html(200, "form", drawn(call, form))),
                new Route(Method.POST, path, Role.WEB, Permission.NONE, call -> send(call, act, form, next)));
    }

    private Answer send(Call call, ApiAct act, FormOf form, NextOf next) throws Exception {
        if (!act.isFor(call)) {
            if (call.actor().isAnonymous()) {
                return signedOut(call, form);
            }
            call.require(act.permission());
        }
        return switch (act.ask(call)) {
            case Outcome.Done done -> done(call, next.next(call, done));
            case Outcome.Declined(int status, String field, String message) ->
                    renderer.html(status, "form", drawn(call, form).refused(message, field));
        };
    }

    /// What was typed, by whoever is not signed in any more. Only a page of ours may fill in what somebody sends next.
    Answer signedOut(Call call, FormOf form) throws Exception {
        SameSite.require(call);
        return renderer.html(401, "form", drawn(call, form).signedOut());
    }

    private static PlainForm drawn(Call call, FormOf form) throws Exception {
        return form.form(call).inDialog(call.header("HX-Request").isPresent());
    }

    static Answer done(Call call, String next) {
        return call.header("HX-Request").isPresent() ? Answer.empty(204).with("HX-Redirect", next)
                : Answer.redirect(303, next);
    }
}
