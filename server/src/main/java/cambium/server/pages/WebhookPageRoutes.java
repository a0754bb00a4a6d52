package cambium.server.pages;

import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.ApiActs.Outcome;
import cambium.server.pages.WebhooksPage.Told;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The page `/webhooks`, and what makes, tests and ends a webhook of the fleet there: by the routes of the API.
final class WebhookPageRoutes {
    static final String API = "/api/fleet/webhooks";
    private static final String PAGE = "/webhooks";
    private static final int LONGEST_ADDRESS = 2_000;
    private static final int LONGEST_KINDS = 1_000;

    private final ApiAct list;
    private final ApiAct make;
    private final ApiAct test;
    private final ApiAct end;
    private final Pages.Shells shells;
    private final FormRoutes forms;
    private final Renderer renderer;

    WebhookPageRoutes(ApiActs api, Pages.Shells shells, FormRoutes forms, Renderer renderer) {
        this.list = api.act(Method.GET, API);
        this.make = api.act(Method.POST, API);
        this.test = api.act(Method.POST, API + "/{id}/test");
        this.end = api.act(Method.DELETE, API + "/{id}");
        this.shells = shells;
        this.forms = forms;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return Stream.of(List.of(
                new Route(Method.GET, PAGE, Role.WEB, list.permission(), call -> page(200, call, Optional.empty())),
                new Route(Method.GET, PAGE + "/new", Role.WEB, make.permission(), call ->
                        renderer.html(200, "form", making(call))),
                new Route(Method.POST, PAGE, Role.WEB, make.permission(), this::make)
                        .orSignedOut(call -> forms.signedOut(call, this::making)),
                new Route(Method.POST, PAGE + "/{id}/test", Role.WEB, test.permission(), this::test)
                        .orSignedOut(_ -> Answer.redirect(303, "/sign-in?next=" + PAGE))),
                forms.routes(PAGE + "/{id}/end", end, this::ending, (_, _) -> PAGE))
                .flatMap(List::stream).toList();
    }

    private Answer page(int status, Call call, Optional<Told> told) throws Exception {
        return renderer.html(status, "webhooks", WebhooksPage.of(list.read(call),
                shells.shell(call, "Webhooks", "fleet", false), told));
    }

    private PlainForm making(Call call) {
        return PlainForm.of(shells.shell(call, "New webhook", "fleet", false), "Tell somebody of events",
                        "The events of the fleet are posted there as JSON, signed, or mailed, from now on and in order,"
                                + " until each is taken.", PAGE, "Make it", PAGE)
                .text("url", "Address", call.parameters().first("url").orElse(""),
                        "https://chat.example/hook, or by mail mailto:ops@example.org", LONGEST_ADDRESS)
                .optionalText("kinds", "Kinds of events", call.parameters().first("kinds").orElse(""),
                        "Such as PageRaised, CellFailed, VersionBlocked. Left empty, all are posted, and mail tells"
                                + " what somebody should know of.", LONGEST_KINDS);
    }

    /// The answer shows the secret: it stands on no other page and in no address.
    private Answer make(Call call) throws Exception {
        return switch (make.ask(call)) {
            case Outcome.Done(_, JsonNode made) -> page(200, call, Optional.of(Told.good(
                    "Webhook no. " + made.path("id").asText() + " is made. Test it, to see that it arrives.",
                    Optional.ofNullable(made.path("secret").textValue()))));
            case Outcome.Declined(int status, String field, String message) ->
                    renderer.html(status, "form", making(call).refused(message, field));
        };
    }

    private Answer test(Call call) throws Exception {
        String id = id(call);
        return switch (test.ask(call)) {
            case Outcome.Done(_, JsonNode said) -> page(200, call, Optional.of(said.path("taken").asBoolean()
                    ? Told.good("Webhook no. " + id + " took the test: " + said.path("result").asText(),
                            Optional.empty())
                    : Told.bad("Webhook no. " + id + " did not take the test: " + said.path("result").asText())));
            case Outcome.Declined(int status, _, String message) -> page(status, call, Optional.of(Told.bad(message)));
        };
    }

    private PlainForm ending(Call call) {
        return PlainForm.of(shells.shell(call, "End a webhook", "fleet", false), "End webhook no. " + id(call) + "?",
                        "Nothing more is sent there, not even what it has not taken yet. The same address made anew has"
                                + " another secret.", PAGE + "/" + id(call) + "/end", "End it", PAGE)
                .asDanger();
    }

    private static String id(Call call) {
        if (!call.param("id").matches("[0-9]{1,18}")) {
            throw new Refused(404, "unknown_webhook", "there is no such webhook");
        }
        return call.param("id");
    }
}
