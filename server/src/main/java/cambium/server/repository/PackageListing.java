package cambium.server.repository;

import cambium.formats.PackageFamily;
import cambium.formats.PackageType;
import cambium.server.sql.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Lists and counts packages for people, at a cost that hardly grows with the repository: a list is read on from a
/// known place and ends after a page, a count ends at a bound. It does not ask who reads: whoever calls it has to.
public final class PackageListing {
    /// Notices on this channel say: something was pushed, admitted or withdrawn.
    public static final String PUSHED = Packages.WORK;
    private static final String ROWS = PackageRows.COLUMNS + "where p.id = any(?::bigint[])";

    private final Database database;

    PackageListing(Database database) {
        this.database = database;
    }

    /// Which packages: file names that contain `text` in any case; of this type, distribution, codename or
    /// architecture, and only those that could not be indexed, where asked.
    public record Wanted(String text, Optional<PackageType> type, Optional<String> distribution,
        Optional<String> codename, Optional<String> architecture, boolean onlyFailed) {}

    /// From where to read: `number` is a package's id; none stands for the newest.
    public record From(Optional<Long> number, boolean towardsNewer) {
        public static final From THE_NEWEST = new From(Optional.empty(), false);
    }

    /// Newest first. `more`: there are others beyond the last in the direction of reading.
    public record Page(List<Listed> packages, boolean more) {
        public Page {
            packages = List.copyOf(packages);
        }
    }

    public record Listed(long repositoryId, StoredPackage stored) {}

    /// How many packages there are; when the last was pushed; how many wait for the index, and how
    /// many could not be indexed, each at most 1,000.
    public record Figures(long packages, Optional<Instant> lastPush, long waiting, long failed) {}

    /// A suite with packages, and the architectures that its indexes of binary packages have.
    public record SuiteFigures(KnownSuite suite, List<String> architectures) {
        public SuiteFigures {
            architectures = List.copyOf(architectures);
        }
    }

    /// At most `limit` packages of these repositories.
    public Page page(List<Long> repositoryIds, Wanted wanted, From from, int limit) {
        return database.read(sql -> {
            List<Long> ids = wanted.onlyFailed() ? failed(sql, repositoryIds, from, limit + 1)
                : ids(sql, repositoryIds, wanted, from, limit + 1);
            boolean more = ids.size() > limit;
            List<Long> shown = new ArrayList<>(more ? ids.subList(0, limit) : ids);
            if (from.towardsNewer()) {
                Collections.reverse(shown);
            }
            Map<Long, Listed> rows = sql.fetch(ROWS, (Object) shown.toArray(Long[]::new)).stream()
                .map(row -> new Listed(row.get("repository_id", Long.class), PackageRows.stored(row)))
                .collect(Collectors.toMap(listed -> listed.stored().id(), Function.identity()));
            return new Page(shown.stream().map(rows::get).toList(), more);
        });
    }

    /// Each suite is read along its own index, so that none is sorted as a whole. `id + 0` is in that index alone: by
    /// the plain id PostgreSQL would look for the few packages of a small suite among those of all others.
    private static List<Long> ids(DSLContext sql, List<Long> repositoryIds, Wanted wanted, From from, int limit) {
        String order = from.towardsNewer() ? "asc" : "desc";
        String query = """
            select p.id from suite s cross join lateral (
                select id from package where suite_id = s.id and deleted_at is null and id + 0 %s ?
                    and (? = '' or strpos(lower(filename), lower(?)) > 0) and (? = '' or architecture = ?)
                    and (? = '' or type = ?)
                order by id + 0 %s limit ?) p
            where s.repository_id = any(?::bigint[]) and (? = '' or s.distribution = ?) and (? = '' or s.codename = ?)
                and (? = '' or s.family = ?)
            order by p.id %s limit ?""".formatted(from.towardsNewer() ? ">" : "<", order, order);
        String architecture = wanted.architecture().orElse("");
        String distribution = wanted.distribution().orElse("");
        String codename = wanted.codename().orElse("");
        String type = wanted.type().map(PackageType::word).orElse("");
        String family = wanted.type().map(PackageType::family).map(PackageFamily::word).orElse("");
        return sql.fetch(query, place(from), wanted.text(), wanted.text(), architecture, architecture, type, type,
            limit, repositoryIds.toArray(Long[]::new), distribution, distribution, codename, codename, family, family,
            limit)
            .map(row -> row.get("id", Long.class));
    }

    private static long place(From from) {
        return from.number().orElse(from.towardsNewer() ? 0 : Long.MAX_VALUE);
    }

    private static List<Long> failed(DSLContext sql, List<Long> repositoryIds, From from, int limit) {
        return sql.fetch("""
            select p.id from admission a join package p on p.id = a.package_id join channel c on c.id = a.channel_id
                join suite s on s.id = c.suite_id
            where a.failure is not null and a.live and p.state = 'failed' and c.ring is null
                and s.repository_id = any(?::bigint[]) and p.id %s ? order by p.id %s limit ?"""
                .formatted(from.towardsNewer() ? ">" : "<", from.towardsNewer() ? "asc" : "desc"),
            repositoryIds.toArray(Long[]::new), place(from), limit).map(row -> row.get("id", Long.class));
    }

    public Figures figures(long repositoryId) {
        return database.read(sql -> {
            Record row = sql.fetchSingle("""
                select (select coalesce(sum(t.change), 0)::bigint from suite s join package_tally t on t.suite_id = s.id
                        where s.repository_id = r.id) as packages,
                    (select max(last.at) from suite s cross join lateral (
                        select max(uploaded_at) as at from package where suite_id = s.id and deleted_at is null) last
                        where s.repository_id = r.id) as last_push,
                    (select count(*) from (select 1 from suite s join channel c on c.suite_id = s.id and c.ring is null
                        join admission a on a.channel_id = c.id
                        where s.repository_id = r.id and a.work is not null limit 1000) waits) as waiting,
                    (select count(*) from (select 1 from suite s join channel c on c.suite_id = s.id and c.ring is null
                        join admission a on a.channel_id = c.id join package p on p.id = a.package_id
                        where s.repository_id = r.id and a.failure is not null and a.live and p.state = 'failed'
                        limit 1000) broken) as failed
                from (select ?::bigint as id) r""", repositoryId);
            return new Figures(row.get("packages", Long.class),
                Optional.ofNullable(row.get("last_push", Instant.class)), row.get("waiting", Long.class),
                row.get("failed", Long.class));
        });
    }

    /// In order of distribution and codename.
    public List<SuiteFigures> suites(long repositoryId) {
        return database.read(sql -> sql.fetch("""
            select s.distro_version_id, s.distribution, s.codename, s.family,
                array_remove(array_agg(distinct v.architecture order by v.architecture), null) as architectures
            from suite s left join channel c on c.suite_id = s.id and c.ring is null
                left join index_view v on v.channel_id = c.id and v.kind in ('packages', 'primary')
                    and v.architecture <> 'SRPMS'
            where s.repository_id = ? group by s.id order by s.distribution, s.codename""", repositoryId)
            .map(row -> new SuiteFigures(Suites.suite(row),
                Arrays.asList(row.get("architectures", String[].class)))));
    }

    /// Changes whenever something of the repository has been pushed, published or taken away; cheap to ask.
    public String stamp(long repositoryId) {
        return database.read(sql -> {
            Record row = sql.fetchSingle("""
                select coalesce(sum(c.generation), 0) as generations, coalesce(max(last.id), 0) as last,
                    coalesce(sum(waiting.n), 0) as waiting
                from suite s join channel c on c.suite_id = s.id and c.ring is null
                    left join lateral (select id from package where suite_id = s.id and deleted_at is null
                        order by id + 0 desc limit 1) last on true
                    left join lateral (select count(*) as n from admission
                        where channel_id = c.id and work is not null) waiting on true
                where s.repository_id = ?""", repositoryId);
            return row.get("generations") + "." + row.get("last") + "." + row.get("waiting");
        });
    }
}
