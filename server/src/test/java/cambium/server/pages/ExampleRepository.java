package cambium.server.pages;

import cambium.server.pages.RepositoryReads.Field;
import cambium.server.pages.RepositoryReads.PackageFacts;
import cambium.server.pages.RepositoryReads.PackageLine;
import cambium.server.pages.RepositoryReads.PackageList;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import cambium.server.pages.RepositoryReads.SuiteLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A repository with a few packages, to draw pages from.
final class ExampleRepository {
    private static final Instant NOW = ExampleFleet.NOW;
    private static final String BASE_URL = "https://packages.example";
    private final RepositoryLine line = new RepositoryLine(
            "acme", "storefront", false, NOW.minusSeconds(900_000), 4, Optional.of(NOW.minusSeconds(95)));

    RepositoryPages.RepositoryList list() {
        var other = new RepositoryLine("acme", "tools", true, NOW.minusSeconds(900_000), 0, Optional.empty());
        return RepositoryViews.list(List.of(line, other), RenderPages.shell("Repositories", "repositories"), NOW);
    }

    RepositoryPages.RepositoryPage repository() {
        return RepositoryViews.repository(line,
                List.of(new SuiteLine("debian", "bookworm", List.of("amd64"), List.of(0, 1, 2))), "",
                new PackageList(List.of(
                        found("1.3.0", 95, "pending", Optional.empty()),
                        found("1.2.0", 7_000, "indexed", Optional.empty()),
                        found("1.1.1", 7_600, "failed", Optional.of("the key of the repository is locked")),
                        found("1.1.0", 90_000, "indexed", Optional.empty())), 4, 1, 50),
                BASE_URL, RenderPages.shell("acme/storefront", "repositories"), NOW);
    }

    RepositoryPages.PackagePage onePackage() {
        return onePackage("The storefront of the example shop\n Serves the catalogue and takes orders.\n .\n"
                + " Its database migrates in two steps, so that it can go back.");
    }

    RepositoryPages.PackagePage onePackage(String description) {
        var facts = new PackageFacts(
                found("1.2.0", 7_000, "indexed", Optional.empty()),
                List.of(new Field("Package", "storefront"), new Field("Version", "1.2.0"),
                        new Field("Architecture", "amd64"), new Field("Maintainer", "Shop team <shop@acme.example>"),
                        new Field("Depends", "libc6 (>= 2.36), sqlite3, adduser"),
                        new Field("Recommends", "ca-certificates"), new Field("Section", "web"),
                        new Field("Description", description)),
                List.of(new Field("MD5", "d41d8cd98f00b204e9800998ecf8427e"),
                        new Field("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")),
                "/acme/storefront/packages/debian/bookworm/storefront_1.2.0_amd64.deb/download");
        return RepositoryViews.onePackage(
                line, facts, BASE_URL, RenderPages.shell("storefront 1.2.0", "repositories"), NOW);
    }

    private static PackageLine found(String version, int secondsAgo, String state, Optional<String> failure) {
        return new PackageLine("storefront", version, "amd64", "debian", "bookworm",
                "storefront_" + version + "_amd64.deb", 1_482_112, NOW.minusSeconds(secondsAgo), "rita",
                state, failure);
    }
}
