package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.KeyPage.Finding;
import cambium.server.pages.KeyPage.SigningKey;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The page of a repository's signing keys, and the forms that bring a new one or end an old one.
final class KeyPageRoutes {
    private static final String API = "/api/repositories/{owner}/{repo}/keys";
    private static final String PATH = "/{owner}/{repo}/keys";

    private final ApiAct list;
    private final ApiAct rotate;
    private final ApiAct end;
    private final RepositoryFrame frame;
    private final FormRoutes forms;
    private final Renderer renderer;
    private final InstantSource clock;
    private final PackageKeyForms packageKeys;

    KeyPageRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms, Renderer renderer, InstantSource clock) {
        this.list = api.act(Method.GET, API);
        this.rotate = api.act(Method.POST, API + "/rotate");
        this.end = api.act(Method.DELETE, API + "/{key}");
        this.frame = frame;
        this.forms = forms;
        this.renderer = renderer;
        this.clock = clock;
        this.packageKeys = new PackageKeyForms(api, frame, forms);
    }

    List<Route> routes() {
        return Stream.of(
                List.of(new Route(Method.GET, PATH, Role.WEB, Permission.NONE, this::show)), packageKeys.routes(),
                forms.routes(PATH + "/rotate", rotate, this::rotation, (call, _) -> keys(call)),
                forms.routes(PATH + "/{key}/end", end, this::ending, (call, _) -> keys(call)))
                .flatMap(List::stream).toList();
    }

    private Answer show(Call call) throws Exception {
        RepositoryLine line = frame.found(call);
        boolean mayChange = rotate.isFor(call);
        var keys = new ArrayList<SigningKey>();
        for (JsonNode key : list.read(call).path("keys")) {
            keys.add(key(line, key, mayChange));
        }
        String address = call.baseUrl() + line.path() + "/gpgkey";
        var fetch = new RepositoryPages.Snippet("Look at it", "curl -fsSL " + (line.isPrivate()
                ? "-u \"$CAMBIUM_TOKEN:\" " : "") + address + " | gpg --show-keys --with-fingerprint");
        return renderer.html(200, "keys", new KeyPage(frame.shell(call, "Keys of " + line.fullName()),
                frame.head(call, line, "Keys"), line.path() + "/gpgkey", fetch,
                mayChange ? Optional.of(line.path() + "/keys/rotate") : Optional.empty(), keys,
                packageKeys.form(call, line), packageKeys.keys(call, line)));
    }

    private SigningKey key(RepositoryLine line, JsonNode key, boolean mayChange) {
        Instant now = clock.instant();
        String state = key.path("state").asText();
        String fingerprint = key.path("fingerprint").asText();
        String until = key.path("signs_until").asText("");
        return new SigningKey(
                fingerprint.replaceAll("(.{4})(?!$)", "$1 "),
                badge(state),
                key.path("origin").asText().equals("imported") ? "imported" : "made here",
                moment(key.path("created_at").asText(""), now),
                state.equals("leaving") && !until.isEmpty() ? Words.moment(Instant.parse(until)) : "",
                findings(key.path("findings")),
                findings(key.path("findings_in_a_year")),
                mayChange && state.equals("leaving")
                        ? Optional.of(line.path() + "/keys/" + fingerprint + "/end") : Optional.empty());
    }

    private static Optional<Parts.Moment> moment(String text, Instant now) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Parts.Moment.of(Instant.parse(text), now));
    }

    private static Parts.Badge badge(String state) {
        return switch (state) {
            case "in_use" -> new Parts.Badge("in use", "healthy", "good");
            case "leaving" -> new Parts.Badge("leaving, still signs", "baking", "moving");
            default -> new Parts.Badge("ended", "waiting", "quiet");
        };
    }

    private static List<Finding> findings(JsonNode findings) {
        var list = new ArrayList<Finding>();
        for (JsonNode finding : findings) {
            list.add(new Finding(finding.path("severity").asText().startsWith("err") ? "bad" : "held",
                    finding.path("message").asText()));
        }
        return list;
    }

    private static String keys(Call call) {
        return "/" + call.param("owner") + "/" + call.param("repo") + "/keys";
    }

    private PlainForm rotation(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "Rotate the signing key"), "Rotate the signing key",
                        "A new key is made and signs from now on. The present one signs beside it until the grace time "
                                + "is over, so that machines which know only that one go on; by then they must have "
                                + "fetched the new one.", keys(call) + "/rotate", "Rotate", line.path() + "/keys")
                .choice("grace", "Grace time", "Until then both keys sign.",
                        graces(call.parameters().first("grace").orElse("P90D")));
    }

    private static List<RepositoryPages.Option> graces(String chosen) {
        return Stream.of(7, 30, 90, 180)
                .map(days -> new RepositoryPages.Option("P" + days + "D", days + " days",
                        chosen.equals("P" + days + "D")))
                .toList();
    }

    private PlainForm ending(Call call) {
        RepositoryLine line = frame.found(call);
        String key = call.param("key");
        if (!key.matches("[0-9A-Fa-f]{16,40}")) {
            throw new Refused(404, "unknown_key", "there is no such key");
        }
        return PlainForm.of(frame.shell(call, "End a key"), "End this key now?",
                        "It signs nothing any more and its secret is destroyed. Machines that know only this key "
                                + "refuse the repository from the next index on.", keys(call) + "/" + key + "/end",
                        "End it", line.path() + "/keys")
                .asDanger();
    }
}
