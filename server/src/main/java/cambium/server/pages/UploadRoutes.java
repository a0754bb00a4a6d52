package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.ApiActs.Outcome;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import cambium.server.pages.UploadPage.Result;
import java.util.List;
import java.util.Optional;

/// The page on which packages are dropped. With script each file is sent to the API with its own progress; without, one
/// file at a time is sent by a plain form, and the page says what became of it.
final class UploadRoutes {
    private static final String PATH = "/{owner}/{repo}/upload";

    private final RepositoryReads reads;
    private final ApiAct push;
    private final ApiAct catalogue;
    private final RepositoryFrame frame;
    private final Renderer renderer;

    UploadRoutes(ApiActs api, RepositoryReads reads, RepositoryFrame frame, Renderer renderer) {
        this.push = api.act(Method.POST, "/api/v1/repos/{owner}/{repo}/packages[.json]");
        this.catalogue = api.act(Method.GET, "/api/v1/distributions[.json]");
        this.reads = reads;
        this.frame = frame;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, PATH, Role.WEB, push.permission(), call -> show(call, 200, Optional.empty())),
                new Route(Method.POST, PATH, push.role(), Permission.NONE, this::send));
    }

    private Answer show(Call call, int status, Optional<Result> result) throws Exception {
        RepositoryLine line = frame.found(call);
        var used = reads.suites(call.actor(), line.owner(), line.name());
        var offered = OfferedSuites.of(catalogue.read(call), used);
        return renderer.html(status, "upload", new UploadPage(
                frame.shell(call, "Upload to " + line.fullName(), line), frame.head(call, line, "Upload"),
                "/api/v1/repos" + line.path() + "/packages.json?idempotent=true", offered.of("deb"),
                offered.of("rpm"), offered.of("anyfile"), command(call, line), result));
    }

    private static RepositoryPages.Snippet command(Call call, RepositoryLine line) {
        return new RepositoryPages.Snippet("Push and wait until package managers see it", "cambium push --server "
                + call.baseUrl() + " --repo " + line.fullName() + " --distro debian/bookworm FILE…");
    }

    private Answer send(Call call) throws Exception {
        if (!push.isFor(call)) {
            if (call.actor().isAnonymous()) {
                return show(call, 401, Optional.of(new Result(false, "Nothing was stored",
                        "you are not signed in any more; sign in in another tab, then send it again",
                        Optional.empty())));
            }
            call.require(push.permission());
        }
        return switch (push.ask(call)) {
            case Outcome.Done(_, var body) -> show(call, 200, Optional.of(new Result(true,
                    body.path("filename").asText(), "stored; it is being indexed now",
                    Optional.of(body.path("package_html_url").asText()).filter(href -> href.startsWith("/")))));
            case Outcome.Declined(int status, _, String message) -> show(call, status,
                    Optional.of(new Result(false, "Nothing was stored", message, Optional.empty())));
        };
    }
}
