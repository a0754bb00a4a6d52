package cambium.server.repository.statistics;

import cambium.server.http.Json;
import cambium.server.sql.Database;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;

/// Writes the tables of statistics. A batch is one statement per table; rows of totals are taken in order of their
/// number, so that two writers never wait for each other in a circle.
final class UsageTables {
    private static final int DELETED_AT_ONCE = 10_000;
    /// After single events have gone. A page looks back twelve months, and each machine may have a token of its own.
    private static final int TOKEN_DAYS = 370;
    private static final String FETCH = "at, address, user_agent, source, master_token_id, master_token, read_token";
    private static final String DOWNLOADS = """
        jsonb_to_recordset(?::jsonb) as event(package_id bigint, at timestamptz, address text, user_agent text,
            source text, master_token_id bigint, master_token text, read_token text)""";
    private static final String INSTALLS = """
        jsonb_to_recordset(?::jsonb) as event(repository_id bigint, distribution text, codename text, hostname text,
            at timestamptz, address text, user_agent text, source text, master_token_id bigint, master_token text,
            read_token text)""";

    private UsageTables() {}

    static void insert(Database database, List<UsageEvent> batch) {
        var downloads = new ArrayList<Map<String, Object>>();
        var installs = new ArrayList<Map<String, Object>>();
        for (UsageEvent event : batch) {
            switch (event) {
                case UsageEvent.Download download -> downloads.add(row(download));
                case UsageEvent.Install install -> installs.add(row(install));
            }
        }
        database.transact(sql -> {
            insertDownloads(sql, downloads);
            insertInstalls(sql, installs);
            return batch.size();
        });
    }

    private static void insertDownloads(DSLContext sql, List<Map<String, Object>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        String json = json(rows);
        sql.execute("insert into package_download (package_id, " + FETCH + ") select package_id, " + FETCH + " from "
            + DOWNLOADS, json);
        sql.execute("insert into package_download_total as total (package_id, downloads) "
            + "select package_id, count(*) from " + DOWNLOADS + " group by package_id order by package_id "
            + "on conflict (package_id) do update set downloads = total.downloads + excluded.downloads", json);
        sql.execute("insert into suite_download_day as total (suite_id, day, downloads) "
            + "select p.suite_id, (event.at at time zone 'UTC')::date as day, count(*) from " + DOWNLOADS
            + " join package p on p.id = event.package_id group by p.suite_id, day order by p.suite_id, day "
            + "on conflict (suite_id, day) do update set downloads = total.downloads + excluded.downloads", json);
        sql.execute("insert into token_download_day as total "
            + "(repository_id, day, master_token_id, read_token, downloads) select s.repository_id, "
            + "(event.at at time zone 'UTC')::date as day, event.master_token_id, "
            + "coalesce(event.read_token, '') as read_token, count(*) from " + DOWNLOADS
            + " join package p on p.id = event.package_id join suite s on s.id = p.suite_id "
            + "join repository r on r.id = s.repository_id where event.master_token_id is not null "
            + "group by 1, 2, 3, 4 order by 1, 2, 3, 4 on conflict (repository_id, day, master_token_id, read_token) "
            + "do update set downloads = total.downloads + excluded.downloads", json);
    }

    private static void insertInstalls(DSLContext sql, List<Map<String, Object>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        String json = json(rows);
        sql.execute("insert into repository_install (repository_id, distribution, codename, hostname, " + FETCH
            + ") select repository_id, distribution, codename, hostname, " + FETCH + " from " + INSTALLS, json);
        sql.execute("insert into repository_install_total as total (repository_id, installs) "
            + "select repository_id, count(*) from " + INSTALLS + " group by repository_id order by repository_id "
            + "on conflict (repository_id) do update set installs = total.installs + excluded.installs", json);
    }

    static void deleteBefore(Database database, Instant end) {
        for (String table : List.of("package_download", "repository_install")) {
            int deleted;
            do {
                deleted = database.transact(sql -> sql.execute("delete from " + table + " where id in (select id from "
                    + table + " where at < ?::timestamptz limit " + DELETED_AT_ONCE + ")", end));
            } while (deleted == DELETED_AT_ONCE);
        }
        database.transact(sql -> sql.execute("delete from token_download_day where day < "
            + "(?::timestamptz at time zone 'UTC')::date - " + TOKEN_DAYS, end));
    }

    private static Map<String, Object> row(UsageEvent.Download download) {
        var row = new LinkedHashMap<String, Object>();
        row.put("package_id", download.packageId());
        putFetch(row, download.fetch());
        return row;
    }

    private static Map<String, Object> row(UsageEvent.Install install) {
        var row = new LinkedHashMap<String, Object>();
        row.put("repository_id", install.repositoryId());
        row.put("distribution", install.distribution());
        row.put("codename", install.codename());
        row.put("hostname", install.hostname());
        putFetch(row, install.fetch());
        return row;
    }

    private static void putFetch(Map<String, Object> row, Fetch fetch) {
        row.put("at", fetch.at().toString());
        row.put("address", fetch.address());
        row.put("user_agent", fetch.userAgent());
        row.put("source", fetch.source().text());
        Fetch.Credential credential = fetch.credential();
        credential.masterTokenId().ifPresent(id -> row.put("master_token_id", id));
        credential.masterToken().ifPresent(name -> row.put("master_token", name));
        credential.readToken().ifPresent(name -> row.put("read_token", name));
    }

    private static String json(List<Map<String, Object>> rows) {
        return new String(Json.write(rows), StandardCharsets.UTF_8);
    }
}
