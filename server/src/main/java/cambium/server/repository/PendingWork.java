package cambium.server.repository;

import cambium.server.blob.BlobStore;
import cambium.server.repository.format.IndexEntry;
import cambium.server.repository.format.IndexLayout;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.format.ViewKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Record;

/// What one generation takes from the queue of its channel: admissions and removals in the order of their requests.
record PendingWork(List<Entry> admissions, List<Entry> removals) {
    static final PendingWork NONE = new PendingWork(List.of(), List.of());
    private static final int MAX_ENTRIES = 2_000;
    private static final long MAX_ENTRY_BYTES = 8 << 20;
    private static final int MAX_TRIES = 3;
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    /// One row of the queue with its package. `isRemoval`: it leaves the channel; otherwise it enters.
    record Entry(long id, long packageId, boolean isRemoval, int tries, String filename, List<PackageFile> files,
        List<IndexEntry> entries, Instant requestedAt) {

        /// What it has for a view.
        Optional<byte[]> bytesFor(ViewKey view, IndexLayout layout) {
            return entries.stream().map(entry -> layout.contribution(view, entry)).flatMap(Optional::stream)
                .findFirst();
        }
    }

    boolean isEmpty() {
        return admissions.isEmpty() && removals.isEmpty();
    }

    /// The views that the new packages name, without those for every architecture.
    SortedSet<ViewKey> views() {
        var named = new TreeSet<ViewKey>();
        admissions.forEach(admission -> admission.entries().forEach(entry -> named.add(entry.view())));
        named.removeIf(ViewKey::isForAll);
        return named;
    }

    /// Only the first admissions; the others stay in the queue.
    PendingWork firstAdmissions(int count) {
        return new PendingWork(List.copyOf(admissions.subList(0, count)), removals);
    }

    /// Reads and holds the next rows, with their packages: those may be published elsewhere meanwhile, not deleted.
    /// Entries of the `unused` kinds are not read.
    static PendingWork take(DSLContext sql, long channelId, List<String> unused, Instant now) {
        String[] unusedKinds = unused.toArray(String[]::new);
        Long[] ids = sql.fetch("""
            select id from (
                select a.id, sum(e.bytes) over (order by a.id) - e.bytes as bytes_before
                from (select id, package_id from admission
                      where channel_id = ? and work is not null and not_before <= ?::timestamptz order by id limit ?) a,
                lateral (select coalesce(sum(octet_length(entry)), 0) as bytes from package_entry
                    where package_id = a.package_id and kind <> all(?::text[])) e) sized
            where bytes_before < ? order by id""", channelId, now, MAX_ENTRIES, unusedKinds, MAX_ENTRY_BYTES)
            .map(row -> row.get("id", Long.class)).toArray(Long[]::new);
        if (ids.length == 0) {
            return NONE;
        }
        List<Record> held = sql.fetch("""
            select a.id, a.package_id, a.work, a.tries, a.requested_at, p.filename
            from admission a join package p on p.id = a.package_id
            where a.id = any(?) and a.work is not null order by a.id
            for update of a skip locked for key share of p skip locked""", (Object) ids).map(row -> row);
        List<Entry> entries = entries(sql, inOrder(ids, held), unusedKinds);
        return new PendingWork(entries.stream().filter(entry -> !entry.isRemoval()).toList(),
            entries.stream().filter(Entry::isRemoval).toList());
    }

    /// The held rows up to the first that could not be held: a later request never overtakes an earlier one.
    private static List<Record> inOrder(Long[] ids, List<Record> held) {
        int count = 0;
        while (count < held.size() && held.get(count).get("id", Long.class).equals(ids[count])) {
            count++;
        }
        return held.subList(0, count);
    }

    private static List<Entry> entries(DSLContext sql, List<Record> rows, String[] unusedKinds) {
        Long[] packages = rows.stream().map(row -> row.get("package_id", Long.class)).distinct().toArray(Long[]::new);
        Map<Long, List<PackageFile>> files = PackageRows.files(sql, packages);
        Map<Long, List<IndexEntry>> entries = PackageRows.entries(sql, packages, unusedKinds);
        return rows.stream().map(row -> {
            long packageId = row.get("package_id", Long.class);
            return new Entry(row.get("id", Long.class), packageId, row.get("work", String.class).equals("remove"),
                row.get("tries", Integer.class), row.get("filename", String.class), files.get(packageId),
                entries.getOrDefault(packageId, List.of()), row.get("requested_at", Instant.class));
        }).toList();
    }

    /// Leaves out what cannot be indexed, noting the failed try: an index must never name bytes that are not there.
    PendingWork withoutPoison(DSLContext sql, BlobStore blobs, IndexLayout layout, Instant now) {
        var good = new ArrayList<Entry>();
        for (Entry entry : admissions) {
            Optional<String> problem = problem(entry, blobs, layout);
            problem.ifPresentOrElse(reason -> noteFailure(sql, entry, reason, now), () -> good.add(entry));
        }
        return new PendingWork(List.copyOf(good), removals);
    }

    private static Optional<String> problem(Entry entry, BlobStore blobs, IndexLayout layout) {
        for (PackageFile file : entry.files()) {
            try {
                OptionalLong size = blobs.sizeBytes(file.blob());
                if (size.isEmpty()) {
                    return Optional.of("the file is missing in the blob store");
                }
                if (size.getAsLong() != file.sizeBytes()) {
                    return Optional.of("the file in the blob store has another size than was received");
                }
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        boolean isWhole = entry.entries().stream()
            .allMatch(one -> one.isWhole(layout.maxPieces(one.view().kind())));
        return isWhole ? Optional.empty() : Optional.of("what is stored for the index is damaged");
    }

    /// After the third failed try the package is given up, visibly; the queue moves on.
    static void noteFailure(DSLContext sql, Entry entry, String reason, Instant now) {
        int tries = entry.tries() + 1;
        if (tries < MAX_TRIES) {
            sql.execute("update admission set tries = ?, not_before = ?::timestamptz where id = ?", tries,
                now.plus(FIRST_RETRY.multipliedBy(1L << tries)), entry.id());
            return;
        }
        sql.execute("update admission set tries = ?, work = null, failure = ? where id = ?", tries, reason,
            entry.id());
        sql.execute("update package set state = 'failed', failure = ? where id = ? and state = 'pending'", reason,
            entry.packageId());
    }
}
