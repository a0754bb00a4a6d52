package cambium.server.repository;

import cambium.server.repository.format.Formats;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.statistics.UsageLog;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/// Moves or copies a package to the same suite of another repository, in one transaction: it waits for the index of its
/// new place; when it moves, it is withdrawn from every channel of the old one, where its name stays taken, and what is
/// known of its downloads is forgotten. Its bytes are not touched.
final class Promotion {
    private static final String LIVE = "where s.repository_id = ? and s.distribution = ? and s.codename = ? "
        + "and p.filename = ? and p.deleted_at is null";

    private final Database database;
    private final Formats formats;
    private final PackagePolicies policies;
    private final InstantSource clock;

    Promotion(Database database, Formats formats, PackagePolicies policies, InstantSource clock) {
        this.database = database;
        this.formats = formats;
        this.policies = policies;
        this.clock = clock;
    }

    /// Whether the package stays where it was.
    enum Way { MOVE, COPY }

    /// How a promotion ended.
    sealed interface Outcome {
        record Arrived(StoredPackage stored) implements Outcome {}

        record NoSuchPackage() implements Outcome {}

        /// The name is taken at the destination, for whatever bytes, or was there by others before.
        record Taken(String reason) implements Outcome {}

        /// The destination takes no such packages.
        record Unwanted(String reason) implements Outcome {}
    }

    /// `from` and `to` are two repositories.
    Outcome bring(Way way, StoredRepository from, StoredRepository to, KnownSuite suite, String filename)
        throws IOException {
        if (from.id() == to.id()) {
            throw new IllegalArgumentException("a package is brought to another repository");
        }
        Optional<StoredPackage> wanted = database.read(sql -> find(sql, from, suite, filename, ""));
        if (wanted.isPresent()) {
            Optional<String> objection = policies.objection(wanted.get(), to.id());
            if (objection.isPresent()) {
                return new Outcome.Unwanted("the package " + objection.get());
            }
        }
        return database.transact(sql -> {
            BlobRows.holdCollector(sql);
            boolean hasIndexes = formats.layout(suite.family()).hasIndexes();
            if (find(sql, from, suite, filename, "").isEmpty()) {
                return new Outcome.NoSuchPackage();
            }
            long target = Suites.ensure(sql, to.id(), suite, hasIndexes);
            hold(sql, from, suite, target);
            return find(sql, from, suite, filename, " for update of p").map(stored ->
                bring(sql, way, stored, target, hasIndexes)).orElseGet(Outcome.NoSuchPackage::new);
        });
    }

    private static Optional<StoredPackage> find(DSLContext sql, StoredRepository repository, KnownSuite suite,
        String filename, String locking) {
        return sql.fetchOptional(PackageRows.COLUMNS + LIVE + locking, repository.id(), suite.distribution(),
            suite.codename(), filename).map(PackageRows::stored);
    }

    /// Both suites in one order and before any package, so that two promotions in opposite directions wait in a line.
    private static void hold(DSLContext sql, StoredRepository from, KnownSuite suite, long target) {
        sql.fetch("""
            select id from suite where id = ? or repository_id = ? and distribution = ? and codename = ?
            order by id for no key update""", target, from.id(), suite.distribution(), suite.codename());
    }

    private Outcome bring(DSLContext sql, Way way, StoredPackage stored, long target, boolean hasIndexes) {
        Optional<Outcome> held = Stream.of(heldByName(sql, stored, target), heldByFile(sql, stored, target))
            .flatMap(Optional::stream).findFirst();
        if (held.isPresent()) {
            return held.get();
        }
        Instant now = clock.instant();
        long moved = tombstone(sql, stored, target).map(id -> revived(sql, id, stored, now))
            .orElseGet(() -> copied(sql, stored.id(), target, now));
        if (hasIndexes) {
            long channel = Suites.ensureChannel(sql, target, OptionalInt.empty());
            Admissions.request(sql, channel, List.of(moved), now);
        } else {
            sql.execute("update package set state = 'indexed' where id = ?", moved);
        }
        if (way == Way.MOVE) {
            sql.execute("update package set state = 'deleted', deleted_at = ?::timestamptz where id = ?", now,
                stored.id());
            Admissions.withdraw(sql, stored.id(), now);
            UsageLog.forgetDownloads(sql, stored.id());
        }
        Notices.notify(sql, Packages.WORK, "");
        return new Outcome.Arrived(PackageRows.stored(sql.fetchSingle(PackageRows.COLUMNS + "where p.id = ?", moved)));
    }

    private static Optional<Outcome> heldByName(DSLContext sql, StoredPackage stored, long target) {
        return sql.fetchOptional(PackageRows.COLUMNS + "where p.suite_id = ? and p.filename = ? for update of p",
            target, stored.filename()).map(PackageRows::stored).flatMap(there -> {
                if (there.state() != StoredPackage.IndexState.DELETED) {
                    return Optional.of(new Outcome.Taken("the destination has a package of this file name"));
                }
                return digests(there).equals(digests(stored)) ? Optional.empty() : Optional.of(new Outcome.Taken(
                    "this file name belongs to a deleted package of the destination with other bytes"));
            });
    }

    private static List<String> digests(StoredPackage stored) {
        return stored.files().stream().map(file -> file.digests().sha256()).toList();
    }

    /// Source packages may share files, as long as they mean the same bytes.
    private static Optional<Outcome> heldByFile(DSLContext sql, StoredPackage stored, long target) {
        for (PackageFile file : stored.files()) {
            if (sql.fetchOptional("select 1 from package_file where suite_id = ? and pool_path = ? and sha256 <> ? "
                + "limit 1", target, file.poolPath(), file.digests().sha256()).isPresent()) {
                return Optional.of(new Outcome.Taken("the file name " + file.filename() + " holds other bytes there"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> tombstone(DSLContext sql, StoredPackage stored, long target) {
        return sql.fetchOptional("select id from package where suite_id = ? and filename = ?", target,
            stored.filename()).map(row -> row.get("id", Long.class));
    }

    private static long revived(DSLContext sql, long id, StoredPackage stored, Instant now) {
        sql.execute("update package set state = 'pending', deleted_at = null, failure = null, "
            + "withdrawn_by = null, withdrawn_why = null, uploader = ?, uploaded_at = ?::timestamptz where id = ?",
            stored.uploader(), now, id);
        UsageLog.forgetDownloads(sql, id);
        return id;
    }

    /// The pool of a suite looks the same in every repository, and so do the entries in its indexes.
    private static long copied(DSLContext sql, long packageId, long target, Instant now) {
        long copy = sql.fetchSingle("""
            insert into package (suite_id, type, filename, name, full_version, epoch, version, release, architecture,
                summary, description, details, uploader, uploaded_at, state)
            select ?, type, filename, name, full_version, epoch, version, release, architecture, summary, description,
                details, uploader, ?::timestamptz, 'pending' from package where id = ? returning id""",
            target, now, packageId).get("id", Long.class);
        sql.execute("""
            insert into package_file (package_id, position, suite_id, filename, pool_path, sha256, size_bytes, md5,
                sha1, sha512)
            select ?, position, ?, filename, pool_path, sha256, size_bytes, md5, sha1, sha512 from package_file
            where package_id = ?""", copy, target, packageId);
        sql.execute("""
            insert into package_entry (package_id, kind, architecture, entry)
            select ?, kind, architecture, entry from package_entry where package_id = ?""", copy, packageId);
        return copy;
    }
}
