package cambium.server.repository.statistics;

import cambium.server.sql.Database;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jooq.Record;

/// Reads the figures: totals, counts in a time, series, and single events. It does not ask who reads.
public final class UsageReader {
    /// Longer series are cut at their beginning.
    public static final int MAX_POINTS = 1_000;

    private final Database database;

    public UsageReader(Database database) {
        this.database = database;
    }

    /// A single event. `hostname` and `suite` (`debian/bookworm`) are there for installs only.
    public record CountedFetch(Fetch fetch, Optional<String> hostname, Optional<String> suite) {}

    /// All downloads of a package since it came to its place, also those whose events are no longer kept.
    public long downloads(long packageId) {
        return total("select downloads as n from package_download_total where package_id = ?", packageId);
    }

    /// All installs of a repository.
    public long installs(long repositoryId) {
        return total("select installs as n from repository_install_total where repository_id = ?", repositoryId);
    }

    private long total(String query, long id) {
        return database.read(sql -> sql.fetchOptional(query, id).map(row -> row.get("n", Long.class)).orElse(0L));
    }

    public int count(UsageSubject subject, UsageQuery query) {
        return database.read(sql -> sql.fetchSingle("select count(*) as n " + subject.from() + query.condition(),
            values(subject, query)).get("n", Integer.class));
    }

    /// Newest first, `limit` from `offset` on.
    public List<CountedFetch> events(UsageSubject subject, UsageQuery query, int offset, int limit) {
        boolean ofInstalls = subject instanceof UsageSubject.OfRepository;
        return database.read(sql -> sql.fetch("select * " + subject.from() + query.condition()
            + " order by at desc, id desc limit ? offset ?", values(subject, query, limit, offset))
            .map(row -> event(row, ofInstalls)));
    }

    /// One count per step of the time asked for, nought where nothing was; by the key of the step, oldest first.
    public SequencedMap<String, Long> series(UsageSubject subject, UsageQuery query, SeriesInterval interval) {
        var counts = new LinkedHashMap<LocalDateTime, Long>();
        database.read(sql -> sql.fetch("select date_trunc('" + interval.sqlUnit()
            + "', at at time zone 'UTC') as step, count(*) as n " + subject.from() + query.condition()
            + " group by step order by step", values(subject, query)))
            .forEach(row -> counts.put(row.get("step", LocalDateTime.class), row.get("n", Long.class)));
        return filled(counts, query, interval);
    }

    /// The downloads of all packages of a repository, or of this distribution and codename of it, by days or longer
    /// steps; days are counted as a whole.
    public SequencedMap<String, Long> downloads(UsageSubject.OfRepository suites, UsageQuery query,
        SeriesInterval interval) {
        var counts = new LinkedHashMap<LocalDateTime, Long>();
        String distribution = suites.distribution().orElse("");
        String codename = suites.codename().orElse("");
        database.read(sql -> sql.fetch("select date_trunc('" + interval.sqlUnit() + """
            ', d.day::timestamp) as step, sum(d.downloads)::bigint as n
            from suite s join suite_download_day d on d.suite_id = s.id
            where s.repository_id = ? and (? = '' or s.distribution = ?) and (? = '' or s.codename = ?)
                and d.day >= (?::timestamptz at time zone 'UTC')::date and d.day <= (?::timestamptz at time zone 'UTC')
            group by step order by step""", suites.repositoryId(), distribution, distribution, codename, codename,
            query.from(), query.to()))
            .forEach(row -> counts.put(row.get("step", LocalDateTime.class), row.get("n", Long.class)));
        return filled(counts, query, interval);
    }

    /// Downloads with one token. `read` is empty where the master token itself was shown; `master` is empty once that
    /// is revoked.
    public record TokenDownloads(Optional<String> master, Optional<String> read, long downloads) {}

    /// The tokens of a repository that most was fetched with in this time, by whole days.
    public List<TokenDownloads> downloadsByToken(long repositoryId, UsageQuery query, int limit) {
        return database.read(sql -> sql.fetch("""
            select m.name as master, nullif(d.read_token, '') as read, d.downloads from (
                select master_token_id, read_token, sum(downloads)::bigint as downloads from token_download_day
                where repository_id = ? and day >= (?::timestamptz at time zone 'UTC')::date
                    and day <= (?::timestamptz at time zone 'UTC')
                group by master_token_id, read_token order by downloads desc, master_token_id, read_token limit ?) d
            left join master_token m on m.id = d.master_token_id
            order by d.downloads desc, d.master_token_id, d.read_token""", repositoryId, query.from(), query.to(),
            limit).map(row -> new TokenDownloads(Optional.ofNullable(row.get("master", String.class)),
                Optional.ofNullable(row.get("read", String.class)), row.get("downloads", Long.class))));
    }

    private static SequencedMap<String, Long> filled(Map<LocalDateTime, Long> counts, UsageQuery query,
        SeriesInterval interval) {
        var end = LocalDateTime.ofInstant(query.to(), ZoneOffset.UTC);
        var step = interval.start(query.from());
        var earliest = interval.plus(interval.start(query.to()), 1L - MAX_POINTS);
        var series = new LinkedHashMap<String, Long>();
        for (step = step.isBefore(earliest) ? earliest : step; step.isBefore(end); step = interval.plus(step, 1)) {
            series.put(interval.key(step), counts.getOrDefault(step, 0L));
        }
        return series;
    }

    private static Object[] values(UsageSubject subject, UsageQuery query, Object... more) {
        var values = new ArrayList<>(subject.values());
        values.addAll(query.values());
        values.addAll(List.of(more));
        return values.toArray();
    }

    private static CountedFetch event(Record row, boolean ofInstall) {
        var fetch = new Fetch(row.get("at", Instant.class), row.get("address", String.class),
            row.get("user_agent", String.class), Fetch.Source.of(row.get("source", String.class)), credential(row));
        return ofInstall ? new CountedFetch(fetch, Optional.of(row.get("hostname", String.class)),
                Optional.of(row.get("distribution", String.class) + "/" + row.get("codename", String.class)))
            : new CountedFetch(fetch, Optional.empty(), Optional.empty());
    }

    private static Fetch.Credential credential(Record row) {
        Long masterTokenId = row.get("master_token_id", Long.class);
        return new Fetch.Credential(masterTokenId == null ? OptionalLong.empty() : OptionalLong.of(masterTokenId),
            Optional.ofNullable(row.get("master_token", String.class)),
            Optional.ofNullable(row.get("read_token", String.class)));
    }
}
