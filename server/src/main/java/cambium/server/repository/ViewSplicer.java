package cambium.server.repository;

import cambium.server.blob.BlobStore;
import cambium.server.repository.format.IndexLayout;
import cambium.server.repository.format.ViewKey;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.DSLContext;

/// Splices the work of one generation into the views of a channel. Which views there are is the layout's to say; a new
/// one starts with all that was admitted before and belongs into it.
final class ViewSplicer {
    private static final int BACKFILL_ENTRIES = 2_000;

    private final DSLContext sql;
    private final BlobStore blobs;
    private final ChannelRow channel;
    private final IndexLayout layout;
    private final long generation;

    ViewSplicer(DSLContext sql, BlobStore blobs, ChannelRow channel, IndexLayout layout, long generation) {
        this.sql = sql;
        this.blobs = blobs;
        this.channel = channel;
        this.layout = layout;
        this.generation = generation;
    }

    /// The changed views. New ones have their rows already; chunks are not stored yet.
    SortedMap<ViewKey, StoredView> splice(PendingWork work) {
        SortedMap<ViewKey, Long> known = known();
        var named = new TreeSet<>(known.keySet());
        named.addAll(work.views());
        var changed = new TreeMap<ViewKey, StoredView>();
        for (ViewKey key : layout.complete(named)) {
            boolean isNew = !known.containsKey(key);
            List<byte[]> gone = entries(work.removals(), key);
            List<byte[]> added = entries(work.admissions(), key);
            if (isNew || !gone.isEmpty() || !added.isEmpty()) {
                StoredView view = isNew ? created(key) : load(known.get(key), key);
                if (!gone.isEmpty()) {
                    view.remove(gone);
                }
                view.append(joined(added));
                changed.put(key, view);
            }
        }
        return changed;
    }

    private SortedMap<ViewKey, Long> known() {
        var known = new TreeMap<ViewKey, Long>();
        sql.fetch("select id, kind, architecture from index_view where channel_id = ?", channel.id()).forEach(row ->
            known.put(new ViewKey(row.get("kind", String.class), row.get("architecture", String.class)),
                row.get("id", Long.class)));
        return known;
    }

    private List<byte[]> entries(List<PendingWork.Entry> work, ViewKey view) {
        return work.stream().map(entry -> entry.bytesFor(view, layout.takesAll(view))).flatMap(Optional::stream)
            .toList();
    }

    private StoredView load(long viewId, ViewKey key) {
        return StoredView.load(sql, blobs, viewId, channel.generation(), layout.shape(key.kind()));
    }

    /// Includes packages whose removal is part of the same generation, so that they can be removed as elsewhere.
    private StoredView created(ViewKey key) {
        long id = sql.fetchSingle("""
            insert into index_view (channel_id, kind, architecture, generation) values (?, ?, ?, ?)
            on conflict (channel_id, kind, architecture) do update set generation = excluded.generation returning id""",
            channel.id(), key.kind(), key.architecture(), generation).get("id", Long.class);
        StoredView view = load(id, key);
        long after = -1;
        while (true) {
            var rows = sql.fetch("""
                select a.place, e.entry from admission a join package_entry e on e.package_id = a.package_id
                where a.channel_id = ? and a.place > ? and a.removed_generation is null
                    and e.kind = ? and (e.architecture = ? or ? and e.architecture = ?)
                order by a.place limit ?""", channel.id(), after, key.kind(), key.architecture(),
                layout.takesAll(key), ViewKey.ALL, BACKFILL_ENTRIES);
            view.append(joined(rows.map(row -> row.get("entry", byte[].class))));
            if (rows.size() < BACKFILL_ENTRIES) {
                return view;
            }
            after = rows.getLast().get("place", Long.class);
        }
    }

    static byte[] joined(List<byte[]> entries) {
        var out = new ByteArrayOutputStream();
        entries.forEach(out::writeBytes);
        return out.toByteArray();
    }
}
