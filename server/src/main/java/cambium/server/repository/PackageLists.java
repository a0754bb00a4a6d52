package cambium.server.repository;

import cambium.formats.PackageType;
import cambium.server.sql.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Lists, counts and groups packages as the API pages them: by page numbers and with exact totals. A whole list is read
/// along the index of each suite and counted by adding up changes; a search reads what the index of parts of file names
/// gives, see migration V40.
final class PackageLists {
    private static final int MAX_VERSIONS = 10_000;

    private final Database database;

    PackageLists(Database database) {
        this.database = database;
    }

    /// A name with its versions in one place.
    record Group(KnownSuite suite, PackageType type, String name, String architecture, int versions) {}

    /// One page of a list and the length of the whole.
    record Page<T>(List<T> items, int total) {
        static <T> Page<T> empty() {
            return new Page<>(List.of(), 0);
        }
    }

    /// Newest first; the order is stable while nothing is pushed or deleted.
    Page<StoredPackage> page(PackageQuery query, int offset, int limit) {
        return query.text().isEmpty() ? walked(query, offset, limit) : searched(query, offset, limit);
    }

    private Page<StoredPackage> walked(PackageQuery query, int offset, int limit) {
        var sql = new Statement().add("select newest.id from suite s cross join lateral (select p.id from package p "
            + "where p.suite_id = s.id and p.deleted_at is null");
        conditions(sql, query);
        sql.add(" order by p.id desc limit ?", (long) offset + limit).add(") newest where");
        suites(sql, query.repositoryId(), query.distribution(), query.codename());
        sql.add(" order by newest.id desc limit ? offset ?", limit, offset);
        return database.read(in -> new Page<>(stored(in, in.fetch(sql.text(), sql.values())
            .map(row -> row.get("id", Long.class)).toArray(Long[]::new)), count(in, query)));
    }

    private Page<StoredPackage> searched(PackageQuery query, int offset, int limit) {
        var sql = new Statement();
        found(sql, query);
        sql.add(" select (select count(*) from found) as n, "
            + "array(select id from found order by id desc limit ? offset ?) as ids", limit, offset);
        return database.read(in -> {
            Record row = in.fetchSingle(sql.text(), sql.values());
            return new Page<>(stored(in, row.get("ids", Long[].class)), row.get("n", Integer.class));
        });
    }

    private static List<StoredPackage> stored(DSLContext sql, Long[] ids) {
        return sql.fetch(PackageRows.COLUMNS + "where p.id = any(?::bigint[]) order by p.id desc", (Object) ids)
            .map(PackageRows::stored);
    }

    /// Materialised, so that the order asked for afterwards never makes PostgreSQL read all packages by age instead.
    private static void found(Statement sql, PackageQuery query) {
        sql.add("with found as materialized (select p.id from package p join suite s on s.id = p.suite_id "
            + "where p.deleted_at is null and");
        suites(sql, query.repositoryId(), query.distribution(), query.codename());
        conditions(sql, query);
        if (!query.text().isEmpty()) {
            sql.add(" and lower(p.filename) like ?", "%" + query.text().toLowerCase(Locale.ROOT)
                .replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%");
        }
        sql.add(")");
    }

    private static void suites(Statement sql, long repositoryId, Optional<String> distribution,
        Optional<String> codename) {
        sql.add(" s.repository_id = ?", repositoryId);
        distribution.ifPresent(value -> sql.add(" and s.distribution = ?", value));
        codename.ifPresent(value -> sql.add(" and s.codename = ?", value));
    }

    private static void conditions(Statement sql, PackageQuery query) {
        query.type().ifPresent(type -> sql.add(" and p.type = ?", type.word()));
        query.architecture().ifPresent(value -> sql.add(" and p.architecture = ?", value));
    }

    int count(PackageQuery query) {
        return database.read(sql -> count(sql, query));
    }

    private static int count(DSLContext in, PackageQuery query) {
        var sql = new Statement();
        if (query.text().isEmpty() && query.architecture().isEmpty()) {
            sql.add("select coalesce(sum(t.change), 0) as n from suite s join package_tally t on t.suite_id = s.id "
                + "where");
            suites(sql, query.repositoryId(), query.distribution(), query.codename());
            query.type().ifPresent(type -> sql.add(" and t.type = ?", type.word()));
        } else {
            found(sql, query);
            sql.add(" select count(*) as n from found");
        }
        return in.fetchSingle(sql.text(), sql.values()).get("n", Integer.class);
    }

    /// The versions of one name and architecture in a suite, newest upload first; at most 10,000.
    List<StoredPackage> versions(long repositoryId, KnownSuite suite, PackageType type, String name,
        String architecture) {
        return database.read(sql -> sql.fetch(PackageRows.COLUMNS + """
            where s.repository_id = ? and s.distribution = ? and s.codename = ? and p.type = ? and p.name = ?
                and p.architecture = ? and p.deleted_at is null order by p.id desc limit ?""",
            repositoryId, suite.distribution(), suite.codename(), type.word(), name, architecture, MAX_VERSIONS)
            .map(PackageRows::stored));
    }

    /// One page of names, in their order.
    Page<Group> groups(PackageGroupQuery query, int offset, int limit) {
        var sql = new Statement().add("with named as materialized (select s.id, p.name, p.architecture, "
            + "count(*) as versions from package p join suite s on s.id = p.suite_id "
            + "where p.deleted_at is null and p.type = ? and", query.type().word());
        suites(sql, query.repositoryId(), query.distribution(), query.codename());
        query.architecture().ifPresent(value -> sql.add(" and p.architecture = ?", value));
        sql.add(" group by s.id, p.name, p.architecture)");
        String total = sql.text() + " select count(*) as n from named";
        Object[] totalValues = sql.values();
        sql.add(" select s.distribution, s.codename, s.distro_version_id, s.family, n.name, n.architecture, "
            + "n.versions, (select count(*) from named) as total from named n join suite s on s.id = n.id "
            + "order by n.name, s.distribution, s.codename, n.architecture limit ? offset ?", limit, offset);
        return database.read(in -> {
            var rows = in.fetch(sql.text(), sql.values());
            return new Page<>(rows.map(row -> group(query.type(), row)), rows.isEmpty()
                ? in.fetchSingle(total, totalValues).get("n", Integer.class)
                : rows.getFirst().get("total", Integer.class));
        });
    }

    private static Group group(PackageType type, Record row) {
        return new Group(Suites.suite(row), type, row.get("name", String.class),
            row.get("architecture", String.class), row.get("versions", Integer.class));
    }

    /// Gathers the changes of each suite into one, so that adding up stays quick.
    void gatherTallies() {
        database.transact(sql -> sql.execute("""
            with gone as (delete from package_tally returning suite_id, type, change)
            insert into package_tally (suite_id, type, change)
            select suite_id, type, sum(change) from gone group by suite_id, type"""));
    }

    /// SQL text that grows together with its values.
    private static final class Statement {
        private final StringBuilder text = new StringBuilder();
        private final List<Object> values = new ArrayList<>();

        Statement add(String more, Object... moreValues) {
            text.append(more);
            values.addAll(List.of(moreValues));
            return this;
        }

        String text() {
            return text.toString();
        }

        Object[] values() {
            return values.toArray();
        }
    }
}
