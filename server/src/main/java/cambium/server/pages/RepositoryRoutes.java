package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.List;

/// The pages about repositories. Anybody may ask; each sees what they may read, and for the rest there is nothing here.
final class RepositoryRoutes {
    private static final int LAST_PAGE = 100_000;
    private static final int LONGEST_SEARCH = 100;

    private final RepositoryReads reads;
    private final Pages.Shells shells;
    private final Renderer renderer;
    private final InstantSource clock;

    RepositoryRoutes(RepositoryReads reads, Pages.Shells shells, Renderer renderer, InstantSource clock) {
        this.reads = reads;
        this.shells = shells;
        this.renderer = renderer;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                page("/repositories", this::list),
                page("/{owner}/{repo}", this::repository),
                page("/{owner}/{repo}/packages/{os}/{codename}/{file}", this::onePackage));
    }

    private static Route page(String path, cambium.server.http.Handler handler) {
        return new Route(Method.GET, path, Role.WEB, Permission.NONE, handler);
    }

    private Answer list(Call call) {
        Shell shell = shells.shell(call, "Repositories", "repositories", false);
        return renderer.html(200, "repositories",
                RepositoryViews.list(reads.repositories(call.actor()), shell, clock.instant()));
    }

    private Answer repository(Call call) {
        RepositoryReads.RepositoryLine line = found(call);
        String search = call.query("q").orElse("").strip();
        String cut = search.substring(0, Math.min(LONGEST_SEARCH, search.length()));
        var suites = reads.suites(call.actor(), line.owner(), line.name());
        var packages = reads.packages(
                call.actor(), line.owner(), line.name(), cut, page(call), RepositoryViews.PER_PAGE);
        Shell shell = shells.shell(call, line.owner() + "/" + line.name(), "repositories", false);
        return renderer.html(200, "repository", RepositoryViews.repository(
                line, suites, cut, packages, call.baseUrl(), shell, clock.instant()));
    }

    private static int page(Call call) {
        return call.query("page")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(Integer::parseInt)
                .map(number -> Math.clamp(number, 1, LAST_PAGE))
                .orElse(1);
    }

    private Answer onePackage(Call call) {
        RepositoryReads.RepositoryLine line = found(call);
        var facts = reads.packageAt(call.actor(), line.owner(), line.name(), call.param("os"), call.param("codename"),
                        call.param("file"))
                .orElseThrow(() -> new Refused(404, "not_found", "this repository has no such package"));
        String title = facts.line().name() + " " + facts.line().version();
        Shell shell = shells.shell(call, title, "repositories", false);
        return renderer.html(200, "package",
                RepositoryViews.onePackage(line, facts, call.baseUrl(), shell, clock.instant()));
    }

    private RepositoryReads.RepositoryLine found(Call call) {
        return reads.repository(call.actor(), call.param("owner"), call.param("repo"))
                .orElseThrow(() -> new Refused(
                        404, "not_found", "there is no such repository, or it is not yours to read"));
    }
}
