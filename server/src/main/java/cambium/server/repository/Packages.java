package cambium.server.repository;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
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
        return receiveAll(List.of(incoming)).getFirst();
    }

    /// Stores packages for one suite, in one transaction if none of them has the file name of another; what became of
    /// each, in their order. Commits their staged bytes together; the caller closes them in any case. When it throws,
    /// what was sent may be stored or not, and sending it again is safe.
    List<Receipt> receiveAll(List<IncomingPackage> incoming) {
        incoming.forEach(one -> storeSlowBlobs(one.submission()));
        var receipts = new HashMap<Integer, Receipt>();
        while (receipts.size() < incoming.size()) {
            // None twice at a time: the second then finds the first. What another transaction was quicker to write by
            // an instant comes again, too; its row is visible then.
            var turn = new TreeMap<Integer, IncomingPackage>();
            var names = new HashSet<String>();
            for (int number = 0; number < incoming.size(); number++) {
                // Two of several files may share one, which only the database can see.
                boolean fits = turn.isEmpty() || incoming.get(number).submission().others().isEmpty();
                if (!receipts.containsKey(number) && fits
                    && names.add(incoming.get(number).description().fileName())) {
                    turn.put(number, incoming.get(number));
                }
            }
            receipts.putAll(database.transact(sql -> receive(sql, turn)));
        }
        return IntStream.range(0, incoming.size()).mapToObj(receipts::get).toList();
    }

    private Map<Integer, Receipt> receive(DSLContext sql, SortedMap<Integer, IncomingPackage> turn) {
        BlobRows.holdCollector(sql);
        StoredRepository repository = turn.firstEntry().getValue().repository();
        KnownSuite suite = turn.firstEntry().getValue().suite();
        long suiteId = Suites.ensure(sql, repository.id(), suite, hasIndexes(suite));
        Map<String, StoredPackage> known = known(sql, suiteId, turn.values());
        var receipts = new HashMap<Integer, Receipt>();
        var accepted = new TreeMap<Integer, IncomingPackage>();
        var revived = new HashMap<String, Long>();
        var made = new ArrayList<PackageRows.NewPackage>();
        turn.forEach((number, incoming) -> {
            List<PackageFile> files = incoming.read().files(suite.codename());
            Optional<StoredPackage> stored = Optional.ofNullable(known.get(incoming.description().fileName()));
            Optional<Receipt> refused = stored.map(there -> settled(there, files))
                .orElseGet(() -> heldByOther(sql, suiteId, files));
            if (refused.isPresent()) {
                receipts.put(number, refused.get());
                return;
            }
            accepted.put(number, incoming);
            stored.ifPresentOrElse(there -> revived.put(incoming.description().fileName(), there.id()), () ->
                made.add(new PackageRows.NewPackage(incoming.description(), files, incoming.read().entries(files))));
        });
        if (accepted.isEmpty()) {
            return receipts;
        }
        String uploader = turn.firstEntry().getValue().uploader();
        Map<String, Long> ids = new HashMap<>(revived);
        revive(sql, revived.values(), uploader);
        if (!made.isEmpty()) {
            ids.putAll(PackageRows.insert(sql, suiteId, made, uploader, clock.instant()));
        }
        accepted.values().removeIf(incoming -> !ids.containsKey(incoming.description().fileName()));
        receipts.putAll(queued(sql, suiteId, suite, accepted, ids));
        return receipts;
    }

    /// The packages that have these file names in the suite, held until the end of the transaction.
    private static Map<String, StoredPackage> known(DSLContext sql, long suiteId,
        Collection<IncomingPackage> incoming) {
        var known = new HashMap<String, StoredPackage>();
        sql.fetch(PackageRows.COLUMNS + "where p.suite_id = ? and p.filename = any(?::text[]) order by p.id "
            + "for update of p", suiteId, incoming.stream().map(one -> one.description().fileName())
            .toArray(String[]::new)).forEach(row -> {
                StoredPackage stored = PackageRows.stored(row);
                known.put(stored.description().fileName(), stored);
            });
        return known;
    }

    /// What there is to say to files under a name that is there already; nothing, where the package is to be taken up
    /// again: what was deleted, and what could not be indexed, may be mended by sending it once more.
    private static Optional<Receipt> settled(StoredPackage stored, List<PackageFile> files) {
        if (stored.state() == StoredPackage.IndexState.QUARANTINED) {
            return Optional.of(new Receipt.Taken("this file name belongs to a package in quarantine"));
        }
        boolean isDeleted = stored.state() == StoredPackage.IndexState.DELETED;
        if (!blobs(stored.files()).equals(blobs(files))) {
            return Optional.of(new Receipt.Taken(isDeleted
                ? "this file name belongs to a deleted package with other bytes" : "this file name holds other bytes"));
        }
        return isDeleted || stored.state() == StoredPackage.IndexState.FAILED ? Optional.empty()
            : Optional.of(new Receipt.AlreadyThere(stored));
    }

    private void revive(DSLContext sql, Collection<Long> ids, String uploader) {
        if (!ids.isEmpty()) {
            sql.execute("update package set state = 'pending', deleted_at = null, failure = null, "
                + "withdrawn_by = null, withdrawn_why = null, uploader = ?, uploaded_at = ?::timestamptz "
                + "where id = any(?::bigint[])", uploader, clock.instant(), ids.toArray(Long[]::new));
        }
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

    /// The bytes become durable here, before the transaction that names them commits. Where there is no index, the
    /// packages have arrived.
    private Map<Integer, Receipt> queued(DSLContext sql, long suiteId, KnownSuite suite,
        SortedMap<Integer, IncomingPackage> accepted, Map<String, Long> ids) {
        if (accepted.isEmpty()) {
            return Map.of();
        }
        Instant now = clock.instant();
        List<Long> inOrder = accepted.values().stream().map(one -> ids.get(one.description().fileName())).toList();
        Long[] all = inOrder.toArray(Long[]::new);
        if (hasIndexes(suite)) {
            Admissions.request(sql, Suites.ensureChannel(sql, suiteId, OptionalInt.empty()), inOrder, now);
        } else {
            sql.execute("update package set state = 'indexed' where id = any(?::bigint[])", (Object) all);
        }
        storeBlobs(sql, accepted.values().stream().map(IncomingPackage::submission).toList(), now);
        Notices.notify(sql, WORK, "");
        var stored = new HashMap<Long, StoredPackage>();
        sql.fetch(PackageRows.COLUMNS + "where p.id = any(?::bigint[])", (Object) all).forEach(row -> {
            StoredPackage one = PackageRows.stored(row);
            stored.put(one.id(), one);
        });
        var receipts = new HashMap<Integer, Receipt>();
        accepted.forEach((number, one) ->
            receipts.put(number, new Receipt.Received(stored.get(ids.get(one.description().fileName())))));
        return receipts;
    }

    private void storeBlobs(DSLContext sql, List<Submission> submissions, Instant now) {
        var staged = new TreeMap<BlobId, StagedBlob>();
        submissions.stream().flatMap(Submission::all)
            .forEach(sent -> staged.putIfAbsent(sent.blob().id(), sent.blob()));
        var sizes = new TreeMap<BlobId, Long>();
        staged.forEach((id, blob) -> sizes.put(id, blob.sizeBytes()));
        BlobRows.name(sql, sizes, now);
        try {
            blobs.commitAll(List.copyOf(staged.values()));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
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
