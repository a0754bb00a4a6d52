package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// The view models of the pages about repositories and packages.
public final class RepositoryPages {
    private RepositoryPages() {}

    public record RepositoryList(Shell shell, List<RepositoryRow> repositories) {}

    public record RepositoryRow(
            String owner, String name, boolean isPrivate, String packages, Optional<Parts.Moment> lastPush) {}

    public record RepositoryPage(
            Shell shell,
            String owner,
            String name,
            boolean isPrivate,
            List<Install> installs,
            String search,
            List<PackageRow> packages,
            String count,
            Optional<String> newer,
            Optional<String> older) {}

    /// How to install from one suite: the lines for the whole repository and, where rings have channels, for each ring.
    public record Install(String suite, List<Snippet> snippets) {}

    /// Text to copy, with what it is for.
    public record Snippet(String title, String text) {}

    public record PackageRow(
            String name,
            String version,
            String architecture,
            String suite,
            String file,
            String href,
            String size,
            Parts.Moment uploaded,
            String uploader,
            Parts.Badge state,
            Optional<String> failure) {}

    public record PackagePage(
            Shell shell,
            String owner,
            String name,
            PackageRow line,
            String summary,
            String description,
            List<RepositoryReads.Field> fields,
            List<RepositoryReads.Field> relations,
            List<RepositoryReads.Field> digests,
            String download,
            List<Snippet> snippets) {}
}
