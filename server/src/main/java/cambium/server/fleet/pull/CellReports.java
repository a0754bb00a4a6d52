package cambium.server.fleet.pull;

import cambium.rollout.CellId;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// The newest report of each cell, in PostgreSQL.
final class CellReports {
    private final Database database;

    CellReports(Database database) {
        this.database = database;
    }

    record OfCell(CellId cell, CellReport report) {}

    /// A report that another one has overtaken is dropped.
    void put(CellId cell, CellReport report) {
        database.transact(sql -> {
            sql.execute("""
                insert into fleet_cell_report (cell, at, packages) values (?, ?::timestamptz, ?)
                on conflict (cell) do update set at = excluded.at, packages = excluded.packages
                    where fleet_cell_report.at <= excluded.at""",
                cell.toString(), report.at().atOffset(ZoneOffset.UTC), report.lines());
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
