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
import cambium.server.pages.RepositoryPages.Option;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/// The settings of a repository. Who sends them after somebody else has changed them is shown what changed, with the
/// own choice kept, and sends again to have it.
final class SettingsRoutes {
    static final String API = "/api/v1/repos/{owner}/{repo}/apt[.json]";
    private static final String PATH = "/{owner}/{repo}/settings";
    private static final String SEEN = "seen";
    private static final String LIFE = "valid_for_seconds";
    private static final String BY_SERVER = "default";
    private static final List<String> NAMES = List.of("contents", "translations", LIFE);
    private static final long[] DAYS = {0, 1, 7, 14, 30, 90};

    private final ApiAct show;
    private final ApiAct change;
    private final RetentionPageRoutes retention;
    private final PolicyPageRoutes policy;
    private final RepositoryFrame frame;
    private final Renderer renderer;

    SettingsRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms, Renderer renderer) {
        this.retention = new RetentionPageRoutes(api, frame, forms);
        this.policy = new PolicyPageRoutes(api, frame, forms);
        this.show = api.act(Method.GET, API);
        this.change = api.act(Method.PUT, API);
        this.frame = frame;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return Stream.of(retention.routes(), policy.routes(), List.of(
                new Route(Method.GET, PATH, Role.WEB, show.permission(), call ->
                        renderer.html(200, "settings", page(call, show.read(call), show.read(call)))),
                new Route(Method.POST, PATH, Role.WEB, Permission.NONE, this::send))).flatMap(List::stream).toList();
    }

    private Answer send(Call call) throws Exception {
        if (!change.isFor(call)) {
            if (call.actor().isAnonymous()) {
                return signedOut(call);
            }
            call.require(change.permission());
        }
        JsonNode now = show.read(call);
        if (call.parameters().first(SEEN).filter(stamp(now)::equals).isEmpty()) {
            return renderer.html(412, "settings", page(call, now, typed(call, now)).refused("Somebody else has changed "
                    + "these settings meanwhile: " + words(now) + ". Your choice is kept below; save again to have it "
                    + "instead."));
        }
        return switch (change.ask(call)) {
            case Outcome.Done _ -> Answer.redirect(303, "/" + call.param("owner") + "/" + call.param("repo")
                    + "/settings?saved=yes");
            case Outcome.Declined(int status, _, String message) ->
                    renderer.html(status, "settings", page(call, now, typed(call, now)).refused(message));
        };
    }

    /// What the form was sent with, laid over what holds now.
    private static JsonNode typed(Call call, JsonNode now) {
        var typed = now.<ObjectNode>deepCopy();
        NAMES.forEach(name -> call.parameters().first(name).ifPresent(value -> typed.put(name, value)));
        call.parameters().first(LIFE).ifPresent(value ->
                typed.put("valid_for_said_by", value.equals(BY_SERVER) ? "server" : "repository"));
        return typed;
    }

    private static String stamp(JsonNode settings) {
        return settings.path("contents").asText() + "." + settings.path("translations").asText() + "."
                + said(settings);
    }

    private static String words(JsonNode settings) {
        return "contents are " + onOff(settings, "contents") + ", translations are " + onOff(settings, "translations")
                + ", indexes are valid " + valid(settings.path("valid_for_seconds").asLong());
    }

    private static String onOff(JsonNode settings, String name) {
        return settings.path(name).asBoolean() ? "on" : "off";
    }

    private static String valid(long seconds) {
        return seconds == 0 ? "without end" : seconds % 86_400 == 0 ? Words.count(seconds / 86_400, "day")
                : Words.number(seconds) + " seconds";
    }

    private SettingsPage page(Call call, JsonNode now, JsonNode chosen) throws Exception {
        RepositoryLine line = frame.found(call);
        return new SettingsPage(frame.shell(call, "Settings of " + line.fullName()),
                frame.head(call, line, "Settings"), line.path() + "/settings", stamp(now),
                List.of(onOff("contents", "File lists (Contents)", "Lets apt-file find the package of a file. Costs a "
                                + "little with each push.", chosen),
                        onOff("translations", "Descriptions apart (Translation-en)", "Clients that want no "
                                + "descriptions fetch less.", chosen),
                        life(said(chosen), now.path("server_valid_for_seconds").asLong())),
                retention.retention(call, line), policy.policy(call, line), call.query("saved").isPresent(), "");
    }

    private static SettingsPage.Setting onOff(String name, String label, String hint, JsonNode chosen) {
        boolean on = chosen.path(name).asBoolean();
        return new SettingsPage.Setting(name, label, hint,
                List.of(new Option("false", "off", !on), new Option("true", "on", on)));
    }

    /// What the repository itself says, or that it leaves it to the server.
    private static String said(JsonNode settings) {
        return settings.path("valid_for_said_by").asText().equals("server") ? BY_SERVER
                : settings.path("valid_for_seconds").asText("0");
    }

    private static SettingsPage.Setting life(String chosen, long servers) {
        var values = new LinkedHashMap<String, String>();
        values.put(BY_SERVER, "as this server says: " + valid(servers));
        for (long days : DAYS) {
            values.put(Long.toString(days * 86_400), valid(days * 86_400));
        }
        if (chosen.matches("[0-9]{1,10}")) {
            values.putIfAbsent(chosen, valid(Long.parseLong(chosen)));
        }
        var options = values.entrySet().stream()
                .map(each -> new Option(each.getKey(), each.getValue(), each.getKey().equals(chosen))).toList();
        return new SettingsPage.Setting(LIFE, "Indexes are valid (Valid-Until)", "apt refuses older "
                + "ones, so that nobody can hold an update back. They are signed again in time.", options);
    }

    /// Without the right to read them, only what was typed can be shown again.
    private Answer signedOut(Call call) throws Exception {
        SameSite.require(call);
        var empty = JsonNodeFactory.instance.objectNode();
        SettingsPage page = page(call, empty, typed(call, empty)).refused("You are not signed in any more; nothing was "
                + "saved. Sign in in another tab, then save again.");
        return renderer.html(401, "settings", new SettingsPage(page.shell(), page.head(), page.action(),
                call.parameters().first(SEEN).orElse(""), page.settings(), page.retention(), page.policy(), false,
                page.refusal()));
    }
}
