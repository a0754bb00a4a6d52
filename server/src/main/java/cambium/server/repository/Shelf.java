package cambium.server.repository;

import cambium.formats.index.IndexForm;
import cambium.server.blob.BlobId;
import cambium.server.repository.format.ViewKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;

/// What one public channel shows in one generation, kept in memory for the time without a database: its root files,
/// its indexes (not their bytes, which are blobs) and which blob is behind each file of its pool.
final class Shelf {
    private static final String BY_FILE_NAME = "file name ";

    private final ChannelRow channel;
    private final String key;
    private final Map<String, byte[]> roots = new HashMap<>();
    private final Map<IndexName, IndexReader.PublishedIndex> indexes = new HashMap<>();
    private final PoolTable pool;

    private record IndexName(ViewKey view, IndexForm form) {}

    private Shelf(ChannelRow channel, String key, PoolTable pool) {
        this.channel = channel;
        this.key = key;
        this.pool = pool;
    }

    /// All of one snapshot. Of `before`, an earlier generation, the files are taken over, and only what changed is
    /// read. At most `maxFiles` names are kept, of the newest files.
    static Shelf load(DSLContext sql, IndexReader reader, ChannelRow channel, String key,
        Optional<Shelf> before, int maxFiles) {
        var shelf = new Shelf(channel, key, before.map(known -> known.pool).orElseGet(PoolTable::new));
        sql.fetch("""
            select distinct on (path) path, bytes from root_file where channel_id = ? and generation <= ?
            order by path, generation desc""", channel.id(), channel.generation())
            .forEach(row -> shelf.roots.put(row.get("path", String.class), row.get("bytes", byte[].class)));
        sql.fetch("""
            select f.*, v.kind, v.architecture from index_view v
            join index_file f on f.view_id = v.id and f.generation = v.generation
            where v.channel_id = ? and v.stale_since is null""", channel.id()).forEach(row -> {
                var view = new ViewKey(row.get("kind", String.class), row.get("architecture", String.class));
                shelf.indexes.put(new IndexName(view, StoredView.form(row.get("form", String.class))),
                    reader.build(sql, channel, view, row));
            });
        shelf.fill(sql, before.map(Shelf::channel), maxFiles);
        return shelf;
    }

    /// What was withdrawn is not served without the database, also not for the day that clients are given with it.
    private void fill(DSLContext sql, Optional<ChannelRow> before, int maxFiles) {
        before.ifPresent(known -> sql.fetch("""
            select f.pool_path, f.filename from admission a join package_file f on f.package_id = a.package_id
            where a.channel_id = ? and a.removed_generation > ?""", channel.id(), known.generation()).forEach(row -> {
                pool.remove(row.get("pool_path", String.class));
                pool.remove(BY_FILE_NAME + row.get("filename", String.class));
            }));
        int left = Math.max(0, maxFiles - pool.size());
        sql.fetch("""
            select f.pool_path, f.filename, f.sha256, f.position from admission a
            join package_file f on f.package_id = a.package_id
            where a.channel_id = ? and a.place >= ? and a.removed_at is null
            order by a.place desc limit ?""", channel.id(), before.map(ChannelRow::nextPlace).orElse(0L), left)
            .forEach(row -> {
                var blob = new BlobId(row.get("sha256", String.class));
                pool.put(row.get("pool_path", String.class), blob);
                if (channel.isMain() && row.get("position", Integer.class) == 0) {
                    pool.put(BY_FILE_NAME + row.get("filename", String.class), blob);
                }
            });
    }

    ChannelRow channel() {
        return channel;
    }

    String key() {
        return key;
    }

    int files() {
        return pool.size();
    }

    Optional<byte[]> root(String path) {
        return Optional.ofNullable(roots.get(path));
    }

    Optional<IndexReader.PublishedIndex> current(List<ViewKey> views, IndexForm form) {
        return views.stream().map(view -> Optional.ofNullable(indexes.get(new IndexName(view, form))))
            .flatMap(Optional::stream).findFirst();
    }

    /// Of the generation that is kept.
    Optional<IndexReader.PublishedIndex> byHash(String sha256) {
        return indexes.values().stream().filter(index -> index.sha256().equals(sha256)).findFirst();
    }

    Optional<BlobId> inPool(String path) {
        return pool.find(path);
    }

    Optional<BlobId> byFileName(String filename) {
        return pool.find(BY_FILE_NAME + filename);
    }
}
