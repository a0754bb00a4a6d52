package cambium.server.repository;

import cambium.server.blob.BlobId;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jooq.DSLContext;

/// What the database knows of blobs, and the lock that keeps the collector away while a transaction names one.
final class BlobRows {
    /// Advisory lock of the collector: shared by whoever names a blob, exclusive while blobs are deleted.
    private static final long COLLECTOR_LOCK = 0x63616d6269756d01L;

    private BlobRows() {}

    /// To be called first in a transaction that names a blob, before the blob is looked for or stored.
    static void holdCollector(DSLContext sql) {
        sql.execute("select pg_advisory_xact_lock_shared(?)", COLLECTOR_LOCK);
    }

    /// False when somebody is naming blobs right now; the collector then comes again later.
    static boolean becomeCollector(DSLContext sql) {
        return sql.fetchSingle("select pg_try_advisory_xact_lock(?) as held", COLLECTOR_LOCK)
            .get("held", Boolean.class);
    }

    /// The same, once nobody names blobs any more.
    static void waitToBeCollector(DSLContext sql) {
        sql.execute("select pg_advisory_xact_lock(?)", COLLECTOR_LOCK);
    }

    static void name(DSLContext sql, BlobId blob, long sizeBytes, Instant now) {
        var one = new TreeMap<BlobId, Long>();
        one.put(blob, sizeBytes);
        name(sql, one, now);
    }

    /// Blobs with their sizes in bytes. In the order of their digests, so that those who name equal ones never wait for
    /// each other in a circle.
    static void name(DSLContext sql, SortedMap<BlobId, Long> sizes, Instant now) {
        sql.execute("""
            insert into blob (sha256, size_bytes, named_at)
            select b.sha256, b.size_bytes, ?::timestamptz
            from unnest(?::text[], ?::bigint[]) with ordinality b(sha256, size_bytes, number) order by b.number
            on conflict (sha256) do update set named_at = excluded.named_at, freed_at = null""", now,
            sizes.keySet().stream().map(BlobId::sha256).toArray(String[]::new), sizes.values().toArray(Long[]::new));
    }
}
