package cambium.server.fleet.postgres;

import cambium.rollout.Fleet;
import cambium.server.fleet.json.FleetJson;
import cambium.server.sql.Database;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folds of the log, stored now and then so that a start need not fold it all. A snapshot is used only by the very
/// program that wrote it (told by its compiled fold) and only where the log still has its hash; else it is passed over.
final class FleetSnapshots {
    static final int EVERY_EVENTS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(FleetSnapshots.class);

    private final Database database;
    private final String program = fingerprint();
    private long lastWritten;

    FleetSnapshots(Database database) {
        this.database = database;
    }

    Optional<Folded> read() {
        try {
            return database.ask(sql -> sql.fetch("select s.revision, s.hash, s.body from fleet_snapshot s "
                            + "join fleet_event e on e.number = s.revision and e.hash = s.hash "
                            + "where s.program = ? and not exists (select 1 from fleet_event a "
                            + "where a.number > s.revision and a.kind = 'LogAccepted') "
                            + "order by s.revision desc limit 1", program)
                    .stream().findFirst()
                    .map(row -> Folded.stored(FleetJson.fleet(row.get("body", String.class)),
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

    /// Of all compiled code that stands with the fold: the jar, or the folder of classes. Where neither can be read, of
    /// nothing but this run, so that no snapshot is ever used.
    private static String fingerprint() {
        try {
            var source = Path.of(Fleet.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            var digest = MessageDigest.getInstance("SHA-256");
            try (var files = Files.walk(source)) {
                for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(source.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(Files.readAllBytes(file));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException | URISyntaxException | RuntimeException unreadable) {
            LOG.warn("fleet: the program cannot tell what it is made of, so snapshots are not used again", unreadable);
            return "run " + ProcessHandle.current().pid() + " " + System.nanoTime();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
