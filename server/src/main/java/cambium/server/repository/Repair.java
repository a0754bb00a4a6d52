package cambium.server.repository;

import cambium.formats.ParseResult;
import cambium.server.blob.BlobDigests;
import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.repository.format.Formats;
import cambium.server.repository.format.PackageFormat;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jooq.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes database and blob store agree after either was restored to an earlier time (P-32). May run at any time and
/// again: on a sound pair it changes nothing but the numbers of the next generations.
///
/// Generations go on from a number that the lost database cannot have reached. A package whose bytes are gone becomes
/// FAILED and leaves its indexes; an index whose packs are gone is made again. Bytes that no row names are listed, with
/// the package that they are, and kept for thirty days; whose they were nobody can know.
final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);
    /// More than one channel publishes, and some more.
    private static final int GENERATIONS_A_SECOND = 20;
    private static final int MORE_GENERATIONS = 1000;
    private static final Duration KEPT = Duration.ofDays(30);
    private static final int BATCH = 500;

    private final Database database;
    private final BlobStore blobs;
    private final Formats formats;
    private final InstantSource clock;

    Repair(Database database, BlobStore blobs, Formats formats, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.formats = formats;
        this.clock = clock;
    }

    RepairReport run() {
        var report = new RepairReport();
        Instant now = clock.instant();
        int advanced = database.transact(sql -> sql.execute("""
            update channel c set sign_again = true, next_generation = greatest(c.next_generation, c.generation + ?
                + ceil(? * greatest(0, extract(epoch from ?::timestamptz - g.released_at)))::bigint)
            from channel_generation g where g.channel_id = c.id and g.generation = c.generation""",
            MORE_GENERATIONS, GENERATIONS_A_SECOND, now));
        failWhatIsGone(report);
        mavenFiles(report);
        report.channels(advanced, rebuildWhatIsGone());
        for (int part = 0; part < UnnamedBlobs.FOLDERS; part++) {
            keepUnnamed("%02x".formatted(part), report);
        }
        database.transact(sql -> {
            Notices.notify(sql, Packages.WORK, "");
            return advanced;
        });
        return report;
    }

    private void failWhatIsGone(RepairReport report) {
        int checked = 0;
        long after = 0;
        for (List<Record> batch = files(after); !batch.isEmpty(); batch = files(after)) {
            for (Record file : batch) {
                checked++;
                after = file.get("id", Long.class);
                problem(file).ifPresent(why -> fail(file, why, report));
            }
        }
        report.checked(checked);
    }

    /// The packages that somebody is promised, a row for each of their files, some packages at a time.
    private List<Record> files(long afterPackage) {
        return database.read(sql -> sql.fetch("""
            select p.id, p.filename, f.sha256, f.size_bytes, s.distribution || '/' || s.codename as suite,
                r.owner || '/' || r.name as repository
            from (select * from package where id > ? and deleted_at is null and state <> 'failed' order by id limit ?) p
            join package_file f on f.package_id = p.id join suite s on s.id = p.suite_id
            join repository r on r.id = s.repository_id order by p.id, f.position""", afterPackage, BATCH)
            .map(row -> row));
    }

    private Optional<String> problem(Record file) {
        OptionalLong stored = sizeBytes(file);
        if (stored.isEmpty()) {
            return Optional.of("its bytes were not in the blob store when it was repaired; push it again");
        }
        return stored.getAsLong() == file.get("size_bytes", Long.class) ? Optional.empty()
            : Optional.of("its bytes were damaged when the blob store was repaired; push it again");
    }

    private OptionalLong sizeBytes(Record row) {
        try {
            return blobs.sizeBytes(new BlobId(row.get("sha256", String.class)));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// It leaves every channel; pushing the same bytes again mends it.
    private void fail(Record file, String why, RepairReport report) {
        long id = file.get("id", Long.class);
        int failed = database.transact(sql -> {
            int changed = sql.execute("update package set state = 'failed', failure = ? where id = ? "
                + "and deleted_at is null and state <> 'failed'", why, id);
            if (changed > 0) {
                Admissions.withdraw(sql, id, clock.instant());
            }
            return changed;
        });
        if (failed > 0) {
            report.failed(file.get("repository", String.class), file.get("suite", String.class),
                file.get("filename", String.class), why);
        }
    }

    private void mavenFiles(RepairReport report) {
        database.read(sql -> sql.fetch("""
            select m.path, m.sha256, r.owner || '/' || r.name as repository
            from maven_file m join repository r on r.id = m.repository_id order by m.id""")).forEach(file -> {
                if (sizeBytes(file).isEmpty()) {
                    report.missing(file.get("repository", String.class), file.get("path", String.class));
                }
            });
    }

    /// Of how many channels.
    private int rebuildWhatIsGone() {
        var broken = new TreeSet<Long>();
        database.read(sql -> sql.fetch("""
            select distinct v.channel_id, c.pack_sha256 as sha256 from chunk_in_view c
            join index_view v on v.id = c.view_id
            where c.to_generation is null and v.stale_since is null order by 1, 2""")).forEach(pack -> {
                if (sizeBytes(pack).isEmpty()) {
                    broken.add(pack.get("channel_id", Long.class));
                }
            });
        broken.forEach(channel -> database.transact(sql -> {
            Rebuilds.askFor(sql, channel, clock.instant());
            return channel;
        }));
        return broken.size();
    }

    /// Nobody names blobs meanwhile, so that what a push is about to name is not taken for lost.
    private void keepUnnamed(String twoDigits, RepairReport report) {
        List<BlobId> kept = database.transact(sql -> {
            BlobRows.waitToBeCollector(sql);
            try {
                var unnamed = new TreeSet<>(blobs.storedBefore(Instant.MAX, twoDigits));
                sql.fetch("select sha256 from blob where sha256 = any(?) and freed_at is null",
                    (Object) unnamed.stream().map(BlobId::sha256).toArray(String[]::new))
                    .forEach(row -> unnamed.remove(new BlobId(row.get("sha256", String.class))));
                for (BlobId blob : unnamed) {
                    // The collector leaves alone what was named lately.
                    BlobRows.name(sql, blob, blobs.sizeBytes(blob).orElse(0), clock.instant().plus(KEPT));
                }
                return List.copyOf(unnamed);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
        kept.forEach(blob -> report.unnamed(blob.sha256(), new Stored(blobs, blob).sizeBytes(), packageIn(blob)));
    }

    /// The canonical name of the package that a blob is; empty for packs and whatever cannot be read by itself.
    private String packageIn(BlobId blob) {
        var stored = new Stored(blobs, blob);
        try (InputStream in = stored.open()) {
            byte[] start = in.readNBytes(PackageFormat.START_BYTES);
            Optional<PackageFormat> format = formats.formats().stream()
                .filter(one -> one.recognises(start)).findFirst();
            return format.isPresent() && format.get().read(Submission.of(stored))
                instanceof ParseResult.Parsed<ReadPackage>(ReadPackage read) ? read.description().fileName() : "";
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("cannot tell what blob {} is: {}", blob.sha256(), unreadable.toString());
            return "";
        }
    }

    /// A blob as a format wants to read it.
    private record Stored(BlobStore blobs, BlobId id) implements StagedBlob {
        @Override
        public BlobDigests digests() {
            throw new IllegalStateException("nobody asks for the digests of a blob that is only looked at");
        }

        @Override
        public long sizeBytes() {
            try {
                return blobs.sizeBytes(id).orElse(0);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        @Override
        public InputStream open() throws IOException {
            return blobs.open(id, 0, sizeBytes());
        }

        @Override
        public void close() {
            // It stays where it is.
        }
    }
}
