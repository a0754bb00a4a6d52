package cambium.server.repository;

import cambium.server.blob.BlobStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.DSLContext;

/// Splices the work of one generation into the views of a channel: one view per architecture seen, and always amd64.
/// Packages for `all` are in every view; a view of a new architecture starts with those admitted before it.
final class ViewSplicer {
    private static final String ALWAYS = "amd64";
    private static final int BACKFILL_STANZAS = 2_000;

    private final DSLContext sql;
    private final BlobStore blobs;
    private final ChannelRow channel;
    private final long generation;

    ViewSplicer(DSLContext sql, BlobStore blobs, ChannelRow channel, long generation) {
        this.sql = sql;
        this.blobs = blobs;
        this.channel = channel;
        this.generation = generation;
    }

    /// The changed views by architecture. New views have their rows already; chunks are not stored yet.
    Map<String, StoredView> splice(PendingWork work) {
        Map<String, Long> known = known();
        var architectures = new TreeSet<>(known.keySet());
        architectures.addAll(work.architectures());
        architectures.add(ALWAYS);
        var changed = new TreeMap<String, StoredView>();
        for (String architecture : architectures) {
            boolean isNew = !known.containsKey(architecture);
            List<byte[]> gone = stanzas(work.removals(), architecture);
            List<byte[]> added = stanzas(work.admissions(), architecture);
            if (isNew || !gone.isEmpty() || !added.isEmpty()) {
                StoredView view = isNew ? created(architecture)
                    : StoredView.load(sql, blobs, known.get(architecture), channel.generation());
                if (!gone.isEmpty()) {
                    view.remove(gone);
                }
                view.append(ChannelPublisher.joined(added));
                changed.put(architecture, view);
            }
        }
        return changed;
    }

    private Map<String, Long> known() {
        var known = new TreeMap<String, Long>();
        sql.fetch("select id, architecture from index_view where channel_id = ?", channel.id())
            .forEach(row -> known.put(row.get("architecture", String.class), row.get("id", Long.class)));
        return known;
    }

    private static List<byte[]> stanzas(List<PendingWork.Entry> entries, String architecture) {
        return entries.stream().filter(entry -> entry.isIn(architecture)).map(PendingWork.Entry::stanza).toList();
    }

    /// Includes packages whose removal is part of the same generation, so that they can be removed as elsewhere.
    private StoredView created(String architecture) {
        long id = sql.fetchSingle("""
            insert into index_view (channel_id, architecture, generation) values (?, ?, ?)
            on conflict (channel_id, architecture) do update set generation = excluded.generation returning id""",
            channel.id(), architecture, generation).get("id", Long.class);
        StoredView view = StoredView.load(sql, blobs, id, channel.generation());
        long after = -1;
        while (true) {
            var rows = sql.fetch("""
                select a.place, p.stanza from admission a join package p on p.id = a.package_id
                where a.channel_id = ? and a.place > ? and a.removed_generation is null and p.architecture = 'all'
                order by a.place limit ?""", channel.id(), after, BACKFILL_STANZAS);
            view.append(ChannelPublisher.joined(rows.map(row -> row.get("stanza", byte[].class))));
            if (rows.size() < BACKFILL_STANZAS) {
                return view;
            }
            after = rows.getLast().get("place", Long.class);
        }
    }
}
