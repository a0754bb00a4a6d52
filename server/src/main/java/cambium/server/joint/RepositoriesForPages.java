package cambium.server.joint;

import cambium.formats.ParseResult;
import cambium.formats.deb.ControlParagraph;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingSpec;
import cambium.server.access.Actor;
import cambium.server.blob.BlobDigests;
import cambium.server.fleet.FleetStore;
import cambium.server.pages.RepositoryReads;
import cambium.server.repository.KnownSuite;
import cambium.server.repository.RepositoryName;
import cambium.server.repository.RepositoryReader;
import cambium.server.repository.StoredPackage;
import cambium.server.repository.StoredRepository;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The repositories as the pages read them. A private one is there only for whoever may read repositories.
public final class RepositoriesForPages implements RepositoryReads {
    private static final int MOST_REPOSITORIES = 1_000;
    /// Install lines are shown for the suites of that many newest packages.
    private static final int PACKAGES_LOOKED_AT = 250;

    private final RepositoryReader reader;
    private final FleetStore fleet;

    public RepositoriesForPages(RepositoryReader reader, FleetStore fleet) {
        this.reader = reader;
        this.fleet = fleet;
    }

    @Override
    public List<RepositoryLine> repositories(Actor actor) {
        return reader.repositories(0, MOST_REPOSITORIES).stream()
                .filter(stored -> reader.shows(actor, stored))
                .map(this::line)
                .toList();
    }

    @Override
    public Optional<RepositoryLine> repository(Actor actor, String owner, String name) {
        return stored(actor, owner, name).map(this::line);
    }

    private Optional<StoredRepository> stored(Actor actor, String owner, String name) {
        return RepositoryName.of(owner, name).flatMap(reader::repository).filter(stored -> reader.shows(actor, stored));
    }

    private RepositoryLine line(StoredRepository stored) {
        Optional<Instant> lastPush =
                reader.packages(stored, "", 0, 1).stream().findFirst().map(StoredPackage::uploadedAt);
        return new RepositoryLine(stored.name().owner(), stored.name().name(), stored.isPrivate(), stored.createdAt(),
                reader.packageCount(stored), lastPush);
    }

    @Override
    public List<SuiteLine> suites(Actor actor, String owner, String name) {
        return stored(actor, owner, name).map(this::suites).orElse(List.of());
    }

    private List<SuiteLine> suites(StoredRepository stored) {
        Map<KnownSuite, SortedSet<String>> found = new LinkedHashMap<>();
        for (StoredPackage one : reader.packages(stored, "", 0, PACKAGES_LOOKED_AT)) {
            found.computeIfAbsent(one.suite(), _ -> new TreeSet<>()).add(one.architecture());
        }
        return found.entrySet().stream()
                .map(each -> new SuiteLine(each.getKey().distribution(), each.getKey().codename(),
                        List.copyOf(each.getValue()), rings(stored, each.getKey())))
                .toList();
    }

    /// The rings of the fleet, where this is the suite that its product comes from.
    private List<Integer> rings(StoredRepository stored, KnownSuite suite) {
        return fleet.load().fleet().spec()
                .filter(spec -> isProduct(spec.product(), stored, suite))
                .map(spec -> spec.rings().stream()
                        .map(RingSpec::ring)
                        .map(ring -> ring.value())
                        .filter(ring -> ring >= 0)
                        .toList())
                .orElse(List.of());
    }

    private static boolean isProduct(FleetSpec.Product product, StoredRepository stored, KnownSuite suite) {
        return product.repository().equals(stored.name().toString()) && product.distribution().equals(suite.slug());
    }

    @Override
    public PackageList packages(Actor actor, String owner, String name, String search, int page, int perPage) {
        return stored(actor, owner, name)
                .map(stored -> new PackageList(
                        reader.packages(stored, search, (page - 1) * perPage, perPage).stream()
                                .map(RepositoriesForPages::line)
                                .toList(),
                        reader.packageCount(stored, search), page, perPage))
                .orElse(new PackageList(List.of(), 0, page, perPage));
    }

    @Override
    public Optional<PackageFacts> packageAt(
            Actor actor, String owner, String name, String distribution, String codename, String file) {
        return stored(actor, owner, name)
                .flatMap(stored -> reader.suite(distribution, codename)
                        .flatMap(suite -> reader.packageOf(stored, suite, file))
                        .map(found -> facts(stored, found)));
    }

    private static PackageFacts facts(StoredRepository stored, StoredPackage found) {
        BlobDigests digests = found.digests();
        return new PackageFacts(line(found), control(found), List.of(
                new Field("MD5", digests.md5()),
                new Field("SHA-1", digests.sha1()),
                new Field("SHA-256", digests.sha256()),
                new Field("SHA-512", digests.sha512())),
                "/" + stored.name() + "/packages/" + found.suite().slug() + "/" + found.filename() + "/download");
    }

    private static List<Field> control(StoredPackage found) {
        return switch (ControlParagraph.parse(found.control().getBytes(StandardCharsets.UTF_8))) {
            case ParseResult.Parsed<ControlParagraph>(var paragraph) -> paragraph.fields().stream()
                    .map(field -> new Field(field.name(), field.value()))
                    .toList();
            case ParseResult.Malformed<ControlParagraph> _ ->
                    throw new IllegalStateException("a stored control paragraph cannot be read: " + found.filename());
        };
    }

    private static PackageLine line(StoredPackage found) {
        return new PackageLine(found.name(), found.version(), found.architecture(), found.suite().distribution(),
                found.suite().codename(), found.filename(), found.sizeBytes(), found.uploadedAt(), found.uploader(),
                found.state().name().toLowerCase(Locale.ROOT), found.failure());
    }
}
