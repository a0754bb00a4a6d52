package cambium.server.repository;

import cambium.server.blob.BlobDigests;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Keeps the files of Maven's clients. A path, once written, keeps its bytes, but for the metadata of a snapshot.
final class MavenFiles {
    private final Database database;
    private final BlobStore blobs;
    private final InstantSource clock;

    MavenFiles(Database database, BlobStore blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// A file as it is stored.
    record MavenFile(MavenPath path, BlobDigests digests, long sizeBytes, Instant uploadedAt) {}

    /// Stores the bytes and commits them; false when the path is taken. The caller closes the staged bytes.
    boolean store(long repositoryId, MavenPath path, StagedBlob staged, String uploader) {
        return database.transact(sql -> {
            BlobRows.holdCollector(sql);
            if (!insert(sql, repositoryId, path, staged, uploader)) {
                return false;
            }
            BlobRows.name(sql, staged.id(), staged.sizeBytes(), clock.instant());
            try {
                blobs.commit(staged);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
            return true;
        });
    }

    private boolean insert(DSLContext sql, long repositoryId, MavenPath path, StagedBlob staged, String uploader) {
        String onConflict = path.isReplaceable() ? "on conflict (repository_id, path) do update set sha256 = "
            + "excluded.sha256, size_bytes = excluded.size_bytes, md5 = excluded.md5, sha1 = excluded.sha1, "
            + "sha512 = excluded.sha512, uploader = excluded.uploader, uploaded_at = excluded.uploaded_at"
            : "on conflict do nothing";
        Optional<MavenPath.Place> place = path.place();
        BlobDigests digests = staged.digests();
        return sql.execute("""
            insert into maven_file (repository_id, path, artifact_path, version, sha256, size_bytes, md5, sha1, sha512,
                uploader, uploaded_at)
            values (?, ?, nullif(?, ''), nullif(?, ''), ?, ?, ?, ?, ?, ?, ?::timestamptz)\s""" + onConflict,
            repositoryId, path.text(), place.map(MavenPath.Place::ofName).orElse(""),
            place.map(MavenPath.Place::version).orElse(""), digests.sha256(), staged.sizeBytes(), digests.md5(),
            digests.sha1(), digests.sha512(), uploader, clock.instant()) > 0;
    }

    Optional<MavenFile> find(long repositoryId, MavenPath path) {
        return database.read(sql -> sql.fetchOptional("""
            select * from maven_file where repository_id = ? and path = ? and withdrawn_at is null""",
            repositoryId, path.text()).map(row -> file(path, row)));
    }

    /// The file of that name below a group such as `org.example`: in the folder of a version of one of its names.
    Optional<MavenFile> named(long repositoryId, String group, String filename) {
        return MavenPath.parse(group.replace('.', '/') + "/" + filename).flatMap(near -> database.read(sql ->
            sql.fetchOptional("""
                select * from maven_file where repository_id = ? and artifact_path = any(?::text[])
                    and path = artifact_path || '/' || version || '/' || ? and withdrawn_at is null limit 1""",
                repositoryId, near.namesBeside().toArray(String[]::new), filename)
                .map(row -> file(new MavenPath(row.get("path", String.class)), row))));
    }

    /// Serves a file no more; its path stays taken. False when there is none.
    boolean withdraw(long repositoryId, MavenPath path) {
        return database.transact(sql -> sql.execute("""
            update maven_file set withdrawn_at = ?::timestamptz
            where repository_id = ? and path = ? and withdrawn_at is null""",
            clock.instant(), repositoryId, path.text())) > 0;
    }

    /// The metadata that lists the versions of a name, such as `org/example/thing`; empty when there are none.
    Optional<byte[]> metadata(long repositoryId, String ofName) {
        return database.read(sql -> {
            var rows = sql.fetch("""
                select version, min(id) as first, max(uploaded_at) as last from maven_file
                where repository_id = ? and artifact_path = ? and withdrawn_at is null
                group by version order by first limit 10000""",
                repositoryId, ofName);
            return rows.isEmpty() ? Optional.empty() : Optional.of(MavenMetadata.xml(ofName,
                rows.map(row -> row.get("version", String.class)), rows.stream()
                    .map(row -> row.get("last", Instant.class)).max(Instant::compareTo).orElseThrow()));
        });
    }

    private static MavenFile file(MavenPath path, Record row) {
        return new MavenFile(path, new BlobDigests(row.get("md5", String.class), row.get("sha1", String.class),
            row.get("sha256", String.class), row.get("sha512", String.class)), row.get("size_bytes", Long.class),
            row.get("uploaded_at", Instant.class));
    }
}
