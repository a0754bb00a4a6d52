package cambium.server.fleet.postgres;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.LogTrust;
import cambium.rollout.ProductVersion;
import cambium.server.fleet.FleetHistory;
import cambium.server.fleet.FleetLog;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.RecordedEvent;
import cambium.server.fleet.json.FleetJson;
import cambium.server.sql.Database;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/// Finds events by the indexes of `fleet_event`, whose conditions and expressions stand here again to the letter. Each
/// event found is held against the hash of the one before it.
final class PostgresFleetLog implements FleetLog {
    private static final String FOUND = "select e.number, e.body, e.hash, coalesce((select b.hash from fleet_event b "
            + "where b.number = e.number - 1), '" + FleetJson.FIRST_HASH + "') as before from fleet_event e where ";
    private static final String ATTEMPTS = "e.kind in ('AttemptRequested', 'AttemptStarted', 'AttemptWithheld', "
            + "'AttemptFinished') and ";
    static final String OF_CELL = FOUND + ATTEMPTS
            + "substring(e.body from '\"attempt\":\"r[0-9]+[.]([^\"]+)[.][a-z]+[.][0-9]+\"') = ? "
            + "order by e.number desc limit ?";
    static final String OF_ATTEMPTS = FOUND + ATTEMPTS
            + "substring(e.body from '\"attempt\":\"([^\"]+)\"') = any(?) order by e.number desc limit ?";
    static final String OF_VERSION = FOUND
            + "substring(e.body from '\"version\":\"([^\"]+)\"') = ? order by e.number desc limit ?";
    static final String OF_MILESTONES = FOUND + "e.kind in ('RolloutStarted', 'VersionGraduated', 'RolloutCompleted', "
            + "'VersionBlocked', 'VersionReleased') and e.kind = any(?) and e.number > ? order by e.number limit ?";
    static final String OF_KINDS = FOUND + "e.kind = any(?) and e.number > ? order by e.number limit ?";

    private final Database database;
    private final Supplier<LogTrust> trust;

    /// @param trust what was accepted
    PostgresFleetLog(Database database, Supplier<LogTrust> trust) {
        this.database = database;
        this.trust = trust;
    }

    @Override
    public List<RecordedEvent> ofCell(CellId cell, int limit) {
        return database.read(sql -> found(sql, OF_CELL, cell.toString(), bounded(limit))).reversed();
    }

    @Override
    public List<RecordedEvent> ofVersion(ProductVersion version, int limit) {
        return database.read(sql -> {
            var naming = found(sql, OF_VERSION, version.toString(), bounded(limit));
            var attempts = naming.stream().map(RecordedEvent::event)
                    .filter(FleetEvent.AttemptRequested.class::isInstance).map(FleetEvent.AttemptRequested.class::cast)
                    .map(FleetEvent.AttemptRequested::attempt).map(AttemptId::toString).toArray(String[]::new);
            var all = Stream.concat(naming.stream(), found(sql, OF_ATTEMPTS, attempts, bounded(limit)).stream())
                    .distinct().sorted(Comparator.comparing(RecordedEvent::number)).toList();
            return all.subList(Math.max(0, all.size() - bounded(limit)), all.size());
        });
    }

    @Override
    public List<RecordedEvent> ofKinds(Set<String> kinds, long after, int limit) {
        var query = FleetHistory.MILESTONES.containsAll(kinds) ? OF_MILESTONES : OF_KINDS;
        return database.read(sql -> found(sql, query, kinds.stream().sorted().toArray(String[]::new), after,
                bounded(limit)));
    }

    private static int bounded(int limit) {
        return Math.min(limit, FleetStore.MAX_EVENTS_PER_READ);
    }

    /// Without those that were changed, as nobody knows what they were; `LogWatch` tells of them.
    private List<RecordedEvent> found(DSLContext sql, String query, Object... values) {
        var found = new ArrayList<RecordedEvent>();
        for (var row : sql.fetch(query, values)) {
            if (LogRows.flaw(row, row.get("before", String.class)).filter(flaw -> !trust.get().accepts(flaw))
                    .isEmpty()) {
                found.add(new RecordedEvent(row.get("number", Long.class),
                        FleetJson.event(row.get("body", String.class)), row.get("hash", String.class)));
            }
        }
        return found;
    }
}
