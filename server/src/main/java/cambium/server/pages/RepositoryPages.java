package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// The view models of the pages about repositories and packages.
public final class RepositoryPages {
    private RepositoryPages() {}

    /// `create`: whether this reader may make one; `search` is what was typed.
    public record RepositoryList(Shell shell, String search, List<RepositoryRow> repositories, boolean create,
            Optional<String> previous, Optional<String> next) {}

    public record RepositoryRow(String fullName, String href, boolean isPrivate, String packages,
            Optional<Parts.Moment> lastPush, String waiting, String failed) {}

    /// What every page of one repository has above its own content.
    public record Head(String owner, String name, String href, boolean isPrivate, String packages,
            Optional<Parts.Moment> lastPush, String waiting, String failed, List<Tab> tabs) {}

    public record Tab(String label, String href, boolean current) {}

    /// The packages of one repository.
    public record RepositoryPage(Shell shell, Parts.Moment at, Head head, Filter filter, PackageTable table) {}

    /// The packages of all repositories.
    public record SearchPage(Shell shell, Parts.Moment at, Filter filter, PackageTable table) {}

    /// The form above a list of packages. It is sent as it is typed where there is script.
    public record Filter(String action, String text, List<Choice> choices, boolean any) {}

    /// A list to choose from, sent as `name`; the first option means all.
    public record Choice(String name, String label, List<Option> options) {}

    public record Option(String value, String label, boolean chosen) {}

    /// `said` is the result in words; `none` is what stands there when no package is found.
    public record PackageTable(List<PackageRow> rows, boolean manyRepositories, String said, String none,
            Optional<String> newest, Optional<String> newer, Optional<String> older) {}

    public record PackageRow(
            String repository,
            String repositoryHref,
            String type,
            String name,
            String version,
            String architecture,
            String suite,
            String href,
            String summary,
            String size,
            Parts.Moment uploaded,
            String uploader,
            Parts.Badge state,
            Optional<String> failure) {}

    /// How to install from one suite, as a whole or as one ring has it. `id` names it on its page.
    public record Install(
            String id, String suite, String family, List<Snippet> snippets, List<Snippet> rings) {}

    /// The page `/owner/name/install`: by script where there is one, and by hand for each suite.
    public record InstallPage(Shell shell, Head head, List<Snippet> scripts, List<Install> installs) {}

    /// Text to copy, with what it is for.
    public record Snippet(String title, String text) {}

    public record PackagePage(
            Shell shell,
            Parts.Moment at,
            String owner,
            String repository,
            String repositoryHref,
            PackageRow line,
            String description,
            String licenses,
            List<NeedsRow> needs,
            List<RepositoryReads.Field> facts,
            List<LongFact> longFacts,
            List<FileRow> files,
            String download,
            List<Parts.Act> acts,
            List<Snippet> snippets,
            String downloads,
            SeriesChart chart) {}

    /// A fact of many lines, such as a changelog or a list of files, shown folded.
    public record LongFact(String name, String lines, String text) {}

    public record NeedsRow(String context, List<String> items) {}

    public record FileRow(String name, String size, String href, List<RepositoryReads.Field> digests) {}
}
