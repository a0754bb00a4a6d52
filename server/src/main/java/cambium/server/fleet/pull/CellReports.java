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

/// The newest report of each cell, in PostgreSQL.
final class CellReports {
    static final int MAX_AT_ONCE = 100;

    private final Database database;
    private final Batches<OfCell> batches = new Batches<>(MAX_AT_ONCE, this::write);

    CellReports(Database database) {
        this.database = database;
    }

    record OfCell(CellId cell, CellReport report) {}

    /// A report that another one has overtaken is dropped. What comes in the same moment is written by one commit.
    void put(CellId cell, CellReport report) {
        batches.bring(new OfCell(cell, report));
    }

    /// The newest of each cell, in the order of their names, so that of two processes none waits for the other in a
    /// ring.
    private void write(List<OfCell> reports) {
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

    List<OfCell> since(Instant at) {
        return database.read(sql -> sql.fetch(
                "select cell, at, packages from fleet_cell_report where at >= ?::timestamptz",
                at.atOffset(ZoneOffset.UTC))).map(row -> new OfCell(CellId.of(row.get("cell", String.class)),
                        CellReport.of(row.get("at", Instant.class), row.get("packages", String.class))));
    }

    Optional<CellReport> of(CellId cell) {
        return database.read(sql -> sql.fetchOptional("select at, packages from fleet_cell_report where cell = ?",
                cell.toString())).map(row ->
                CellReport.of(row.get("at", Instant.class), row.get("packages", String.class)));
    }
}
