package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import java.util.List;

/// The form that makes a repository.
final class CreationRoutes {
    private static final String PATH = "/repositories/new";
    private static final String NAME = "repository[name]";
    private static final String PRIVATE = "repository[private]";
    private static final int LONGEST_NAME = 201;

    private final ApiAct create;
    private final RepositoryFrame frame;
    private final FormRoutes forms;

    CreationRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms) {
        this.create = api.act(Method.POST, "/api/v1/repos[.json]");
        this.frame = frame;
        this.forms = forms;
    }

    List<Route> routes() {
        return forms.routes(PATH, create, this::form,
                (call, _) -> "/" + fullName(call, call.parameters().first(NAME).orElse("").strip()));
    }

    private PlainForm form(Call call) {
        var typed = call.parameters();
        return PlainForm.of(frame.shell(call, "New repository"), "New repository",
                        "It holds packages of every type and distribution, and gets a signing key of its own.", PATH,
                        "Create", "/repositories")
                .text(NAME, "Name", typed.first(NAME).orElse(""), "Owner and name, such as acme/storefront. Letters, "
                        + "digits, full stops, hyphens and underscores.", LONGEST_NAME)
                .check(PRIVATE, "Private: only read with a token", "1", typed.first(PRIVATE).isPresent());
    }

    /// A name without an owner is the actor's own, as for the API.
    private static String fullName(Call call, String name) {
        return name.contains("/") ? name : call.actor().name() + "/" + name;
    }
}
