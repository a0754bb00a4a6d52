package cambium.server.repository;

import cambium.formats.apt.PdiffIndex;
import cambium.formats.apt.PdiffIndex.Sized;
import cambium.formats.apt.PdiffIndex.Step;
import cambium.formats.index.IndexForm;
import cambium.server.repository.format.PublishedPatches;
import cambium.server.repository.format.ViewKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Keeps the patches that lead from the last states of a view to the present one, and the list of them that clients
/// read. A client that is further behind fetches the whole index, as does every client once a patch would be too long
/// to be worth it; the run of patches then begins anew.
final class ViewPatches {
    /// The list grows by some 240 bytes a step and is fetched whole each time, so a small index has a short one.
    static final int MAX_STEPS = 40;
    private static final int MIN_STEPS = 4;
    private static final int INDEX_BYTES_PER_STEP = 2_000;
    static final int MAX_PATCH_BYTES = 1 << 20;

    private final DSLContext sql;
    private final long generation;

    ViewPatches(DSLContext sql, long generation) {
        this.sql = sql;
        this.generation = generation;
    }

    /// Notes how the view has come from the generation before to this one.
    void note(StoredView view) {
        long rawBytes = view.state().sizeBytes();
        Optional<byte[]> patch = view.wasPublished()
            ? view.patch((int) Math.min(MAX_PATCH_BYTES, rawBytes)) : Optional.empty();
        if (patch.isEmpty()) {
            sql.execute("update index_view set patched_since = ? where id = ?", generation, view.id());
        } else if (patch.get().length > 0) {
            insert(view.id(), view.stateBefore(), patch.get());
            writeList(view.id(), view.state(), steps(view.describe(IndexForm.GZ).length()));
        }
    }

    static int steps(long compressedBytes) {
        return Math.clamp(compressedBytes / INDEX_BYTES_PER_STEP, MIN_STEPS, MAX_STEPS);
    }

    private void insert(long viewId, Sized from, byte[] patch) {
        byte[] gz = gzipped(patch);
        sql.execute("""
            insert into view_patch (view_id, generation, from_sha256, from_bytes, patch_sha256, patch_bytes, gz,
                gz_sha256)
            values (?, ?, ?, ?, ?, ?, ?, ?)""", viewId, generation, from.sha256(), from.sizeBytes(), sha256(patch),
            patch.length, gz, sha256(gz));
    }

    private void writeList(long viewId, Sized now, int maxSteps) {
        List<Record> rows = sql.fetch("""
            select p.generation, p.from_sha256, p.from_bytes, p.patch_sha256, p.patch_bytes, p.gz_sha256,
                length(p.gz) as gz_bytes
            from view_patch p join index_view v on v.id = p.view_id and p.generation > v.patched_since
            where v.id = ? order by p.generation desc limit ?""", viewId, maxSteps).map(row -> row);
        var steps = new ArrayList<Step>();
        for (Record row : rows.reversed()) {
            steps.add(new Step(Long.toString(row.get("generation", Long.class)),
                new Sized(row.get("from_sha256", String.class), row.get("from_bytes", Long.class)),
                new Sized(row.get("patch_sha256", String.class), row.get("patch_bytes", Long.class)),
                new Sized(row.get("gz_sha256", String.class), row.get("gz_bytes", Long.class))));
        }
        byte[] list = PdiffIndex.write(now, steps);
        sql.execute("insert into patch_index (view_id, generation, first_step, sha256, bytes) values (?, ?, ?, ?, ?)",
            viewId, generation, rows.getLast().get("generation", Long.class), sha256(list), list);
    }

    /// The lists that belong to the views of a channel as they are now.
    static List<PublishedPatches> of(DSLContext sql, long channelId) {
        return sql.fetch("""
            select distinct on (v.id) v.kind, v.architecture, p.sha256, length(p.bytes) as length_bytes
            from index_view v join patch_index p on p.view_id = v.id and p.generation > v.patched_since
            where v.channel_id = ? and v.stale_since is null order by v.id, p.generation desc""", channelId)
            .map(row -> new PublishedPatches(
                new ViewKey(row.get("kind", String.class), row.get("architecture", String.class)),
                row.get("length_bytes", Long.class), row.get("sha256", String.class)));
    }

    /// The present list of a view, one that is still kept by its digest, or a compressed patch by its generation.
    static Optional<byte[]> file(DSLContext sql, long channelId, ViewKey view, String file) {
        String of = "join index_view v on v.id = p.view_id where v.channel_id = ? and v.kind = ? "
            + "and v.architecture = ? and ";
        String order = " order by p.generation desc limit 1";
        Object[] key = {channelId, view.kind(), view.architecture()};
        if (file.equals("Index")) {
            return sql.fetchOptional("select p.bytes from patch_index p " + of
                + "v.stale_since is null and p.generation > v.patched_since" + order, key)
                .map(row -> row.get("bytes", byte[].class));
        }
        if (file.endsWith(".gz")) {
            return sql.fetchOptional("select p.gz from view_patch p " + of + "p.generation = ?" + order, key[0],
                key[1], key[2], Long.parseLong(file.substring(0, file.length() - 3)))
                .map(row -> row.get("gz", byte[].class));
        }
        return sql.fetchOptional("select p.bytes from patch_index p " + of + "p.sha256 = ?" + order, key[0], key[1],
            key[2], file).map(row -> row.get("bytes", byte[].class));
    }

    /// Drops what no root of `oldest` or later names.
    static void dropBefore(DSLContext sql, long channelId, long oldest) {
        sql.execute("""
            delete from patch_index p using index_view v
            where v.id = p.view_id and v.channel_id = ? and (v.stale_since <= ?
                or p.generation <= v.patched_since and v.patched_since <= ? or exists (
                    select 1 from patch_index later where later.view_id = p.view_id
                        and later.generation > p.generation and later.generation <= ?))""",
            channelId, oldest, oldest, oldest);
        sql.execute("""
            delete from view_patch p using index_view v
            where v.id = p.view_id and v.channel_id = ? and p.generation <= ? and not exists (
                select 1 from patch_index i where i.view_id = p.view_id and i.first_step <= p.generation)""",
            channelId, oldest);
    }

    /// Without a name and a time, so that equal patches give equal bytes.
    private static byte[] gzipped(byte[] patch) {
        var out = new ByteArrayOutputStream(patch.length / 2 + 64);
        try (var gz = new GZIPOutputStream(out)) {
            gz.write(patch);
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return out.toByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JDK has SHA-256", never);
        }
    }
}
