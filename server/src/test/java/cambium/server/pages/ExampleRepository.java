package cambium.server.pages;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A public repository with a few packages and a private one without, to draw pages from.
final class ExampleRepository implements RepositoryReads {
    private static final Instant NOW = ExampleFleet.NOW;
    private static final String BASE_URL = "https://packages.example";
    private final RepositoryLine line = new RepositoryLine(
            "acme", "storefront", false, NOW.minusSeconds(900_000), 4, Optional.of(NOW.minusSeconds(95)));

    private final RepositoryLine hidden =
            new RepositoryLine("acme", "tools", true, NOW.minusSeconds(900_000), 0, Optional.empty());

    @Override
    public List<RepositoryLine> repositories(Actor actor) {
        return actor.may(Permission.READ_REPOSITORY) ? List.of(line, hidden) : List.of(line);
    }

    @Override
    public Optional<RepositoryLine> repository(Actor actor, String owner, String name) {
        return repositories(actor).stream()
                .filter(one -> one.owner().equals(owner) && one.name().equals(name))
                .findFirst();
    }

    @Override
    public List<SuiteLine> suites(Actor actor, String owner, String name) {
        return name.equals("tools") ? List.of()
                : List.of(new SuiteLine("debian", "bookworm", List.of("amd64"), List.of(0, 1, 2)));
    }

    @Override
    public PackageList packages(Actor actor, String owner, String name, String search, int page, int perPage) {
        List<PackageLine> all = name.equals("tools") ? List.of() : lines();
        List<PackageLine> found = all.stream().filter(one -> one.file().contains(search)).toList();
        return new PackageList(page == 1 ? found : List.of(), found.size(), page, perPage);
    }

    @Override
    public Optional<PackageFacts> packageAt(
            Actor actor, String owner, String name, String distribution, String codename, String file) {
        return lines().stream()
                .filter(one -> one.file().equals(file) && one.codename().equals(codename))
                .findFirst()
                .map(one -> facts(one, "The storefront of the example shop"));
    }

    private static List<PackageLine> lines() {
        return List.of(
                found("1.3.0", 95, "pending", Optional.empty()),
                found("1.2.0", 7_000, "indexed", Optional.empty()),
                found("1.1.1", 7_600, "failed", Optional.of("the key of the repository is locked")),
                found("1.1.0", 90_000, "indexed", Optional.empty()));
    }

    RepositoryPages.RepositoryList list() {
        return RepositoryViews.list(List.of(line, hidden), RenderPages.shell("Repositories", "repositories"), NOW);
    }

    RepositoryPages.RepositoryPage repository() {
        return RepositoryViews.repository(line,
                List.of(new SuiteLine("debian", "bookworm", List.of("amd64"), List.of(0, 1, 2))), "",
                new PackageList(lines(), 4, 1, 50),
                BASE_URL, RenderPages.shell("acme/storefront", "repositories"), NOW);
    }

    RepositoryPages.PackagePage onePackage() {
        return onePackage("The storefront of the example shop\n Serves the catalogue and takes orders.\n .\n"
                + " Its database migrates in two steps, so that it can go back.");
    }

    RepositoryPages.PackagePage onePackage(String description) {
        var facts = facts(found("1.2.0", 7_000, "indexed", Optional.empty()), description);
        return RepositoryViews.onePackage(
                line, facts, BASE_URL, RenderPages.shell("storefront 1.2.0", "repositories"), NOW);
    }

    private static PackageFacts facts(PackageLine line, String description) {
        return new PackageFacts(
                line,
                List.of(new Field("Package", "storefront"), new Field("Version", "1.2.0"),
                        new Field("Architecture", "amd64"), new Field("Maintainer", "Shop team <shop@acme.example>"),
                        new Field("Depends", "libc6 (>= 2.36), sqlite3, adduser"),
                        new Field("Recommends", "ca-certificates"), new Field("Section", "web"),
                        new Field("Description", description)),
                List.of(new Field("MD5", "d41d8cd98f00b204e9800998ecf8427e"),
                        new Field("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")),
                "/acme/storefront/packages/debian/bookworm/storefront_1.2.0_amd64.deb/download");
    }

    private static PackageLine found(String version, int secondsAgo, String state, Optional<String> failure) {
        return new PackageLine("storefront", version, "amd64", "debian", "bookworm",
                "storefront_" + version + "_amd64.deb", 1_482_112, NOW.minusSeconds(secondsAgo), "rita",
                state, failure);
    }
}
