package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.pages.RepositoryPages.Tab;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import cambium.server.pages.StatisticsPage.TokenLine;
import cambium.server.pages.UsageReads.Span;
import cambium.server.pages.UsageReads.Usage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The page of a repository's downloads and installs, for whoever may read the repository.
final class StatisticsPageRoutes {
    private static final int MOST_TOKENS = 50;

    private final UsageReads usage;
    private final RepositoryReads reads;
    private final RepositoryFrame frame;
    private final Renderer renderer;

    StatisticsPageRoutes(UsageReads usage, RepositoryReads reads, RepositoryFrame frame, Renderer renderer) {
        this.usage = usage;
        this.reads = reads;
        this.frame = frame;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/{owner}/{repo}/statistics", Role.WEB, Permission.NONE, this::show));
    }

    private Answer show(Call call) {
        RepositoryLine line = frame.found(call);
        Span span = Span.of(call.query("span").orElse(""));
        List<String> suites = reads.suites(call.actor(), line.owner(), line.name()).stream()
                .map(RepositoryReads.SuiteLine::slug).toList();
        String suite = call.query("dist").filter(suites::contains).orElse("");
        Usage downloads = usage.downloads(call.actor(), line.owner(), line.name(), suite, span);
        Usage installs = usage.installs(call.actor(), line.owner(), line.name(), suite, span);
        return renderer.html(200, "statistics", new StatisticsPage(
                frame.shell(call, "Statistics of " + line.fullName()), frame.head(call, line, "Statistics"),
                spans(line, span, suite), RepositoryViews.suiteChoice(suite, suites), span.word(),
                Words.number(downloads.inSpan()), Words.number(installs.inSpan()), Words.number(installs.everSince()),
                span.length(), SeriesChart.of("downloads", "Downloads by " + span.step(), downloads, span),
                SeriesChart.of("installs", "Installs by " + span.step(), installs, span), tokens(call, line, span)));
    }

    /// Who may push may know them, as with single events.
    private Optional<List<TokenLine>> tokens(Call call, RepositoryLine line, Span span) {
        if (!call.actor().may(Permission.PUSH)) {
            return Optional.empty();
        }
        return Optional.of(usage.tokens(call.actor(), line.owner(), line.name(), span, MOST_TOKENS).stream()
                .map(use -> new TokenLine(Words.visible(use.name()), Words.visible(use.below()),
                        Words.number(use.downloads()))).toList());
    }

    private static List<Tab> spans(RepositoryLine line, Span current, String suite) {
        return Arrays.stream(Span.values())
                .map(span -> new Tab(span.length(), line.path() + "/statistics?span=" + span.word()
                        + (suite.isEmpty() ? "" : "&dist=" + RepositoryViews.encoded(suite)), span == current))
                .toList();
    }
}
