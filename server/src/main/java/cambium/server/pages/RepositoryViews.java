package cambium.server.pages;

import cambium.server.pages.RepositoryPages.Install;
import cambium.server.pages.RepositoryPages.PackagePage;
import cambium.server.pages.RepositoryPages.PackageRow;
import cambium.server.pages.RepositoryPages.RepositoryList;
import cambium.server.pages.RepositoryPages.RepositoryPage;
import cambium.server.pages.RepositoryPages.RepositoryRow;
import cambium.server.pages.RepositoryReads.Field;
import cambium.server.pages.RepositoryReads.PackageFacts;
import cambium.server.pages.RepositoryReads.PackageLine;
import cambium.server.pages.RepositoryReads.PackageList;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import cambium.server.pages.RepositoryReads.SuiteLine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes the view models about repositories from what the reads answer.
final class RepositoryViews {
    static final int PER_PAGE = 50;
    private static final List<String> RELATIONS = List.of(
            "Pre-Depends", "Depends", "Recommends", "Suggests", "Enhances", "Breaks", "Conflicts", "Replaces",
            "Provides", "Built-Using");

    private RepositoryViews() {}

    static RepositoryList list(List<RepositoryLine> lines, Shell shell, Instant now) {
        return new RepositoryList(shell, lines.stream()
                .map(line -> new RepositoryRow(line.owner(), line.name(), line.isPrivate(),
                        Long.toString(line.packages()), line.lastPush().map(at -> Parts.Moment.of(at, now))))
                .toList());
    }

    static RepositoryPage repository(RepositoryLine line, List<SuiteLine> suites, String search, PackageList packages,
            String baseUrl, Shell shell, Instant now) {
        var lines = new InstallLines(baseUrl, line.owner(), line.name(), line.isPrivate());
        boolean more = (long) packages.page() * packages.perPage() < packages.total();
        return new RepositoryPage(
                shell,
                line.owner(),
                line.name(),
                line.isPrivate(),
                suites.stream()
                        .map(suite -> new Install(suite.distribution() + "/" + suite.codename(), lines.of(suite)))
                        .toList(),
                search,
                packages.packages().stream().map(found -> row(line.owner(), line.name(), found, now)).toList(),
                Words.count(packages.total(), "package") + (search.isEmpty() ? "" : " found"),
                packages.page() > 1 ? Optional.of(address(search, packages.page() - 1)) : Optional.empty(),
                more ? Optional.of(address(search, packages.page() + 1)) : Optional.empty());
    }

    private static String address(String search, int page) {
        return "?page=" + page + (search.isEmpty() ? "" : "&q=" + URLEncoder.encode(search, StandardCharsets.UTF_8));
    }

    static PackagePage onePackage(RepositoryLine line, PackageFacts facts, String baseUrl, Shell shell, Instant now) {
        PackageLine found = facts.line();
        var lines = new InstallLines(baseUrl, line.owner(), line.name(), line.isPrivate());
        String description = field(facts, "Description");
        int firstLine = description.indexOf('\n');
        return new PackagePage(
                shell,
                line.owner(),
                line.name(),
                row(line.owner(), line.name(), found, now),
                firstLine < 0 ? description : description.substring(0, firstLine),
                firstLine < 0 ? "" : unfolded(description.substring(firstLine + 1)),
                facts.control().stream().filter(field -> !field.name().equals("Description")).toList(),
                facts.control().stream().filter(field -> RELATIONS.contains(field.name())).toList(),
                facts.digests(),
                facts.downloadPath(),
                lines.of(found.distribution(), found.codename(), found.name(), found.version()));
    }

    private static String field(PackageFacts facts, String name) {
        return facts.control().stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .findFirst()
                .orElse("");
    }

    /// Debian Policy 5.6.13: lines begin with a space, a lone full stop stands for an empty line.
    static String unfolded(String description) {
        var text = new StringBuilder();
        for (String line : description.split("\n", -1)) {
            String bare = line.startsWith(" ") ? line.substring(1) : line;
            text.append(bare.equals(".") ? "" : bare).append('\n');
        }
        return text.toString().strip();
    }

    private static PackageRow row(String owner, String name, PackageLine line, Instant now) {
        return new PackageRow(
                line.name(),
                line.version(),
                line.architecture(),
                line.distribution() + "/" + line.codename(),
                line.file(),
                "/" + owner + "/" + name + "/packages/" + line.distribution() + "/" + line.codename() + "/"
                        + URLEncoder.encode(line.file(), StandardCharsets.UTF_8).replace("+", "%20"),
                Words.bytes(line.sizeBytes()),
                Parts.Moment.of(line.uploadedAt(), now),
                line.uploader(),
                badge(line.state()),
                line.failure());
    }

    private static Parts.Badge badge(String state) {
        return switch (state) {
            case "indexed" -> new Parts.Badge("indexed", "healthy", "good");
            case "pending" -> new Parts.Badge("being indexed", "baking", "moving");
            case "failed" -> new Parts.Badge("not indexed", "failed", "bad");
            default -> new Parts.Badge(state, "unknown", "quiet");
        };
    }
}
