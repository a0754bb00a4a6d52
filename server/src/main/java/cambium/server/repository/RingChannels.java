package cambium.server.repository;

import cambium.server.repository.format.Formats;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jooq.DSLContext;

/// What each ring's index offers. A ring's channel belongs to one suite of one repository, and holds packages of that
/// suite in the order in which they were admitted. Everything here may be repeated without effect.
public final class RingChannels {
    private final Database database;
    private final Repositories repositories;
    private final InstantSource clock;
    private final Formats formats;

    RingChannels(Database database, Repositories repositories, InstantSource clock, Formats formats) {
        this.database = database;
        this.repositories = repositories;
        this.clock = clock;
        this.formats = formats;
    }

    /// How far an admission has come.
    public enum Admission {
        /// All are in the ring's signed index.
        PUBLISHED,
        /// Asked for; the index will have them soon.
        UNDER_WAY,
        /// There is no such repository, or one of the packages is not in the suite, was deleted or cannot be indexed.
        REFUSED
    }

    /// Makes the ring's channel exist; it then answers a signed, empty index soon. False without such a repository.
    public boolean open(RepositoryName name, KnownSuite suite, int ring) {
        Optional<StoredRepository> repository = repositories.find(name);
        repository.ifPresent(found -> database.transactBriefly(sql -> channel(sql, found, suite, ring)));
        return repository.isPresent();
    }

    /// Asks for packages, each named by the SHA-256 of its file, to be admitted to the ring in this order, next to
    /// those that it offers already.
    public Admission admit(RepositoryName name, KnownSuite suite, int ring, List<String> sha256s) {
        return repositories.find(name).map(found -> database.transactBriefly(sql -> {
            long channel = channel(sql, found, suite, ring);
            Optional<List<Long>> packages = packages(sql, channel, sha256s);
            if (packages.isEmpty() || packages.get().stream().anyMatch(id -> hasFailed(sql, channel, id))) {
                return Admission.REFUSED;
            }
            List<Long> missing = packages.get().stream().filter(id -> !isPublished(sql, channel, id)).toList();
            if (missing.isEmpty()) {
                return Admission.PUBLISHED;
            }
            Admissions.request(sql, channel, missing, clock.instant());
            Notices.notify(sql, Packages.WORK, "");
            return Admission.UNDER_WAY;
        })).orElse(Admission.REFUSED);
    }

    /// Takes packages out of the ring's index, whatever else offers them. Those that it does not offer are passed over.
    public void withdraw(RepositoryName name, KnownSuite suite, int ring, Collection<String> sha256s) {
        repositories.find(name).ifPresent(found -> database.transactBriefly(sql -> {
            long channel = channel(sql, found, suite, ring);
            offered(sql, channel).forEach((sha256, packageId) -> {
                if (sha256s.contains(sha256)) {
                    Admissions.withdraw(sql, channel, packageId, clock.instant());
                }
            });
            Notices.notify(sql, Packages.WORK, "");
            return true;
        }));
    }

    /// The SHA-256 of everything that the ring's index offers or soon will; empty where there is no such channel.
    public Set<String> offered(RepositoryName name, KnownSuite suite, int ring) {
        return repositories.find(name).map(found -> database.transactBriefly(sql ->
            offered(sql, channel(sql, found, suite, ring)).keySet())).orElse(Set.of());
    }

    private static Map<String, Long> offered(DSLContext sql, long channelId) {
        return sql.fetch("""
            select f.sha256, a.package_id from admission a
                join package_file f on f.package_id = a.package_id and f.position = 0
            where a.channel_id = ? and a.live and a.failure is null""", channelId)
            .intoMap(row -> row.get("sha256", String.class), row -> row.get("package_id", Long.class));
    }

    private long channel(DSLContext sql, StoredRepository repository, KnownSuite suite, int ring) {
        long suiteId = Suites.ensure(sql, repository.id(), suite,
            formats.layout(suite.family()).hasIndexes());
        Optional<Long> known = Suites.findChannel(sql, suiteId, OptionalInt.of(ring));
        if (known.isPresent()) {
            return known.get();
        }
        long created = Suites.ensureChannel(sql, suiteId, OptionalInt.of(ring));
        Notices.notify(sql, Packages.WORK, "");
        return created;
    }

    /// The ids in the order asked; empty when one of them cannot be admitted.
    private static Optional<List<Long>> packages(DSLContext sql, long channelId, List<String> sha256s) {
        var ids = new ArrayList<Long>();
        for (String sha256 : sha256s) {
            var row = sql.fetchOptional("""
                select p.id from package p join channel c on c.suite_id = p.suite_id
                    join package_file f on f.package_id = p.id and f.position = 0
                where c.id = ? and f.sha256 = ? and p.state in ('pending', 'indexed') order by p.id limit 1""",
                channelId, sha256);
            if (row.isEmpty()) {
                return Optional.empty();
            }
            ids.add(row.get().get("id", Long.class));
        }
        return Optional.of(ids);
    }

    private static boolean hasFailed(DSLContext sql, long channelId, long packageId) {
        return sql.fetchOptional("""
            select 1 from admission where channel_id = ? and package_id = ? and live and failure is not null""",
            channelId, packageId).isPresent();
    }

    private static boolean isPublished(DSLContext sql, long channelId, long packageId) {
        return sql.fetchOptional("""
            select 1 from admission where channel_id = ? and package_id = ? and live and place is not null""",
            channelId, packageId).isPresent();
    }

    /// The packages of a suite with this name and version, one for each architecture, in the order of those. The
    /// version may lack its revision; then the version pushed last counts. At most 100.
    public List<StoredPackage> find(RepositoryName name, KnownSuite suite, String packageName, String version) {
        return repositories.find(name).map(repository -> database.read(sql -> {
            List<StoredPackage> newestFirst = sql.fetch(PackageRows.COLUMNS + """
                where s.repository_id = ? and s.distribution = ? and s.codename = ? and p.name = ?
                    and (p.full_version = ? or starts_with(p.full_version, ? || '-')) and p.deleted_at is null
                order by p.full_version <> ?, p.id desc limit 100""",
                repository.id(), suite.distribution(), suite.codename(), packageName, version, version, version)
                .map(PackageRows::stored);
            return newestFirst.stream()
                .filter(one -> one.fullVersion().equals(newestFirst.getFirst().fullVersion()))
                .sorted(Comparator.comparing(StoredPackage::architecture)).toList();
        })).orElse(List.of());
    }

    /// Whether the suite still offers a file with these bytes.
    public boolean isOffered(RepositoryName name, KnownSuite suite, String sha256) {
        return repositories.find(name).map(repository -> database.read(sql -> sql.fetchOptional("""
            select 1 from package p join suite s on s.id = p.suite_id
                join package_file f on f.package_id = p.id and f.position = 0
            where s.repository_id = ? and s.distribution = ? and s.codename = ? and f.sha256 = ?
                and p.state in ('pending', 'indexed')""",
            repository.id(), suite.distribution(), suite.codename(), sha256).isPresent())).orElse(false);
    }

    /// When the channel was last signed, for tests and pages; empty before its first generation.
    public Optional<Instant> signedAt(RepositoryName name, KnownSuite suite, OptionalInt ring) {
        return database.read(sql -> ChannelRow.find(sql, name, suite.distribution(), suite.codename(), ring)
            .flatMap(channel -> sql.fetchOptional(
                "select released_at from channel_generation where channel_id = ? and generation = ?",
                channel.id(), channel.generation()).map(row -> row.get("released_at", Instant.class))));
    }
}
