package cambium.server.repository;

import cambium.formats.PackageDescription;
import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.repository.format.Formats;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.format.Submission;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jooq.DSLContext;

/// Receives and finds packages. A package is received when its bytes are durable and one transaction has
/// written its row together with its place in the queue of the index worker.
final class Packages {
    /// Notices on this channel say: there is work for the index worker.
    static final String WORK = "cambium_index";
    private final Database database;
    private final BlobStore blobs;
    private final InstantSource clock;
    private final Formats formats;

    Packages(Database database, BlobStore blobs, InstantSource clock, Formats formats) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
        this.formats = formats;
    }

    /// Stores the package. Commits its staged bytes; the caller closes them in any case.
    Receipt receive(IncomingPackage incoming) {
        storeSlowBlobs(incoming.submission());
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
        long suiteId = Suites.ensure(sql, incoming.repository().id(), incoming.suite(), hasIndexes(incoming.suite()));
        List<PackageFile> files = incoming.read().files(incoming.suite().codename());
        var row = sql.fetchOptional(PackageRows.COLUMNS + "where p.suite_id = ? and p.filename = ? for update of p",
            suiteId, incoming.description().fileName());
        if (row.isEmpty()) {
            return heldByOther(sql, suiteId, files).map(Optional::of)
                .orElseGet(() -> insert(sql, suiteId, incoming, files));
        }
        StoredPackage stored = PackageRows.stored(row.get());
        if (stored.state() == StoredPackage.IndexState.QUARANTINED) {
            return Optional.of(new Receipt.Taken("this file name belongs to a package in quarantine"));
        }
        boolean isDeleted = stored.state() == StoredPackage.IndexState.DELETED;
        if (!blobs(stored.files()).equals(blobs(files))) {
            return Optional.of(new Receipt.Taken(isDeleted
                ? "this file name belongs to a deleted package with other bytes" : "this file name holds other bytes"));
        }
        // What could not be indexed may be mended by sending it again.
        if (!isDeleted && stored.state() != StoredPackage.IndexState.FAILED) {
            return Optional.of(new Receipt.AlreadyThere(stored));
        }
        sql.execute("update package set state = 'pending', deleted_at = null, failure = null, "
            + "withdrawn_by = null, withdrawn_why = null, uploader = ?, uploaded_at = ?::timestamptz where id = ?",
            incoming.uploader(), clock.instant(), stored.id());
        return Optional.of(queued(sql, suiteId, stored.id(), incoming));
    }

    private boolean hasIndexes(KnownSuite suite) {
        return formats.layout(suite.family()).hasIndexes();
    }

    private static List<BlobId> blobs(List<PackageFile> files) {
        return files.stream().map(PackageFile::blob).toList();
    }

    /// Source packages may share files, as long as they mean the same bytes. Held against others of the suite, so that
    /// two of them cannot bring different ones at once; a package of one file is held apart by its name alone.
    private static Optional<Receipt> heldByOther(DSLContext sql, long suiteId, List<PackageFile> files) {
        if (files.size() < 2) {
            return Optional.empty();
        }
        sql.execute("select 1 from suite where id = ? for no key update", suiteId);
        for (PackageFile file : files) {
            if (sql.fetchOptional("select 1 from package_file where suite_id = ? and pool_path = ? and sha256 <> ? "
                + "limit 1", suiteId, file.poolPath(), file.digests().sha256()).isPresent()) {
                return Optional.of(new Receipt.Taken("the file name " + file.filename() + " holds other bytes"));
            }
        }
        return Optional.empty();
    }

    private Optional<Receipt> insert(DSLContext sql, long suiteId, IncomingPackage incoming, List<PackageFile> files) {
        PackageDescription said = incoming.description();
        return sql.fetchOptional("""
            insert into package (suite_id, type, filename, name, full_version, epoch, version, release, architecture,
                summary, description, details, uploader, uploaded_at, state)
            values (?, ?, ?, ?, ?, ?::integer, ?, ?, ?, ?, ?, ?::jsonb, ?, ?::timestamptz, 'pending')
            on conflict do nothing returning id""",
            suiteId, said.type().word(), said.fileName(), said.name(), said.fullVersion(),
            said.epoch().isPresent() ? (Integer) said.epoch().getAsInt() : null, said.version(),
            said.release().orElse(null), said.architecture(), said.summary(), said.description(),
            PackageRows.details(said), incoming.uploader(), clock.instant())
            .map(row -> {
                long id = row.get("id", Long.class);
                PackageRows.insertFiles(sql, id, suiteId, files);
                PackageRows.insertEntries(sql, id, incoming.read().entries(files));
                return queued(sql, suiteId, id, incoming);
            });
    }

    /// The bytes become durable here, before the transaction that names them commits. Where there is no index, the
    /// package has arrived.
    private Receipt queued(DSLContext sql, long suiteId, long packageId, IncomingPackage incoming) {
        Instant now = clock.instant();
        if (hasIndexes(incoming.suite())) {
            long channel = Suites.ensureChannel(sql, suiteId, OptionalInt.empty());
            Admissions.request(sql, channel, List.of(packageId), now);
        } else {
            sql.execute("update package set state = 'indexed' where id = ?", packageId);
        }
        storeBlobs(sql, incoming.submission(), now);
        Notices.notify(sql, WORK, "");
        return new Receipt.Received(PackageRows.stored(sql.fetchSingle(PackageRows.COLUMNS + "where p.id = ?",
            packageId)));
    }

    /// In the order of their digests, so that pushes of equal files never wait for each other in a circle.
    private void storeBlobs(DSLContext sql, Submission submission, Instant now) {
        var staged = new TreeMap<BlobId, StagedBlob>();
        submission.all().forEach(sent -> staged.putIfAbsent(sent.blob().id(), sent.blob()));
        staged.forEach((id, blob) -> {
            BlobRows.name(sql, id, blob.sizeBytes(), now);
            try {
                blobs.commit(blob);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
    }

    /// What takes long to store is stored before anything is locked, and under the lock once more, which then takes no
    /// time. Its row comes first, so that the collector finds what a push that is refused or breaks off leaves behind.
    private void storeSlowBlobs(Submission submission) {
        submission.all().map(sent -> sent.blob()).filter(blobs::commitsSlowly).forEach(blob -> {
            database.transact(sql -> {
                BlobRows.holdCollector(sql);
                BlobRows.name(sql, blob.id(), blob.sizeBytes(), clock.instant());
                return blob.id();
            });
            try {
                blobs.commit(blob);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
    }

    /// A package that was not deleted, by its canonical file name.
    Optional<StoredPackage> byFilename(long repositoryId, KnownSuite suite, String filename) {
        return database.read(sql -> sql.fetchOptional(PackageRows.COLUMNS + """
            where s.repository_id = ? and s.distribution = ? and s.codename = ? and p.filename = ?
                and p.deleted_at is null""",
            repositoryId, suite.distribution(), suite.codename(), filename).map(PackageRows::stored));
    }
}
