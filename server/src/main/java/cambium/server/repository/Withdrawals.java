package cambium.server.repository;

import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.DSLContext;

/// Takes packages out of every channel at once, in two ways. A *yanked* package is gone: its name stays taken for its
/// bytes, and clients that hold an older index may fetch it for a day. One in *quarantine* cannot be fetched any more
/// from the commit on (from another process: a second later; by an address that was signed before: until that ends),
/// its bytes are kept, and it can come back to where it was.
public final class Withdrawals {
    /// More text than a person writes; it is shown in lists.
    static final int MAX_WHY_CHARACTERS = 1000;
    private static final int MAX_LISTED = 500;
    private static final String NAMED = """
        where s.repository_id = ? and s.distribution = ? and s.codename = ? and p.filename = ?\s""";

    private final Database database;
    private final InstantSource clock;
    private final PoolReader pool;

    Withdrawals(Database database, PoolReader pool, InstantSource clock) {
        this.database = database;
        this.pool = pool;
        this.clock = clock;
    }

    /// Why a package is not offered any more, and by whom.
    public record Withdrawn(StoredPackage stored, Instant since, String by, String why) {}

    /// False when no such package is offered. A package in quarantine can be yanked, too.
    boolean yank(long repositoryId, KnownSuite suite, String filename, String by, String why) {
        return withdraw(repositoryId, suite, filename, by, why, "deleted",
            "and (p.deleted_at is null or p.state = 'quarantined')");
    }

    /// False when no such package is offered.
    boolean quarantine(long repositoryId, KnownSuite suite, String filename, String by, String why) {
        return withdraw(repositoryId, suite, filename, by, why, "quarantined", "and p.deleted_at is null");
    }

    private boolean withdraw(long repositoryId, KnownSuite suite, String filename, String by, String why, String state,
        String offered) {
        boolean withdrawn = database.transact(sql -> {
            Optional<Long> found = held(sql, repositoryId, suite, filename, offered);
            found.ifPresent(id -> {
                Instant now = clock.instant();
                sql.execute("update admission set returns = ? where package_id = ? and (live or returns)",
                    state.equals("quarantined"), id);
                sql.execute("update package set state = ?, deleted_at = ?::timestamptz, withdrawn_by = ?, "
                    + "withdrawn_why = ? where id = ?", state, now, by, why, id);
                Admissions.withdraw(sql, id, now);
                Notices.notify(sql, Packages.WORK, "");
            });
            return found.isPresent();
        });
        pool.forget();
        return withdrawn;
    }

    /// Offers a package again in every channel from which its quarantine took it, at the end of each index. False when
    /// no such package is in quarantine.
    boolean release(long repositoryId, KnownSuite suite, String filename) {
        return database.transact(sql -> {
            Optional<Long> found = held(sql, repositoryId, suite, filename, "and p.state = 'quarantined'");
            found.ifPresent(id -> {
                List<Long> channels = sql.fetch("""
                    with back as (update admission set returns = false where package_id = ? and returns
                        returning channel_id)
                    select distinct channel_id from back order by channel_id""", id)
                    .map(row -> row.get("channel_id", Long.class));
                sql.execute("update package set state = ?, deleted_at = null, withdrawn_by = null, "
                    + "withdrawn_why = null where id = ?", channels.isEmpty() ? "indexed" : "pending", id);
                channels.forEach(channel -> Admissions.request(sql, channel, List.of(id), clock.instant()));
                Notices.notify(sql, Packages.WORK, "");
            });
            return found.isPresent();
        });
    }

    /// Tries again to index what has failed: one file, or everything of the repository. Returns how many packages.
    int reindex(long repositoryId, Optional<KnownSuite> suite, Optional<String> filename) {
        return database.transact(sql -> {
            List<Long> failed = sql.fetch("""
                select p.id from package p join suite s on s.id = p.suite_id
                where s.repository_id = ? and p.state = 'failed' and (? = '' or s.distribution = ?)
                    and (? = '' or s.codename = ?) and (? = '' or p.filename = ?) order by p.id for update of p""",
                repositoryId, suite.map(KnownSuite::distribution).orElse(""),
                suite.map(KnownSuite::distribution).orElse(""), suite.map(KnownSuite::codename).orElse(""),
                suite.map(KnownSuite::codename).orElse(""), filename.orElse(""), filename.orElse(""))
                .map(row -> row.get("id", Long.class));
            for (long id : failed) {
                sql.execute("update package set state = 'pending', failure = null where id = ?", id);
                sql.execute("""
                    update admission set work = 'admit', tries = 0, failure = null, not_before = ?::timestamptz
                    where package_id = ? and live and failure is not null""", clock.instant(), id);
            }
            Notices.notify(sql, Packages.WORK, "");
            return failed.size();
        });
    }

    /// How a withdrawn package was withdrawn; empty for one that is offered or was never there.
    Optional<StoredPackage.IndexState> withdrawn(long repositoryId, KnownSuite suite, String filename) {
        return database.read(sql -> sql.fetchOptional("select p.state from package p join suite s on s.id = p.suite_id "
            + NAMED + "and p.deleted_at is not null", repositoryId, suite.distribution(), suite.codename(), filename)
            .map(row -> StoredPackage.IndexState.valueOf(row.get("state", String.class).toUpperCase(Locale.ROOT))));
    }

    /// What was yanked or is in quarantine with a reason, the last first; at most 500.
    List<Withdrawn> list(long repositoryId) {
        return database.read(sql -> sql.fetch(PackageRows.COLUMNS.replaceFirst("select ",
            "select p.deleted_at, p.withdrawn_by, p.withdrawn_why, ") + """
            where s.repository_id = ? and p.deleted_at is not null and p.withdrawn_by is not null
            order by p.deleted_at desc, p.id desc limit ?""", repositoryId, MAX_LISTED).map(row ->
                new Withdrawn(PackageRows.stored(row), row.get("deleted_at", Instant.class),
                    row.get("withdrawn_by", String.class), row.get("withdrawn_why", String.class))));
    }

    private static Optional<Long> held(DSLContext sql, long repositoryId, KnownSuite suite, String filename,
        String more) {
        return sql.fetchOptional("select p.id from package p join suite s on s.id = p.suite_id " + NAMED + more
            + " for update of p", repositoryId, suite.distribution(), suite.codename(), filename)
            .map(row -> row.get("id", Long.class));
    }
}
