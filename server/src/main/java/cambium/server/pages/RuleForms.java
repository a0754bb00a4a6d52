package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.FormRoutes.FormOf;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A rule of a repository that the API has under its name: what it says, a form that sets it and one that ends it.
/// Both lead back to the settings.
record RuleForms(String name, ApiAct read, ApiAct set, ApiAct end, FormRoutes forms) {
    static RuleForms of(String name, ApiActs api, FormRoutes forms) {
        String path = "/api/repositories/{owner}/{repo}/" + name;
        return new RuleForms(name, api.act(Method.GET, path), api.act(Method.PUT, path),
                api.act(Method.DELETE, path), forms);
    }

    List<Route> routes(FormOf setting, FormOf ending) {
        String path = "/{owner}/{repo}/" + name;
        return Stream.of(forms.routes(path, set, setting, (call, _) -> settings(call)),
                forms.routes(path + "/end", end, ending, (call, _) -> settings(call)))
                .flatMap(List::stream).toList();
    }

    private static String settings(Call call) {
        return "/" + call.param("owner") + "/" + call.param("repo") + "/settings";
    }

    /// What the API says of it; nothing for whoever may not read it.
    Optional<JsonNode> said(Call call) throws Exception {
        return read.isFor(call) ? Optional.of(read.read(call)) : Optional.empty();
    }
}
