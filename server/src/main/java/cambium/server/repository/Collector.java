package cambium.server.repository;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jooq.DSLContext;

/// Frees what no client can need any more: generations that were replaced more than a day ago, but never the newest
/// three; then chunks and packages that nothing names. Blobs are deleted only while nobody is naming any.
final class Collector {
    static final Duration KEPT = Duration.ofHours(24);
    static final int KEPT_GENERATIONS = 3;
    private static final int BATCH = 200;

    private final Database database;
    private final BlobStore blobs;
    private final InstantSource clock;

    Collector(Database database, BlobStore blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// Collects until nothing is left to collect, in small transactions. Returns how many blobs were freed.
    int collect() {
        Instant cutoff = clock.instant().minus(KEPT);
        List<Long> channels = database.read(sql -> sql.fetch("select id from channel order by id")
            .map(row -> row.get("id", Long.class)));
        channels.forEach(channel -> database.transact(sql -> dropGenerations(sql, channel, cutoff)));
        int freed = 0;
        int batch = BATCH;
        while (batch == BATCH) {
            batch = database.transact(sql -> freeBlobs(sql, cutoff));
            freed += batch;
        }
        return freed;
    }

    /// Frees what pushes that broke off a day ago have left in the store without an address.
    void sweepStore() {
        try {
            blobs.sweep(clock.instant().minus(KEPT));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static int dropGenerations(DSLContext sql, long channel, Instant cutoff) {
        long oldest = sql.fetchSingle("""
            select least(coalesce((select k.generation from channel_generation k where k.channel_id = c.id
                    order by k.generation desc offset ? limit 1), 0),
                coalesce((select min(g.generation) from channel_generation g where g.channel_id = c.id
                    and (g.replaced_at is null or g.replaced_at >= ?::timestamptz)), 0)) as oldest
            from channel c where c.id = ?""", KEPT_GENERATIONS, cutoff, channel).get("oldest", Long.class);
        ViewPatches.dropBefore(sql, channel, oldest);
        sql.execute("""
            delete from chunk_in_view c using index_view v
            where v.id = c.view_id and v.channel_id = ? and v.stale_since <= ?""", channel, oldest);
        sql.execute("""
            delete from index_file f using index_view v
            where v.id = f.view_id and v.channel_id = ? and v.stale_since <= ?""", channel, oldest);
        sql.execute("""
            delete from index_file f using index_view v
            where v.id = f.view_id and v.channel_id = ? and exists (
                select 1 from index_file later where later.view_id = f.view_id and later.form = f.form
                    and later.generation > f.generation and later.generation <= ?)""", channel, oldest);
        sql.execute("""
            delete from chunk_in_view c using index_view v
            where v.id = c.view_id and v.channel_id = ? and c.to_generation <= ?""", channel, oldest);
        sql.execute("""
            delete from root_file r where r.channel_id = ? and exists (
                select 1 from root_file later where later.channel_id = r.channel_id and later.path = r.path
                    and later.generation > r.generation and later.generation <= ?)""", channel, oldest);
        return sql.execute("delete from channel_generation where channel_id = ? and generation < ?", channel, oldest);
    }

    /// The files go while the rows are locked: a crash in between leaves rows that the next round frees again.
    private int freeBlobs(DSLContext sql, Instant cutoff) {
        if (!BlobRows.becomeCollector(sql)) {
            return 0;
        }
        List<String> unnamed = sql.fetch("""
            select b.sha256 from blob b where b.freed_at is null and b.named_at < ?::timestamptz
                and not exists (select 1 from chunk_in_view c where c.pack_sha256 = b.sha256)
                and not exists (select 1 from package_file f join package p on p.id = f.package_id
                    where f.sha256 = b.sha256 and (p.deleted_at is null or p.deleted_at >= ?::timestamptz))
                and not exists (select 1 from maven_file m where m.sha256 = b.sha256)
            order by b.named_at limit ? for update""", cutoff, cutoff, BATCH)
            .map(row -> row.get("sha256", String.class));
        for (String sha256 : unnamed) {
            sql.execute("update blob set freed_at = ?::timestamptz where sha256 = ?", clock.instant(), sha256);
            try {
                blobs.delete(new BlobId(sha256));
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        return unnamed.size();
    }
}
