package cambium.server.repository;

import cambium.server.blob.BlobStore;
import cambium.server.repository.format.IndexEntry;
import cambium.server.repository.format.IndexLayout;
import cambium.server.repository.format.ViewKey;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Splices the work of one generation into the views of a channel. Which views there are is the layout's to say; a new
/// one starts with all that was admitted before and belongs into it, and so does one that was not kept up for a time.
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
        SortedMap<ViewKey, Known> known = known();
        var named = new TreeSet<>(known.keySet());
        named.addAll(work.views());
        SortedSet<ViewKey> wanted = layout.complete(named, channel.options());
        leave(known, wanted);
        var changed = new TreeMap<ViewKey, StoredView>();
        for (ViewKey key : wanted) {
            boolean isNew = !known.containsKey(key) || known.get(key).isStale();
            List<byte[]> gone = entries(work.removals(), key);
            List<byte[]> added = entries(work.admissions(), key);
            if (isNew || !gone.isEmpty() || !added.isEmpty()) {
                StoredView view = isNew ? begun(key, known) : load(known.get(key).id(), key);
                if (!gone.isEmpty()) {
                    view.remove(gone);
                }
                view.append(joined(added));
                changed.put(key, view);
            }
        }
        return changed;
    }

    /// All views of the channel as the log of admissions makes them, whatever they were before.
    SortedMap<ViewKey, StoredView> rebuild() {
        SortedMap<ViewKey, Known> known = known();
        var named = new TreeSet<ViewKey>();
        known.forEach((key, view) -> {
            if (!view.isStale()) {
                named.add(key);
            }
        });
        var rebuilt = new TreeMap<ViewKey, StoredView>();
        layout.complete(named, channel.options()).forEach(key -> rebuilt.put(key, begun(key, known)));
        return rebuilt;
    }

    private record Known(long id, boolean isStale) {}

    private SortedMap<ViewKey, Known> known() {
        var known = new TreeMap<ViewKey, Known>();
        sql.fetch("select id, kind, architecture, stale_since is not null as stale from index_view "
            + "where channel_id = ?", channel.id()).forEach(row ->
            known.put(new ViewKey(row.get("kind", String.class), row.get("architecture", String.class)),
                new Known(row.get("id", Long.class), row.get("stale", Boolean.class))));
        return known;
    }

    /// Views that are no longer wanted are left as they are; clients that hold an older root still find them.
    private void leave(SortedMap<ViewKey, Known> known, SortedSet<ViewKey> wanted) {
        known.forEach((key, view) -> {
            if (!view.isStale() && !wanted.contains(key)) {
                sql.execute("update index_view set stale_since = ? where id = ?", generation, view.id());
            }
        });
    }

    private List<byte[]> entries(List<PendingWork.Entry> work, ViewKey view) {
        return work.stream().map(entry -> entry.bytesFor(view, layout)).flatMap(Optional::stream)
            .toList();
    }

    private StoredView load(long viewId, ViewKey key) {
        return StoredView.load(sql, blobs, viewId, channel.generation(), layout.shape(key.kind()));
    }

    /// Includes packages whose removal is part of the same generation, so that they can be removed as elsewhere.
    private StoredView begun(ViewKey key, SortedMap<ViewKey, Known> known) {
        long id = known.containsKey(key) ? known.get(key).id() : sql.fetchSingle("""
            insert into index_view (channel_id, kind, architecture, generation) values (?, ?, ?, ?)
            on conflict (channel_id, kind, architecture) do update set generation = excluded.generation returning id""",
            channel.id(), key.kind(), key.architecture(), generation).get("id", Long.class);
        StoredView view = load(id, key);
        view.beginAnew();
        long after = -1;
        while (true) {
            var rows = sql.fetch("""
                select a.place, e.kind, e.architecture, e.entry
                from admission a join package_entry e on e.package_id = a.package_id
                where a.channel_id = ? and a.place > ? and a.removed_generation is null
                    and e.kind = ? and (e.architecture = ? or ? and e.architecture = ? or ?)
                order by a.place limit ?""", channel.id(), after, layout.entryKind(key.kind()), key.architecture(),
                layout.takesAll(key), ViewKey.ALL, layout.takesEvery(key), BACKFILL_ENTRIES);
            view.append(joined(rows.map(row -> contribution(key, row)).stream().flatMap(Optional::stream).toList()));
            view.storeSettled();
            if (rows.size() < BACKFILL_ENTRIES) {
                return view;
            }
            after = rows.getLast().get("place", Long.class);
        }
    }

    private Optional<byte[]> contribution(ViewKey view, Record row) {
        var of = new ViewKey(row.get("kind", String.class), row.get("architecture", String.class));
        return layout.contribution(view, new IndexEntry(of, row.get("entry", byte[].class)));
    }

    static byte[] joined(List<byte[]> entries) {
        var out = new ByteArrayOutputStream();
        entries.forEach(out::writeBytes);
        return out.toByteArray();
    }
}
