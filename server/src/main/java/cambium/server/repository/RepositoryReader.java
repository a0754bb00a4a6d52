package cambium.server.repository;

import cambium.server.access.Actor;
import java.util.List;
import java.util.Optional;

/// What pages read of repositories. It does not ask who reads: whoever calls it has to, see [#shows].
public final class RepositoryReader {
    private final Repositories repositories;
    private final Packages packages;
    private final PackageLists lists;
    private final DistributionCatalog catalog;

    RepositoryReader(Repositories repositories, Packages packages, PackageLists lists,
        DistributionCatalog catalog) {
        this.repositories = repositories;
        this.packages = packages;
        this.lists = lists;
        this.catalog = catalog;
    }

    /// Whether pages show this repository to the actor.
    public boolean shows(Actor actor, StoredRepository repository) {
        return RepositoryAccess.shows(actor, repository);
    }

    /// By name, `limit` from `offset` on.
    public List<StoredRepository> repositories(int offset, int limit) {
        return repositories.list(offset, limit);
    }

    public Optional<StoredRepository> repository(RepositoryName name) {
        return repositories.find(name);
    }

    /// How many packages it shows.
    public int packageCount(StoredRepository repository) {
        return lists.count(PackageQuery.all(repository.id()));
    }

    /// How many of them have a file name that contains `text`.
    public int packageCount(StoredRepository repository, String text) {
        return lists.count(PackageQuery.containing(repository.id(), text));
    }

    /// The newest first, `limit` from `offset` on; only those whose file name contains `text`.
    public List<StoredPackage> packages(StoredRepository repository, String text, int offset, int limit) {
        return lists.page(PackageQuery.containing(repository.id(), text), offset, limit).items();
    }

    public Optional<StoredPackage> packageOf(StoredRepository repository, KnownSuite suite, String filename) {
        return packages.byFilename(repository.id(), suite, filename);
    }

    /// Where `debian` and `bookworm` or `12`, or `el` and `9` lead.
    public Optional<KnownSuite> suite(String distribution, String version) {
        return catalog.suite(distribution, version);
    }

    /// The fingerprint of the key that signs, 40 upper-case hexadecimal digits.
    public String fingerprint(StoredRepository repository) {
        return repositories.fingerprint(repository.id());
    }
}
