package cambium.server.repository;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;

/// Frees blobs that no row names: a process made them durable and died before its transaction committed. Only those
/// older than a day, which nobody can still be about to name, and only while nobody is naming any.
final class UnnamedBlobs {
    static final int FOLDERS = 256;

    private final Database database;
    private final BlobStore blobs;
    private final InstantSource clock;
    private int next;

    UnnamedBlobs(Database database, BlobStore blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// Looks at the next so many of the 256 parts of the store, by the first two digits. Returns how many were freed.
    int sweep(int folders) {
        Instant before = clock.instant().minus(Collector.KEPT);
        int freed = 0;
        for (int i = 0; i < folders; i++) {
            String twoDigits = "%02x".formatted(next);
            next = (next + 1) % FOLDERS;
            freed += database.transact(sql -> sweep(sql, before, twoDigits));
        }
        return freed;
    }

    private int sweep(DSLContext sql, Instant before, String twoDigits) {
        if (!BlobRows.becomeCollector(sql)) {
            return 0;
        }
        try {
            Set<BlobId> unnamed = new TreeSet<>(blobs.storedBefore(before, twoDigits));
            if (unnamed.isEmpty()) {
                return 0;
            }
            sql.fetch("select sha256 from blob where sha256 = any(?) and freed_at is null",
                (Object) unnamed.stream().map(BlobId::sha256).toArray(String[]::new))
                .forEach(row -> unnamed.remove(new BlobId(row.get("sha256", String.class))));
            for (BlobId blob : unnamed) {
                blobs.delete(blob);
            }
            return unnamed.size();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
