package cambium.server.joint;

import cambium.formats.PackageDescription;
import cambium.formats.PackageType;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingSpec;
import cambium.server.access.Actor;
import cambium.server.blob.BlobDigests;
import cambium.server.fleet.FleetStore;
import cambium.server.pages.RepositoryReads;
import cambium.server.repository.KnownSuite;
import cambium.server.repository.PackageListing;
import cambium.server.repository.RepositoryName;
import cambium.server.repository.RepositoryReader;
import cambium.server.repository.StoredPackage;
import cambium.server.repository.StoredRepository;
import cambium.server.repository.format.PackageFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The repositories as the pages read them. A private one is there only for whoever may read repositories.
public final class RepositoriesForPages implements RepositoryReads {
    private static final int MOST_REPOSITORIES = 1_000;
    /// Facts that the page says elsewhere.
    private static final Set<String> SHOWN_ABOVE = Set.of("package", "version", "architecture", "description",
            "pre-depends", "depends", "recommends", "suggests", "enhances", "license");

    private final RepositoryReader reader;
    private final PackageListing listing;
    private final FleetStore fleet;

    public RepositoriesForPages(RepositoryReader reader, PackageListing listing, FleetStore fleet) {
        this.reader = reader;
        this.listing = listing;
        this.fleet = fleet;
    }

    @Override
    public RepositoryList repositories(Actor actor, String text, int page, int perPage) {
        String wanted = text.toLowerCase(Locale.ROOT);
        List<StoredRepository> found = readable(actor).stream()
                .filter(stored -> stored.name().toString().toLowerCase(Locale.ROOT).contains(wanted))
                .skip((long) (page - 1) * perPage)
                .limit(perPage + 1L)
                .toList();
        return new RepositoryList(found.stream().limit(perPage).map(this::line).toList(),
                found.size() > perPage);
    }

    private List<StoredRepository> readable(Actor actor) {
        return reader.repositories(0, MOST_REPOSITORIES).stream()
                .filter(stored -> reader.shows(actor, stored))
                .toList();
    }

    @Override
    public Optional<RepositoryLine> repository(Actor actor, String owner, String name) {
        return stored(actor, owner, name).map(this::line);
    }

    private Optional<StoredRepository> stored(Actor actor, String owner, String name) {
        return RepositoryName.of(owner, name).flatMap(reader::repository)
                .filter(stored -> reader.shows(actor, stored));
    }

    private RepositoryLine line(StoredRepository stored) {
        PackageListing.Figures figures = listing.figures(stored.id());
        return new RepositoryLine(stored.name().owner(), stored.name().name(), stored.isPrivate(), stored.createdAt(),
                figures.packages(), figures.lastPush(),
                figures.waiting(), figures.failed());
    }

    @Override
    public List<SuiteLine> suites(Actor actor, String owner, String name) {
        return stored(actor, owner, name).map(this::suites).orElse(List.of());
    }

    private List<SuiteLine> suites(StoredRepository stored) {
        return listing.suites(stored.id()).stream()
                .map(each -> new SuiteLine(each.suite().family().word(), each.suite().distribution(),
                        each.suite().codename(), each.architectures(), rings(stored, each.suite())))
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
    public PackageList packages(
            Actor actor, String owner, String name, PackageFilter filter, Place place, int most) {
        return packages(stored(actor, owner, name).stream().toList(), filter, place, most);
    }

    @Override
    public PackageList packages(Actor actor, PackageFilter filter, Place place, int most) {
        return packages(readable(actor), filter, place, most);
    }

    private PackageList packages(List<StoredRepository> repositories, PackageFilter filter, Place place, int most) {
        var names = new LinkedHashMap<Long, RepositoryName>();
        repositories.forEach(stored -> names.put(stored.id(), stored.name()));
        PackageListing.From from = switch (place) {
            case Place.Newest() -> PackageListing.From.THE_NEWEST;
            case Place.OlderThan(long number) -> new PackageListing.From(Optional.of(number), false);
            case Place.NewerThan(long number) -> new PackageListing.From(Optional.of(number), true);
        };
        PackageListing.Page page = listing.page(List.copyOf(names.keySet()), wanted(filter), from, most);
        boolean turned = from.towardsNewer();
        return new PackageList(page.packages().stream()
                .map(listed -> line(names.get(listed.repositoryId()), listed.stored())).toList(),
                turned ? page.more() : from.number().isPresent(), turned || page.more());
    }

    private static PackageListing.Wanted wanted(PackageFilter filter) {
        String[] suite = filter.suite().toLowerCase(Locale.ROOT).split("/", 2);
        return new PackageListing.Wanted(filter.text(), PackageType.of(filter.type()), asked(suite[0]),
                suite.length == 2 ? asked(suite[1]) : Optional.empty(), asked(filter.architecture()),
                filter.state().equals("failed"));
    }

    private static Optional<String> asked(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
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
        PackageDescription description = found.description();
        return new PackageFacts(line(stored.name(), found), description.description(), description.licenses(),
                description.dependencies().stream().map(each -> new Needs(each.context(), each.items())).toList(),
                description.facts().stream()
                        .filter(fact -> !SHOWN_ABOVE.contains(fact.name().toLowerCase(Locale.ROOT)))
                        .map(fact -> new Field(fact.name(), fact.value()))
                        .toList(),
                found.files().stream().map(file -> file(stored, found, file)).toList());
    }

    /// The main file is fetched by the address that counts it; the others by their place in the pool.
    private static StoredFile file(StoredRepository stored, StoredPackage found, PackageFile file) {
        BlobDigests digests = file.digests();
        String path = file.equals(found.mainFile())
                ? "/" + stored.name() + "/packages/" + found.suite().slug() + "/" + file.filename() + "/download"
                : "/" + stored.name() + "/" + found.suite().distribution() + "/" + file.poolPath();
        return new StoredFile(file.filename(), file.sizeBytes(), path, List.of(
                new Field("MD5", digests.md5()), new Field("SHA-1", digests.sha1()),
                new Field("SHA-256", digests.sha256()), new Field("SHA-512", digests.sha512())));
    }

    private static PackageLine line(RepositoryName repository, StoredPackage found) {
        return new PackageLine(found.id(), repository.owner(), repository.name(), found.type().word(), found.name(),
                found.fullVersion(), found.architecture(), found.suite().distribution(), found.suite().codename(),
                found.filename(), found.description().summary(), found.sizeBytes(), found.uploadedAt(),
                found.uploader(), found.state().name().toLowerCase(Locale.ROOT), found.failure());
    }
}
