package cambium.server.repository;

import cambium.formats.ParseResult;
import cambium.formats.deb.DebVersion;
import cambium.formats.rpm.Evr;
import cambium.server.sql.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;

/// Yanks what a repository need not keep: of each name and architecture in a suite everything but the newest versions,
/// if it is old enough and no ring offers it.
final class Retention {
    static final String ACTOR = "retention";
    static final int MAX_VERSIONS = 1000;
    static final int MAX_DAYS = 36_500;
    private static final int MAX_AT_ONCE = 1000;

    private final Database database;
    private final Withdrawals withdrawals;
    private final InstantSource clock;

    Retention(Database database, Withdrawals withdrawals, InstantSource clock) {
        this.database = database;
        this.withdrawals = withdrawals;
        this.clock = clock;
    }

    /// Keeps at least `versions` of each, and whatever is younger than so many days.
    record Rule(int versions, int days) {}

    /// One package that a rule would yank, or has yanked.
    record Leaving(KnownSuite suite, String filename) {}

    Optional<Rule> rule(long repositoryId) {
        return database.read(sql -> sql.fetchOptional("select * from retention where repository_id = ?", repositoryId)
            .map(row -> new Rule(row.get("keep_versions", Integer.class), row.get("keep_days", Integer.class))));
    }

    void set(long repositoryId, Rule rule) {
        database.transact(sql -> sql.execute("""
            insert into retention (repository_id, keep_versions, keep_days) values (?, ?, ?)
            on conflict (repository_id) do update set keep_versions = excluded.keep_versions,
                keep_days = excluded.keep_days""", repositoryId, rule.versions(), rule.days()));
    }

    void end(long repositoryId) {
        database.transact(sql -> sql.execute("delete from retention where repository_id = ?", repositoryId));
    }

    /// Sees to every repository that has a rule; at most 1,000 packages of each at a time. Returns how many were
    /// yanked.
    int apply() {
        List<Long> ruled = database.read(sql -> sql.fetch("select repository_id from retention order by repository_id")
            .map(row -> row.get("repository_id", Long.class)));
        int yanked = 0;
        for (long repository : ruled) {
            Optional<Rule> rule = rule(repository);
            for (Leaving leaving : rule.map(known -> leaving(repository, known)).orElse(List.of())) {
                boolean gone = withdrawals.yank(repository, leaving.suite(), leaving.filename(), ACTOR,
                    "older than the " + rule.get().versions() + " newest versions and than " + rule.get().days()
                    + " days");
                yanked += gone ? 1 : 0;
            }
        }
        return yanked;
    }

    /// What the rule would yank now, the oldest push first.
    List<Leaving> leaving(long repositoryId, Rule rule) {
        return database.read(sql -> {
            var groups = sql.fetch("""
                select p.suite_id, p.type, p.name, p.architecture from package p join suite s on s.id = p.suite_id
                where s.repository_id = ? and p.deleted_at is null group by 1, 2, 3, 4 having count(*) > ?
                order by 1, 2, 3, 4""", repositoryId, rule.versions());
            var all = new ArrayList<Leaving>();
            for (Record group : groups) {
                var packages = sql.fetch("""
                    select p.filename, p.full_version, p.type, p.uploaded_at, s.*,
                        exists (select 1 from admission a join channel c on c.id = a.channel_id
                            where a.package_id = p.id and a.live and c.ring is not null) as in_ring
                    from package p join suite s on s.id = p.suite_id
                    where p.suite_id = ? and p.type = ? and p.name = ? and p.architecture = ? and p.deleted_at is null
                    order by p.id""", group.get("suite_id", Long.class), group.get("type", String.class),
                    group.get("name", String.class), group.get("architecture", String.class));
                packages.stream().sorted(newestFirst()).skip(rule.versions())
                    .filter(row -> !row.get("in_ring", Boolean.class) && !row.get("uploaded_at",
                        java.time.Instant.class).isAfter(clock.instant().minus(Duration.ofDays(rule.days()))))
                    .forEach(row -> all.add(new Leaving(Suites.suite(row), row.get("filename", String.class))));
            }
            return all.stream().limit(MAX_AT_ONCE).toList();
        });
    }

    private static Comparator<Record> newestFirst() {
        return (a, b) -> -order(a.get("type", String.class), a.get("full_version", String.class),
            b.get("full_version", String.class));
    }

    /// As the package manager orders them; what has no versions of a known order goes by text.
    private static int order(String type, String a, String b) {
        return switch (type) {
            case "deb", "dsc" -> order(DebVersion.parse(a), DebVersion.parse(b), a, b);
            case "rpm" -> order(Evr.parse(a), Evr.parse(b), a, b);
            default -> a.compareTo(b);
        };
    }

    private static <V extends Comparable<V>> int order(ParseResult<V> a, ParseResult<V> b, String textA,
        String textB) {
        return a instanceof ParseResult.Parsed<V>(V first) && b instanceof ParseResult.Parsed<V>(V second)
            ? first.compareTo(second) : textA.compareTo(textB);
    }
}
