package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.pages.RepositoryReads.PackageFilter;
import cambium.server.pages.RepositoryReads.Place;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The pages about repositories. Anybody may ask; each sees what they may read, and for the rest there is nothing here.
final class RepositoryRoutes {
    private static final int LAST_PAGE = 100_000;
    private static final int LONGEST_SEARCH = 100;

    private final RepositoryReads reads;
    private final UsageReads usage;
    private final PackageActRoutes acts;
    private final RepositoryFrame frame;
    private final Renderer renderer;
    private final InstantSource clock;

    RepositoryRoutes(RepositoryReads reads, UsageReads usage, PackageActRoutes acts, RepositoryFrame frame,
            Renderer renderer, InstantSource clock) {
        this.reads = reads;
        this.usage = usage;
        this.acts = acts;
        this.frame = frame;
        this.renderer = renderer;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                page("/repositories", this::list),
                page("/search", this::search),
                page("/{owner}/{repo}", this::repository),
                page("/{owner}/{repo}/install", this::install),
                page("/{owner}/{repo}/packages/{distro}/{version}/{filename}", this::onePackage),
                page("/app/{owner}/{repo}/search", RepositoryRoutes::formerSearch));
    }

    private static Route page(String path, cambium.server.http.Handler handler) {
        return new Route(Method.GET, path, Role.WEB, Permission.NONE, handler);
    }

    private Answer list(Call call) {
        String search = text(call, "q");
        int page = page(call);
        var found = reads.repositories(call.actor(), search, page, RepositoryViews.PER_PAGE);
        return renderer.html(200, "repositories", RepositoryViews.list(found, search, page,
                call.actor().may(Permission.MANAGE_REPOSITORY), frame.shell(call, "Repositories"), clock.instant()));
    }

    private Answer search(Call call) {
        PackageFilter filter = filter(call);
        Instant now = clock.instant();
        var found = filter.isNone() ? new RepositoryReads.PackageList(List.of(), false, false)
                : reads.packages(call.actor(), filter, place(call), RepositoryViews.PER_PAGE);
        var table = RepositoryViews.table("/search", filter, found, true, Optional.empty(), now);
        return renderer.html(200, "search", new RepositoryPages.SearchPage(frame.shell(call, "Search packages"),
                Parts.Moment.of(now, now), RepositoryViews.searchFilter(filter), table));
    }

    private Answer repository(Call call) {
        RepositoryLine line = frame.found(call);
        PackageFilter filter = filter(call);
        Instant now = clock.instant();
        var suites = reads.suites(call.actor(), line.owner(), line.name());
        var found = reads.packages(
                call.actor(), line.owner(), line.name(), filter, place(call), RepositoryViews.PER_PAGE);
        var table = RepositoryViews.table(line.path(), filter, found, false,
                Optional.of(Words.numbered(line.packages(), "package")), now);
        Shell shell = frame.shell(call, line.fullName(), line);
        return renderer.html(200, "repository", new RepositoryPages.RepositoryPage(shell, Parts.Moment.of(now, now),
                frame.head(call, line, "Packages"), RepositoryViews.filter(line.path(), filter, suites), table));
    }

    private Answer install(Call call) {
        RepositoryLine line = frame.found(call);
        var suites = reads.suites(call.actor(), line.owner(), line.name());
        Shell shell = frame.shell(call, "Install from " + line.fullName());
        return renderer.html(200, "install", RepositoryViews.install(
                line, frame.head(call, line, "Install"), suites, call.baseUrl(), shell));
    }

    private Answer onePackage(Call call) {
        RepositoryLine line = frame.found(call);
        var facts = reads.packageAt(call.actor(), line.owner(), line.name(), call.param("distro"),
                        call.param("version"), call.param("filename"))
                .orElseThrow(() -> new Refused(404, "not_found", "this repository has no such package"));
        String title = facts.line().name() + " " + facts.line().version();
        // Only what waits for the index is worth following.
        Shell shell = facts.line().state().equals("pending") ? frame.shell(call, title, line)
                : frame.shell(call, title);
        var downloads = usage.downloads(facts.line().number(), UsageReads.Span.MONTH);
        return renderer.html(200, "package", PackageViews.page(line, facts, downloads,
                acts.acts(call, PackageViews.href(facts.line())), call.baseUrl(), shell, clock.instant()));
    }

    /// Bookmarks of the search page that packagecloud had.
    private static Answer formerSearch(Call call) {
        String query = call.query("q").map(text -> "?q=" + RepositoryViews.encoded(text)).orElse("");
        return Answer.redirect(302, "/" + RepositoryViews.encoded(call.param("owner")) + "/"
                + RepositoryViews.encoded(call.param("repo")) + query);
    }

    private static PackageFilter filter(Call call) {
        return new PackageFilter(text(call, "q"), text(call, "type"), text(call, "dist"), text(call, "arch"),
                text(call, "state").equals("failed") ? "failed" : "");
    }

    private static String text(Call call, String name) {
        String text = call.query(name).orElse("").strip();
        return text.substring(0, Math.min(LONGEST_SEARCH, text.length()));
    }

    private static int page(Call call) {
        return number(call, "page").map(number -> Math.clamp(number, 1, LAST_PAGE)).orElse(1);
    }

    private static Place place(Call call) {
        return number(call, "before").map(number -> (Place) new Place.OlderThan(number))
                .or(() -> number(call, "after").map(Place.NewerThan::new))
                .orElseGet(Place.Newest::new);
    }

    private static Optional<Long> number(Call call, String name) {
        return call.query(name).filter(text -> text.matches("[0-9]{1,18}")).map(Long::parseLong);
    }
}
