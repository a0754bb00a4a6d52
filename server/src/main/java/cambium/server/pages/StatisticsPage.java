package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// The page `/owner/name/statistics`. `spans` and `suites` are links to the same figures seen otherwise. `tokens` is
/// empty for whoever may not know them.
public record StatisticsPage(
        Shell shell,
        RepositoryPages.Head head,
        List<RepositoryPages.Tab> spans,
        RepositoryPages.Choice suites,
        String span,
        String downloads,
        String installs,
        String installsEver,
        String length,
        SeriesChart downloadChart,
        SeriesChart installChart,
        Optional<List<TokenLine>> tokens) {

    /// `below` is the master token of a read token, or empty.
    public record TokenLine(String name, String below, String downloads) {}
}
