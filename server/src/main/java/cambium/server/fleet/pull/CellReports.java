package cambium.server.fleet.pull;

import cambium.rollout.CellId;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Record;

/// The newest report of each cell, in PostgreSQL.
final class CellReports {
    private final Database database;

    CellReports(Database database) {
        this.database = database;
    }

    record OfCell(CellId cell, CellReport report) {}

    /// With one commit, where there is any. A report that another one has overtaken is dropped. In the order of the
    /// cells' names, so that of two processes none waits for the other in a ring.
    void put(List<OfCell> reports) {
        if (reports.isEmpty()) {
            return;
        }
        var newest = new TreeMap<String, CellReport>();
        reports.forEach(each -> newest.merge(each.cell().toString(), each.report(), (one, other) ->
                other.at().isBefore(one.at()) ? one : other));
        var rows = newest.entrySet().stream().map(each -> new Object[] {each.getKey(),
            each.getValue().at().atOffset(ZoneOffset.UTC), each.getValue().lines()}).toArray(Object[][]::new);
        database.transactBriefly(sql -> {
            sql.batch("""
                insert into fleet_cell_report (cell, at, packages) values (?, ?::timestamptz, ?)
                on conflict (cell) do update set at = excluded.at, packages = excluded.packages
                    where fleet_cell_report.at <= excluded.at""", rows).execute();
            Notices.notify(sql, PostgresFleetStore.CHANNEL, "");
            return true;
        });
    }

    /// What was read, and from where on to read next. The place is a number of PostgreSQL's transactions: all below it
    /// had ended, whether or not they are slower than others.
    record Read(List<OfCell> reports, long upTo) {}

    /// Those that were written from that place on; a few of them may have been read before.
    Read from(long place) {
        var rows = database.ask(sql -> sql.fetch("""
                select s.up_to, r.cell, r.at, r.packages
                from (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as up_to) s
                left join fleet_cell_report r on age(r.xmin) <= age(?::xid8::xid)""", Long.toString(place)));
        return new Read(rows.stream().filter(row -> row.get("cell") != null).map(CellReports::ofCell).toList(),
                rows.getFirst().get("up_to", Long.class));
    }

    private static OfCell ofCell(Record row) {
        return new OfCell(CellId.of(row.get("cell", String.class)),
                CellReport.of(row.get("at", Instant.class), row.get("packages", String.class)));
    }

    Optional<CellReport> of(CellId cell) {
        return database.ask(sql -> sql.fetchOptional("select at, packages from fleet_cell_report where cell = ?",
                cell.toString())).map(row ->
                CellReport.of(row.get("at", Instant.class), row.get("packages", String.class)));
    }
}
