package cambium.server.pages;

import java.util.List;

/// The page `/owner/name/statistics`. `spans` and `suites` are links to the same figures seen otherwise.
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
        SeriesChart installChart) {}
