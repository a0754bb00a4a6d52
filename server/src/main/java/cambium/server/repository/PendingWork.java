package cambium.server.repository;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Record;

/// What one generation takes from the queue of its channel: admissions and removals in the order of their requests.
record PendingWork(List<Entry> admissions, List<Entry> removals) {
    private static final int MAX_ENTRIES = 2_000;
    private static final long MAX_STANZA_BYTES = 8 << 20;
    private static final int MAX_TRIES = 3;
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    /// One row of the queue with its package. `isRemoval`: it leaves the channel; otherwise it enters.
    record Entry(long id, long packageId, boolean isRemoval, int tries, String filename, String architecture,
        byte[] stanza, String sha256, long sizeBytes, Instant requestedAt) {

        boolean isIn(String viewArchitecture) {
            return architecture.equals("all") || architecture.equals(viewArchitecture);
        }
    }

    boolean isEmpty() {
        return admissions.isEmpty() && removals.isEmpty();
    }

    /// The architectures that the new packages bring, without `all`.
    TreeSet<String> architectures() {
        var all = new TreeSet<String>();
        admissions.forEach(entry -> all.add(entry.architecture()));
        all.remove("all");
        return all;
    }

    /// Only the first admissions; the others stay in the queue.
    PendingWork firstAdmissions(int count) {
        return new PendingWork(List.copyOf(admissions.subList(0, count)), removals);
    }

    /// Reads and holds the next rows, with their packages: those may be published elsewhere meanwhile, not deleted.
    static PendingWork take(DSLContext sql, long channelId, Instant now) {
        Long[] ids = sql.fetch("""
            select id from (
                select a.id, sum(octet_length(p.stanza)) over (order by a.id) - octet_length(p.stanza) as bytes_before
                from (select id, package_id from admission
                      where channel_id = ? and work is not null and not_before <= ?::timestamptz order by id limit ?) a
                join package p on p.id = a.package_id) sized
            where bytes_before < ? order by id""", channelId, now, MAX_ENTRIES, MAX_STANZA_BYTES)
            .map(row -> row.get("id", Long.class)).toArray(Long[]::new);
        if (ids.length == 0) {
            return new PendingWork(List.of(), List.of());
        }
        List<Entry> held = sql.fetch("""
            select a.id, a.package_id, a.work, a.tries, a.requested_at, p.filename, p.architecture, p.stanza, p.sha256,
                p.size_bytes
            from admission a join package p on p.id = a.package_id
            where a.id = any(?) and a.work is not null order by a.id
            for update of a skip locked for key share of p skip locked""", (Object) ids).map(PendingWork::entry);
        List<Entry> entries = inOrder(ids, held);
        return new PendingWork(entries.stream().filter(entry -> !entry.isRemoval()).toList(),
            entries.stream().filter(Entry::isRemoval).toList());
    }

    /// The held rows up to the first that could not be held: a later request never overtakes an earlier one.
    private static List<Entry> inOrder(Long[] ids, List<Entry> held) {
        int count = 0;
        while (count < held.size() && held.get(count).id() == ids[count]) {
            count++;
        }
        return held.subList(0, count);
    }

    private static Entry entry(Record row) {
        return new Entry(row.get("id", Long.class), row.get("package_id", Long.class),
            row.get("work", String.class).equals("remove"), row.get("tries", Integer.class),
            row.get("filename", String.class), row.get("architecture", String.class),
            row.get("stanza", byte[].class), row.get("sha256", String.class), row.get("size_bytes", Long.class),
            row.get("requested_at", Instant.class));
    }

    /// Leaves out what cannot be indexed, noting the failed try: an index must never name bytes that are not there.
    PendingWork withoutPoison(DSLContext sql, BlobStore blobs, Instant now) {
        var good = new ArrayList<Entry>();
        for (Entry entry : admissions) {
            Optional<String> problem = problem(entry, blobs);
            problem.ifPresentOrElse(reason -> noteFailure(sql, entry, reason, now), () -> good.add(entry));
        }
        return new PendingWork(List.copyOf(good), removals);
    }

    private static Optional<String> problem(Entry entry, BlobStore blobs) {
        try {
            OptionalLong size = blobs.sizeBytes(new BlobId(entry.sha256()));
            if (size.isEmpty()) {
                return Optional.of("the file is missing in the blob store");
            }
            if (size.getAsLong() != entry.sizeBytes()) {
                return Optional.of("the file in the blob store has another size than was received");
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return isOneStanza(entry.stanza()) ? Optional.empty() : Optional.of("the stored stanza is damaged");
    }

    private static boolean isOneStanza(byte[] stanza) {
        byte[] start = "Package: ".getBytes(StandardCharsets.US_ASCII);
        if (stanza.length < start.length || !Arrays.equals(start, Arrays.copyOf(stanza, start.length))) {
            return false;
        }
        for (int i = 1; i < stanza.length; i++) {
            if (stanza[i] == '\n' && stanza[i - 1] == '\n') {
                return i == stanza.length - 1;
            }
        }
        return false;
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
