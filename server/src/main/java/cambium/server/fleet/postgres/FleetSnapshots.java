package cambium.server.fleet.postgres;

import cambium.rollout.Fleet;
import cambium.server.fleet.json.FleetJson;
import cambium.server.fleet.postgres.PostgresFleetStore.Folded;
import cambium.server.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folds of the log, stored now and then so that a start need not fold it all. A snapshot is used only by the very
/// program that wrote it (told by its compiled fold) and only where the log still has its hash; else it is passed over.
final class FleetSnapshots {
    static final int EVERY_EVENTS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(FleetSnapshots.class);
    private static final List<String> FOLDING = List.of("Fleet", "FleetFold", "Cell", "Ring", "Ring$Target", "Rollout",
            "Attempt", "Tries", "VersionRecord", "News");

    private final Database database;
    private final String program = fingerprint();
    private long lastWritten;

    FleetSnapshots(Database database) {
        this.database = database;
    }

    Optional<Folded> read() {
        try {
            return database.read(sql -> sql.fetch("select s.revision, s.hash, s.body from fleet_snapshot s "
                            + "join fleet_event e on e.number = s.revision and e.hash = s.hash "
                            + "where s.program = ? order by s.revision desc limit 1", program)
                    .stream().findFirst()
                    .map(row -> new Folded(FleetJson.fleet(row.get("body", String.class)),
                            row.get("revision", Long.class), row.get("hash", String.class))));
        } catch (IllegalStateException unreadable) {
            LOG.warn("fleet: the stored snapshot is passed over, the log is folded from its start", unreadable);
            return Optional.empty();
        }
    }

    /// Stores the fold once enough events have come since the last one, and forgets older ones.
    synchronized void offer(Folded folded) {
        if (folded.revision() - lastWritten < EVERY_EVENTS) {
            return;
        }
        lastWritten = folded.revision();
        database.transact(sql -> {
            sql.execute("insert into fleet_snapshot (revision, hash, program, body) values (?, ?, ?, ?) "
                            + "on conflict (revision) do update set hash = excluded.hash, program = excluded.program, "
                            + "body = excluded.body",
                    folded.revision(), folded.hash(), program, FleetJson.text(folded.fleet()));
            return sql.execute("delete from fleet_snapshot where revision < ?", folded.revision());
        });
    }

    private static String fingerprint() {
        var hash = FleetJson.FIRST_HASH;
        for (var name : FOLDING) {
            try (var in = Fleet.class.getResourceAsStream(name + ".class")) {
                if (in == null) {
                    throw new IllegalStateException("the program lacks its class " + name);
                }
                hash = FleetJson.hash(hash, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return hash;
    }
}
