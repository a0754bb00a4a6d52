package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Json;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jooq.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks for database and blob store to be compared, and tells what was found. A request is a row, so that it is kept
/// when the process that works on it dies: any process with these routes looks for one, and works on it while it holds
/// the row.
final class RepairRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(RepairRoutes.class);
    private static final String PATH = "/api/repair";
    private static final int LOOK_SECONDS = 60;

    private final Database database;
    private final Repair repair;
    private final InstantSource clock;
    private final Semaphore wakes = new Semaphore(0);

    RepairRoutes(Database database, Repair repair, InstantSource clock) {
        this.database = database;
        this.repair = repair;
        this.clock = clock;
    }

    /// It names files of every repository, so it is for those who may do everything.
    List<Route> routes() {
        return List.of(
            new Route(Method.GET, PATH, Role.WEB, Permission.MANAGE_ACCOUNTS, _ -> Answer.json(200, last())),
            new Route(Method.POST, PATH, Role.WEB, Permission.MANAGE_ACCOUNTS, this::ask));
    }

    private Answer ask(Call call) {
        database.transact(sql -> sql.execute("insert into repair (asked_at, asked_by) values (?::timestamptz, ?) "
            + "on conflict ((true)) where done_at is null do nothing", clock.instant(), call.actor().name()));
        wakes.release();
        return Answer.json(202, last());
    }

    private Map<String, Object> last() {
        Record row = database.read(sql -> sql.fetchOptional("select asked_at, asked_by, done_at, "
            + "report::text as report from repair order by id desc limit 1"))
            .orElseThrow(() -> new Refused(404, "no_repair", "nobody has asked for a repair yet"));
        var json = new LinkedHashMap<String, Object>();
        json.put("asked_at", row.get("asked_at", Instant.class).toString());
        json.put("asked_by", row.get("asked_by", String.class));
        json.put("done_at", Optional.ofNullable(row.get("done_at", Instant.class)).map(Instant::toString).orElse(null));
        json.put("report", Optional.ofNullable(row.get("report", String.class)).map(RepairRoutes::parsed).orElse(null));
        return json;
    }

    private static JsonNode parsed(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    /// One time of the recurring work: waits a while for a request, then does one, if there is one.
    void look() throws InterruptedException {
        wakes.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
        database.transact(sql -> {
            sql.fetchOptional("select id, asked_by from repair where done_at is null for update skip locked")
                .ifPresent(asked -> {
                    LOG.info("comparing database and blob store");
                    RepairReport report = ScopedValue.where(Database.ACTOR, asked.get("asked_by", String.class))
                        .call(repair::run);
                    sql.execute("update repair set done_at = ?::timestamptz, report = ?::jsonb where id = ?",
                        clock.instant(), new String(Json.write(report.json()), StandardCharsets.UTF_8),
                        asked.get("id", Long.class));
                });
            return database;
        });
    }
}
