package cambium.server.fleet.pull;

import cambium.rollout.Cell;
import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.VersionRecord;
import cambium.server.fleet.CellObserver;
import cambium.server.sql.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sees cells without a health address by what they report. A cell whose last report is older than its setting
/// `report-within` is told as unreachable: what it runs by now, nobody knows. Reports of other cells tell nothing here,
/// since a look from outside says more.
public final class ReportedCells implements CellObserver {
    private final CellReports reports;
    private final Map<CellId, CellReport> known = new HashMap<>();
    private long readUpTo;

    public ReportedCells(Database database) {
        this.reports = new CellReports(database);
    }

    @Override
    public synchronized List<FleetEvent> observe(Fleet fleet, Instant now) {
        var read = reports.from(readUpTo);
        // Below where it was: a database that was put back to an earlier day is read anew from its start.
        readUpTo = read.upTo() < readUpTo ? 0 : read.upTo();
        // Also of cells that this fleet does not know yet: they are not told a second time.
        read.reports().forEach(each -> known.put(each.cell(), each.report()));
        var events = new ArrayList<FleetEvent>();
        known.forEach((id, report) -> fleet.cell(id).filter(cell -> cell.spec().health().isEmpty())
                .ifPresent(cell -> events.add(observed(fleet, cell, report, now))));
        return events;
    }

    private static FleetEvent observed(Fleet fleet, Cell cell, CellReport report, Instant now) {
        var silentAt = report.at().plus(ReportWithin.of(cell.spec().settings()));
        if (silentAt.isBefore(now)) {
            return new FleetEvent.CellObserved(silentAt, cell.id(), false, Optional.empty());
        }
        var given = cell.given().flatMap(last -> fleet.version(last.version()));
        return new FleetEvent.CellObserved(report.at(), cell.id(), true,
                report.version(fleet.versions().values(), given).map(VersionRecord::version));
    }
}
