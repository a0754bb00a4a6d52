package cambium.server.pages;

import cambium.server.pages.RepositoryPages.FileRow;
import cambium.server.pages.RepositoryPages.LongFact;
import cambium.server.pages.RepositoryPages.NeedsRow;
import cambium.server.pages.RepositoryPages.PackagePage;
import cambium.server.pages.RepositoryPages.PackageRow;
import cambium.server.pages.RepositoryReads.PackageFacts;
import cambium.server.pages.RepositoryReads.PackageLine;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import java.time.Instant;
import java.util.List;

/// Makes the view models about single packages.
final class PackageViews {
    /// Of one fact, what a page shows of it; the rest is in the package.
    private static final int LONGEST_TEXT = 20_000;
    /// What has more is shown folded.
    private static final int MOST_LINES = 3;

    private PackageViews() {}

    static PackagePage page(RepositoryLine line, PackageFacts facts, UsageReads.Usage downloads,
            List<Parts.Act> acts, String baseUrl, Shell shell, Instant now) {
        PackageLine found = facts.line();
        var lines = new InstallLines(baseUrl, line.owner(), line.name(), line.isPrivate());
        String download = facts.files().isEmpty() ? "" : facts.files().getFirst().path();
        return new PackagePage(
                shell,
                Parts.Moment.of(now, now),
                line.owner(),
                line.name(),
                line.path(),
                row(found, now),
                cut(withoutSummary(facts.description(), found.summary())),
                String.join(", ", facts.licenses()),
                facts.needs().stream()
                        .map(needs -> new NeedsRow(heading(needs.context()), needs.items().stream()
                                .map(PackageViews::cut).toList()))
                        .toList(),
                facts.facts().stream()
                        .filter(field -> lines(field) <= MOST_LINES)
                        .map(field -> new RepositoryReads.Field(field.name(), cut(field.value())))
                        .toList(),
                facts.facts().stream()
                        .filter(field -> lines(field) > MOST_LINES)
                        .map(field -> new LongFact(field.name(), Words.count(lines(field), "line"), cut(field.value())))
                        .toList(),
                facts.files().stream()
                        .map(file -> new FileRow(file.name(), Words.bytes(file.sizeBytes()), file.path(),
                                file.digests()))
                        .toList(),
                download,
                acts,
                lines.of(found, download),
                Words.number(downloads.everSince()) + (downloads.everSince() == 1 ? " download" : " downloads"),
                SeriesChart.of("downloads", "Downloads by day", downloads, UsageReads.Span.MONTH));
    }

    static PackageRow row(PackageLine line, Instant now) {
        String repository = "/" + line.owner() + "/" + line.repository();
        return new PackageRow(
                line.owner() + "/" + line.repository(),
                repository,
                line.type(),
                line.name(),
                line.version(),
                line.architecture(),
                line.distribution() + "/" + line.codename(),
                href(line),
                cut(line.summary()),
                Words.bytes(line.sizeBytes()),
                Parts.Moment.of(line.uploadedAt(), now),
                line.uploader(),
                badge(line.state()),
                line.failure());
    }

    static String href(PackageLine line) {
        return "/" + line.owner() + "/" + line.repository() + "/packages/" + line.distribution() + "/"
                + line.codename() + "/" + RepositoryViews.encoded(line.file()).replace("+", "%20");
    }

    static Parts.Badge badge(String state) {
        return switch (state) {
            case "indexed" -> new Parts.Badge("indexed", "healthy", "good");
            case "pending" -> new Parts.Badge("being indexed", "baking", "moving");
            case "failed" -> new Parts.Badge("not indexed", "failed", "bad");
            default -> new Parts.Badge(state, "unknown", "quiet");
        };
    }

    private static long lines(RepositoryReads.Field field) {
        return field.value().lines().count();
    }

    /// Debian's descriptions begin with the summary, which stands above already.
    private static String withoutSummary(String description, String summary) {
        return (description.startsWith(summary) ? description.substring(summary.length()) : description).strip();
    }

    /// `pre-depends` becomes `Pre-depends`.
    private static String heading(String context) {
        return context.isEmpty() ? context : Character.toUpperCase(context.charAt(0)) + context.substring(1);
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return Words.visible(text);
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return Words.visible(text.substring(0, end)) + "…";
    }
}
