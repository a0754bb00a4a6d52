package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.KeyPage.PackageKey;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The keys with which the packages of a repository came signed: shown on the page of its keys, added and removed here.
final class PackageKeyForms {
    private static final String API = "/api/v1/repos/{owner}/{repo}/gpg_keys";
    private static final String PATH = "/{owner}/{repo}/keys/package";
    private static final String DATA = "gpg_key[keydata]";
    private static final int LONGEST_KEY = 200_000;

    private final ApiAct list;
    private final ApiAct add;
    private final ApiAct remove;
    private final RepositoryFrame frame;
    private final FormRoutes forms;

    PackageKeyForms(ApiActs api, RepositoryFrame frame, FormRoutes forms) {
        this.list = api.act(Method.GET, API + "[.json]");
        this.add = api.act(Method.POST, API + "[.json]");
        this.remove = api.act(Method.DELETE, API + "/{name}[.json]");
        this.frame = frame;
        this.forms = forms;
    }

    List<Route> routes() {
        return Stream.of(forms.routes(PATH + "/new", add, this::adding, (call, _) -> keys(call)),
                forms.routes(PATH + "/{name}/remove", remove, this::removing, (call, _) -> keys(call)))
                .flatMap(List::stream).toList();
    }

    /// Where one is added, for whoever may.
    Optional<String> form(Call call, RepositoryLine line) {
        return add.isFor(call) ? Optional.of(line.path() + "/keys/package/new") : Optional.empty();
    }

    List<PackageKey> keys(Call call, RepositoryLine line) throws Exception {
        var keys = new ArrayList<PackageKey>();
        for (JsonNode key : list.read(call).path("gpg_keys")) {
            String name = key.path("name").asText();
            if (key.path("keytype").asText().equals("package")) {
                keys.add(new PackageKey(key.path("fingerprint").asText().replaceAll("(.{4})(?!$)", "$1 "),
                        line.path() + "/gpgkey/" + name, remove.isFor(call)
                                ? Optional.of(line.path() + "/keys/package/" + name + "/remove") : Optional.empty()));
            }
        }
        return keys;
    }

    private static String keys(Call call) {
        return "/" + call.param("owner") + "/" + call.param("repo") + "/keys";
    }

    private PlainForm adding(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "Add a key of packages"), "Add a key of packages",
                        "With it dnf and zypper check each package, beside the index; machines that are set up from "
                                + "now on fetch it. A secret part is thrown away.", line.path() + "/keys/package/new",
                        "Add", line.path() + "/keys")
                .fileOrText(DATA, "Public key, as a file", "or pasted", typed(call),
                        "The whole block, as gpg --armor --export prints it.", LONGEST_KEY);
    }

    /// What was pasted stays; a browser never fills in a file again.
    private static String typed(Call call) {
        List<String> sent = call.parameters().all(DATA);
        return sent.isEmpty() ? "" : sent.getLast();
    }

    private PlainForm removing(Call call) {
        RepositoryLine line = frame.found(call);
        String name = call.param("name");
        if (!name.matches("[A-Za-z0-9._-]{1,255}")) {
            throw new Refused(404, "unknown_key", "there is no such key");
        }
        return PlainForm.of(frame.shell(call, "Remove a key of packages"), "Remove this key?",
                        "Machines that are set up from now on do not fetch it. Those that have it keep it, and go on "
                                + "asking for it here.", line.path() + "/keys/package/" + name + "/remove", "Remove",
                        line.path() + "/keys")
                .asDanger();
    }
}
