package cambium.server.fleet.pull;

import cambium.rollout.CellId;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
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

    /// Those since then; what is known already is not read anew.
    List<OfCell> since(Instant at, Map<CellId, CellReport> known) {
        return database.read(sql -> sql.fetch(
                "select cell, at, packages from fleet_cell_report where at >= ?::timestamptz",
                at.atOffset(ZoneOffset.UTC))).stream()
                .map(row -> since(row, known)).flatMap(Optional::stream).toList();
    }

    private static Optional<OfCell> since(Record row, Map<CellId, CellReport> known) {
        var cell = CellId.of(row.get("cell", String.class));
        var at = row.get("at", Instant.class);
        var lines = row.get("packages", String.class);
        var before = known.get(cell);
        return before != null && before.at().equals(at) && before.lines().equals(lines) ? Optional.empty()
                : Optional.of(new OfCell(cell, CellReport.of(at, lines)));
    }

    Optional<CellReport> of(CellId cell) {
        return database.read(sql -> sql.fetchOptional("select at, packages from fleet_cell_report where cell = ?",
                cell.toString())).map(row ->
                CellReport.of(row.get("at", Instant.class), row.get("packages", String.class)));
    }
}
