package cambium.server.repository;

import cambium.formats.apt.Digests;
import cambium.formats.apt.PackagesStanza;
import cambium.formats.apt.PoolPath;
import cambium.server.blob.BlobDigests;
import cambium.server.blob.BlobStore;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Receives, finds and deletes packages. A package is received when its bytes are durable and one transaction has
/// written its row together with its place in the queue of the index worker.
final class Packages {
    /// Notices on this channel say: there is work for the index worker.
    static final String WORK = "cambium_index";
    private static final String COLUMNS = """
        select p.*, s.distribution, s.codename, s.distro_version_id
        from package p join suite s on s.id = p.suite_id\s""";

    private final Database database;
    private final BlobStore blobs;
    private final InstantSource clock;

    Packages(Database database, BlobStore blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// Stores the package. Commits its staged bytes; the caller closes them in any case.
    Receipt receive(IncomingPackage incoming) {
        while (true) {
            Optional<Receipt> receipt = database.transact(sql -> receive(sql, incoming));
            if (receipt.isPresent()) {
                return receipt.get();
            }
            // Another push of the same file name was quicker by an instant; its row is visible now.
        }
    }

    private Optional<Receipt> receive(DSLContext sql, IncomingPackage incoming) {
        BlobRows.holdCollector(sql);
        long suiteId = Suites.ensure(sql, incoming.repository().id(), incoming.suite());
        var row = sql.fetchOptional(COLUMNS + "where p.suite_id = ? and p.filename = ? for update of p",
            suiteId, incoming.deb().fileName());
        if (row.isEmpty()) {
            return insert(sql, suiteId, incoming);
        }
        StoredPackage stored = stored(row.get());
        boolean sameBytes = stored.digests().sha256().equals(incoming.staged().id().sha256());
        boolean isDeleted = stored.state() == StoredPackage.IndexState.DELETED;
        if (!sameBytes) {
            return Optional.of(new Receipt.Taken(isDeleted
                ? "this file name belongs to a deleted package with other bytes" : "this file name holds other bytes"));
        }
        // What could not be indexed may be mended by sending it again.
        if (!isDeleted && stored.state() != StoredPackage.IndexState.FAILED) {
            return Optional.of(new Receipt.AlreadyThere(stored));
        }
        sql.execute("update package set state = 'pending', deleted_at = null, failure = null, uploader = ?, "
            + "uploaded_at = ?::timestamptz where id = ?", incoming.uploader(), clock.instant(), stored.id());
        return Optional.of(queued(sql, suiteId, stored.id(), incoming));
    }

    private Optional<Receipt> insert(DSLContext sql, long suiteId, IncomingPackage incoming) {
        var deb = incoming.deb();
        BlobDigests digests = incoming.staged().digests();
        String poolPath = PoolPath.of(incoming.suite().codename(), "main", deb);
        byte[] stanza = PackagesStanza.write(deb, poolPath, incoming.staged().sizeBytes(),
            new Digests(digests.md5(), digests.sha1(), digests.sha256(), digests.sha512()));
        String control = new String(deb.control().toBytes(), StandardCharsets.UTF_8);
        return sql.fetchOptional("""
            insert into package (suite_id, filename, name, version, architecture, pool_path, control, stanza,
                sha256, size_bytes, md5, sha1, sha512, uploader, uploaded_at, state)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, 'pending')
            on conflict do nothing returning id""",
            suiteId, deb.fileName(), deb.name(), deb.version().text(), deb.architecture(), poolPath, control, stanza,
            digests.sha256(), incoming.staged().sizeBytes(), digests.md5(), digests.sha1(), digests.sha512(),
            incoming.uploader(), clock.instant())
            .map(inserted -> queued(sql, suiteId, inserted.get("id", Long.class), incoming));
    }

    /// The bytes become durable here, before the transaction that names them commits.
    private Receipt queued(DSLContext sql, long suiteId, long packageId, IncomingPackage incoming) {
        Instant now = clock.instant();
        long channel = Suites.ensureChannel(sql, suiteId, OptionalInt.empty());
        Admissions.request(sql, channel, List.of(packageId), now);
        BlobRows.name(sql, incoming.staged().id(), incoming.staged().sizeBytes(), now);
        try {
            blobs.commit(incoming.staged());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        Notices.notify(sql, WORK, "");
        return new Receipt.Received(stored(sql.fetchSingle(COLUMNS + "where p.id = ?", packageId)));
    }

    /// Withdraws a package from every channel; they drop it with their next generation. False when there is none.
    boolean delete(long repositoryId, KnownSuite suite, String filename) {
        return database.transact(sql -> {
            var row = sql.fetchOptional("""
                select p.id from package p join suite s on s.id = p.suite_id
                where s.repository_id = ? and s.distribution = ? and s.codename = ? and p.filename = ?
                    and p.deleted_at is null for update of p""",
                repositoryId, suite.distribution(), suite.codename(), filename);
            row.ifPresent(found -> {
                long id = found.get("id", Long.class);
                Instant now = clock.instant();
                sql.execute("update package set state = 'deleted', deleted_at = ?::timestamptz where id = ?", now, id);
                Admissions.withdraw(sql, id, now);
                Notices.notify(sql, WORK, "");
            });
            return row.isPresent();
        });
    }

    /// A package that was not deleted, by its canonical file name.
    Optional<StoredPackage> byFilename(long repositoryId, KnownSuite suite, String filename) {
        return database.read(sql -> sql.fetchOptional(COLUMNS + """
            where s.repository_id = ? and s.distribution = ? and s.codename = ? and p.filename = ?
                and p.deleted_at is null""",
            repositoryId, suite.distribution(), suite.codename(), filename).map(Packages::stored));
    }

    /// The versions of one name and architecture in a suite, newest upload first; at most 10,000.
    List<StoredPackage> versions(long repositoryId, KnownSuite suite, String name, String architecture) {
        return database.read(sql -> sql.fetch(COLUMNS + """
            where s.repository_id = ? and s.distribution = ? and s.codename = ? and p.name = ? and p.architecture = ?
                and p.deleted_at is null order by p.id desc limit 10000""",
            repositoryId, suite.distribution(), suite.codename(), name, architecture).map(Packages::stored));
    }

    /// One page of a list, newest first; the order is stable while nothing is pushed or deleted.
    List<StoredPackage> page(PackageQuery query, int offset, int limit) {
        return database.read(sql -> sql.fetch(COLUMNS + FILTER + " order by p.id desc limit ? offset ?",
            filter(query, limit, offset)).map(Packages::stored));
    }

    int count(PackageQuery query) {
        return database.read(sql -> sql.fetchSingle(
            "select count(*) as n from package p join suite s on s.id = p.suite_id " + FILTER, filter(query))
            .get("n", Integer.class));
    }

    private static final String FILTER = """
        where s.repository_id = ? and p.deleted_at is null and position(lower(?) in lower(p.filename)) > 0
            and (? = '' or s.distribution = ?) and (? = '' or s.codename = ?) and (? = '' or p.architecture = ?)""";

    private static Object[] filter(PackageQuery query, Object... more) {
        String distribution = query.distribution().orElse("");
        String codename = query.codename().orElse("");
        String architecture = query.architecture().orElse("");
        var values = new java.util.ArrayList<Object>(List.of(query.repositoryId(), query.text(), distribution,
            distribution, codename, codename, architecture, architecture));
        values.addAll(List.of(more));
        return values.toArray();
    }

    static StoredPackage stored(Record row) {
        var suite = new KnownSuite(row.get("distro_version_id", Integer.class), row.get("distribution", String.class),
            row.get("codename", String.class));
        var digests = new BlobDigests(row.get("md5", String.class), row.get("sha1", String.class),
            row.get("sha256", String.class), row.get("sha512", String.class));
        return new StoredPackage(row.get("id", Long.class), suite, row.get("filename", String.class),
            row.get("name", String.class), row.get("version", String.class), row.get("architecture", String.class),
            row.get("pool_path", String.class), row.get("control", String.class), digests,
            row.get("size_bytes", Long.class), row.get("uploader", String.class),
            row.get("uploaded_at", Instant.class),
            StoredPackage.IndexState.valueOf(row.get("state", String.class).toUpperCase(Locale.ROOT)),
            Optional.ofNullable(row.get("failure", String.class)));
    }
}
