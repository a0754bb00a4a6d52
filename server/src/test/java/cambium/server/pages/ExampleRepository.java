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
    private final RepositoryLine line = new RepositoryLine("acme", "storefront", false, NOW.minusSeconds(900_000),
            102_500, Optional.of(NOW.minusSeconds(95)), 1, 2);
    private final RepositoryLine hidden = new RepositoryLine(
            "acme", "tools", true, NOW.minusSeconds(900_000), 0, Optional.empty(), 0, 0);

    @Override
    public RepositoryList repositories(Actor actor, String text, int page, int perPage) {
        List<RepositoryLine> all = actor.may(Permission.READ_REPOSITORY) ? List.of(line, hidden) : List.of(line);
        return new RepositoryList(all.stream().filter(one -> one.fullName().contains(text)).toList(), false);
    }

    @Override
    public Optional<RepositoryLine> repository(Actor actor, String owner, String name) {
        return repositories(actor, "", 1, 50).repositories().stream()
                .filter(one -> one.owner().equals(owner) && one.name().equals(name))
                .findFirst();
    }

    @Override
    public List<SuiteLine> suites(Actor actor, String owner, String name) {
        return name.equals("tools") ? List.of() : suites();
    }

    private static List<SuiteLine> suites() {
        return List.of(
                new SuiteLine("apt", "debian", "bookworm", List.of("amd64", "arm64"), List.of(0, 1, 2)),
                new SuiteLine("rpm", "el", "9", List.of("x86_64"), List.of()),
                new SuiteLine("rpm", "opensuse", "15.6", List.of("x86_64"), List.of()));
    }

    @Override
    public PackageList packages(
            Actor actor, String owner, String name, PackageFilter filter, Place place, int most) {
        List<PackageLine> all = name.equals("tools") ? List.of() : lines();
        return new PackageList(all.stream().filter(one -> one.file().contains(filter.text())).toList(),
                !place.equals(new Place.Newest()), true);
    }

    @Override
    public PackageList packages(Actor actor, PackageFilter filter, Place place, int most) {
        return packages(actor, "acme", "storefront", filter, place, most);
    }

    @Override
    public Optional<PackageFacts> packageAt(
            Actor actor, String owner, String name, String distribution, String codename, String file) {
        return lines().stream()
                .filter(one -> one.file().equals(file) && one.codename().equals(codename))
                .findFirst()
                .map(one -> facts(one, "Serves the catalogue and takes orders."));
    }

    private static List<PackageLine> lines() {
        return List.of(
                found(4, "1.3.0", 95, "pending", Optional.empty()),
                found(3, "1.2.0", 7_000, "indexed", Optional.empty()),
                found(2, "1.1.1", 7_600, "failed", Optional.of("the key of the repository is locked")),
                found(1, "1.1.0", 90_000, "indexed", Optional.empty()));
    }

    RepositoryPages.RepositoryList list() {
        return RepositoryViews.list(new RepositoryList(List.of(line, hidden), false), "", 1, true,
                RenderPages.shell("Repositories", "repositories"), NOW);
    }

    private RepositoryPages.Head head(String current) {
        return RepositoryViews.head(line, List.of(new RepositoryPages.Tab("Packages", line.path(),
                        current.equals("Packages")),
                new RepositoryPages.Tab("Install", line.path() + "/install", current.equals("Install"))), NOW);
    }

    RepositoryPages.RepositoryPage repository() {
        return new RepositoryPages.RepositoryPage(
                RenderPages.shell("acme/storefront", "repositories"), Parts.Moment.of(NOW, NOW), head("Packages"),
                RepositoryViews.filter(line.path(), PackageFilter.NONE, suites()),
                RepositoryViews.table(line.path(), PackageFilter.NONE, new PackageList(lines(), false, true), false,
                        Optional.of("102,500 packages"), NOW));
    }

    RepositoryPages.SearchPage search() {
        var filter = new PackageFilter("storefront", "", "debian", "", "");
        return new RepositoryPages.SearchPage(RenderPages.shell("Search packages", "repositories"),
                Parts.Moment.of(NOW, NOW), RepositoryViews.searchFilter(filter),
                RepositoryViews.table("/search", filter, new PackageList(lines(), true, true), true,
                        Optional.empty(), NOW));
    }

    RepositoryPages.InstallPage install() {
        return RepositoryViews.install(line, head("Install"), suites(), BASE_URL,
                RenderPages.shell("Install from acme/storefront", "repositories"));
    }

    RepositoryPages.PackagePage onePackage() {
        return onePackage("Serves the catalogue and takes orders.\n\nIts database migrates in two steps, so that it "
                + "can go back.");
    }

    RepositoryPages.PackagePage onePackage(String text) {
        var facts = facts(found(3, "1.2.0", 7_000, "indexed", Optional.empty()), text);
        return PackageViews.page(
                line, facts, new ExampleUsage().downloads(3, UsageReads.Span.MONTH),
                List.of(new Parts.Act("/acme/storefront/x/yank", "Yank", true)), BASE_URL,
                RenderPages.shell("storefront 1.2.0", "repositories"), NOW);
    }

    private static PackageFacts facts(PackageLine line, String text) {
        return new PackageFacts(
                line, text, List.of("Apache-2.0"),
                List.of(new Needs("depends", List.of("libc6 (>= 2.36)", "sqlite3", "adduser")),
                        new Needs("recommends", List.of("ca-certificates"))),
                List.of(new Field("Package", "storefront"), new Field("Version", "1.2.0"),
                        new Field("Architecture", "amd64"), new Field("Maintainer", "Shop team <shop@acme.example>"),
                        new Field("Section", "web"), new Field("Homepage", text),
                        new Field("Conffiles", "/etc/shop/a.conf\n/etc/shop/b.conf\n/etc/shop/c.conf\n" + text)),
                List.of(new StoredFile(line.file(), line.sizeBytes(),
                        "/acme/storefront/packages/debian/bookworm/" + line.file() + "/download",
                        List.of(new Field("MD5", "d41d8cd98f00b204e9800998ecf8427e"), new Field("SHA-256",
                                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")))));
    }

    private static PackageLine found(
            long number, String version, int secondsAgo, String state, Optional<String> failure) {
        return new PackageLine(number, "acme", "storefront", "deb", "storefront", version, "amd64", "debian",
                "bookworm", "storefront_" + version + "_amd64.deb", "The storefront of the example shop", 1_482_112,
                NOW.minusSeconds(secondsAgo), "rita", state, failure);
    }
}
