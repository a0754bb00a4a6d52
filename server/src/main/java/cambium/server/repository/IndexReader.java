package cambium.server.repository;

import cambium.formats.index.IndexForm;
import cambium.formats.index.Segment;
import cambium.formats.index.VirtualIndex;
import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.repository.format.Formats;
import cambium.server.repository.format.ViewKey;
import cambium.server.repository.format.ViewShape;
import cambium.server.sql.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Reads what is published: root files of a channel, and its indexes as virtual concatenations.
final class IndexReader {
    private static final int MAX_CACHED = 64;

    private final Database database;
    private final BlobStore blobs;
    private final Formats formats;
    private final Map<FileKey, PublishedIndex> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FileKey, PublishedIndex> eldest) {
            return size() > MAX_CACHED;
        }
    };

    IndexReader(Database database, BlobStore blobs, Formats formats) {
        this.database = database;
        this.blobs = blobs;
        this.formats = formats;
    }

    /// Where a client looks: the channel's address below its repository.
    record Address(RepositoryName repository, String distribution, String codename, OptionalInt ring) {}

    private record FileKey(long viewId, long generation, IndexForm form) {}

    /// An index that can be read in part, without being anywhere as a whole.
    final class PublishedIndex {
        private final VirtualIndex index;
        private final List<BlobId> packs;

        private PublishedIndex(VirtualIndex index, List<BlobId> packs) {
            this.index = index;
            this.packs = packs;
        }

        String sha256() {
            return index.sha256();
        }

        long length() {
            return index.length();
        }

        void writeTo(OutputStream out, long from, long toExclusive) throws IOException {
            long start = 0;
            int slice = 0;
            for (Segment segment : index.segments()) {
                long end = start + segment.length();
                long first = Math.max(from, start) - start;
                long last = Math.min(toExclusive, end) - start;
                BlobId pack = segment instanceof Segment.Slice ? packs.get(slice++) : null;
                if (first < last) {
                    switch (segment) {
                        case Segment.Literal(byte[] bytes) -> out.write(bytes, (int) first, (int) (last - first));
                        case Segment.Slice(var chunk, var form) -> {
                            long offset = chunk.packOffset(form);
                            try (InputStream in = blobs.open(pack, offset + first, offset + last)) {
                                in.transferTo(out);
                            }
                        }
                    }
                }
                start = end;
            }
        }
    }

    /// The channel, once it has a generation to show.
    Optional<ChannelRow> channel(Address address) {
        return database.read(sql -> channel(sql, address));
    }

    private static Optional<ChannelRow> channel(DSLContext sql, Address address) {
        return ChannelRow.find(sql, address.repository(), address.distribution(), address.codename(), address.ring())
            .filter(channel -> channel.generation() > 0);
    }

    /// A root file as of a generation that the channel shows or showed.
    Optional<byte[]> root(ChannelRow channel, String path, long generation) {
        return database.read(sql -> sql.fetchOptional("""
            select bytes from root_file where channel_id = ? and path = ? and generation <= ?
            order by generation desc limit 1""", channel.id(), path, generation)
            .map(row -> row.get("bytes", byte[].class)));
    }

    /// An index as it is now, unless it is no longer kept up.
    Optional<PublishedIndex> current(ChannelRow channel, ViewKey view, IndexForm form) {
        return database.read(sql -> sql.fetchOptional("""
            select f.* from index_file f join index_view v on v.id = f.view_id and v.generation = f.generation
            where v.channel_id = ? and v.kind = ? and v.architecture = ? and v.stale_since is null and f.form = ?""",
            channel.id(), view.kind(), view.architecture(), StoredView.name(form))
            .map(row -> load(sql, shape(channel, view), row)));
    }

    /// The index with that SHA-256, of any generation that is still kept.
    Optional<PublishedIndex> byHash(ChannelRow channel, ViewKey view, String sha256) {
        return database.read(sql -> sql.fetchOptional("""
            select f.* from index_file f join index_view v on v.id = f.view_id
            where v.channel_id = ? and v.kind = ? and (? or v.architecture = ?) and f.sha256 = ?
            order by f.generation desc limit 1""", channel.id(), view.kind(), view.isForAll(), view.architecture(),
            sha256).map(row -> load(sql, shape(channel, view), row)));
    }

    /// A list of patches or a patch; see [ViewPatches].
    Optional<byte[]> patches(ChannelRow channel, ViewKey view, String file) {
        return database.read(sql -> ViewPatches.file(sql, channel.id(), view, file));
    }

    private ViewShape shape(ChannelRow channel, ViewKey view) {
        return formats.layout(channel.suite().family()).shape(view.kind());
    }

    /// Of a row of `index_file`, which knows the digest: nothing is hashed to serve.
    private PublishedIndex load(DSLContext sql, ViewShape shape, Record row) {
        FileKey key = key(row);
        synchronized (cache) {
            PublishedIndex cached = cache.get(key);
            if (cached != null) {
                return cached;
            }
        }
        PublishedIndex loaded = build(sql, shape, row);
        synchronized (cache) {
            cache.put(key, loaded);
        }
        return loaded;
    }

    private static FileKey key(Record row) {
        return new FileKey(row.get("view_id", Long.class), row.get("generation", Long.class),
            StoredView.form(row.get("form", String.class)));
    }

    /// Of a row of `index_file`, for whoever keeps it elsewhere.
    PublishedIndex build(DSLContext sql, ChannelRow channel, ViewKey view, Record row) {
        return build(sql, shape(channel, view), row);
    }

    private PublishedIndex build(DSLContext sql, ViewShape shape, Record row) {
        FileKey key = key(row);
        StoredView view = StoredView.load(sql, blobs, key.viewId(), key.generation(), shape);
        var index = new VirtualIndex(key.form(), row.get("length_bytes", Long.class), row.get("sha256", String.class),
            view.segments(key.form()));
        var packs = new ArrayList<BlobId>();
        for (Segment segment : index.segments()) {
            if (segment instanceof Segment.Slice(var chunk, _)) {
                packs.add(view.pack(chunk));
            }
        }
        return new PublishedIndex(index, List.copyOf(packs));
    }
}
