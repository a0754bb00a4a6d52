package cambium.server.fleet.handover;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.server.fleet.CellDriver.Taking;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.json.FleetJson;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.Record;

/// What drivers have taken, in PostgreSQL, so that any process of the server knows it. An attempt is taken once, ends
/// once, and no coordinator below the cell's highest epoch hands anything over. What comes after the end is a stray:
/// kept to be looked at, and otherwise without effect. Ended attempts go after a week.
public final class Handovers implements Strays {
    static final Duration KEPT = Duration.ofDays(7);
    /// Of one transaction, so that neither it nor the logs that are held for it grow with the fleet.
    public static final int MAX_ENDS = 100;
    static final int MAX_STRAYS = 10_000;
    static final int MAX_LOG_CHARACTERS = 1 << 18;
    private static final int MAX_SAID_CHARACTERS = 500;
    private static final String COLUMNS = "select kind, work, phase, reference, result, taken_at, sent_at, cancelled "
            + "from fleet_handover ";

    private final Database database;
    private final InstantSource time;

    /// How an attempt ended, and what it printed as far as that is kept. An empty `log` leaves what there is.
    public record End(AttemptId attempt, AttemptResult result, String log) {
        public End {
            log = kept(log);
        }
    }

    public Handovers(Database database, InstantSource time) {
        this.database = database;
        this.time = time;
    }

    /// Notes the order, unless it was noted before. The row of the cell's fence is locked meanwhile, so of two
    /// coordinators one comes first.
    public Taking take(StepOrder order, Technology technology) {
        return database.transactBriefly(sql -> {
            var highest = sql.fetchSingle("""
                insert into fleet_fence (cell, epoch) values (?, ?) on conflict (cell) do update
                    set epoch = greatest(fleet_fence.epoch, excluded.epoch) returning epoch""",
                order.cell().toString(), order.epoch().number()).get("epoch", Long.class);
            if (highest > order.epoch().number()) {
                return Taking.FENCED;
            }
            sql.execute("""
                insert into fleet_handover (attempt, cell, kind, epoch, work, taken_at)
                values (?, ?, ?, ?, ?, ?::timestamptz) on conflict (attempt) do nothing""",
                order.attempt().toString(), order.cell().toString(), technology.word(), order.epoch().number(),
                FleetJson.text(order), utc(time.instant()));
            sql.execute("delete from fleet_handover where phase = 'ended' and ended_at < ?::timestamptz",
                utc(time.instant().minus(KEPT)));
            return Taking.TAKEN;
        });
    }

    public Optional<Handover> find(AttemptId attempt) {
        return database.ask(sql -> sql.fetchOptional(COLUMNS + "where attempt = ?", attempt.toString()))
                .map(Handovers::handover);
    }

    /// Those of them that were noted, with one question.
    public Map<AttemptId, Handover> find(Collection<AttemptId> attempts) {
        var names = attempts.stream().map(AttemptId::toString).toArray(String[]::new);
        return attempts.isEmpty() ? Map.of() : database.ask(sql ->
                sql.fetch(COLUMNS + "where attempt = any(?::text[])", (Object) names)).map(Handovers::handover).stream()
                .collect(Collectors.toMap(handover -> handover.order().attempt(), Function.identity()));
    }

    /// What is open on a cell, oldest first.
    public List<Handover> open(CellId cell) {
        var open = "where cell = ? and phase <> 'ended' order by taken_at, attempt";
        return database.ask(sql -> sql.fetch(COLUMNS + open, cell.toString())).map(Handovers::handover);
    }

    /// The same of many cells, with one question.
    public Map<CellId, List<Handover>> open(Collection<CellId> cells) {
        var names = cells.stream().map(CellId::toString).toArray(String[]::new);
        return names.length == 0 ? Map.of() : database.ask(sql -> sql.fetch(COLUMNS
                + "where cell = any(?::text[]) and phase <> 'ended' order by taken_at, attempt", (Object) names))
                .map(Handovers::handover).stream().collect(Collectors.groupingBy(each -> each.order().cell()));
    }

    /// What is open under a technology and a reference, oldest first.
    public List<Handover> open(Technology technology, String reference) {
        var open = "where kind = ? and reference = ? and phase <> 'ended' order by taken_at, attempt";
        return database.ask(sql -> sql.fetch(COLUMNS + open, technology.word(), reference)).map(Handovers::handover);
    }

    /// Notes that the start is about to be asked for. False when somebody noted it before, or the attempt has ended:
    /// then it must not be asked for again.
    public boolean send(AttemptId attempt) {
        return database.transactBriefly(sql -> sql.execute("""
                update fleet_handover set phase = 'sent', sent_at = ?::timestamptz
                where attempt = ? and phase = 'taken'""", utc(time.instant()), attempt.toString())) == 1;
    }

    /// The start surely did not take; it may be asked for again.
    public void unsend(AttemptId attempt) {
        database.transactBriefly(sql -> sql.execute(
                "update fleet_handover set phase = 'taken' where attempt = ? and phase = 'sent'", attempt.toString()));
    }

    /// It runs, under that name. False when it runs already or has ended.
    public boolean running(AttemptId attempt, String reference) {
        return database.transactBriefly(sql -> sql.execute("""
            update fleet_handover set phase = 'running', reference = ?
            where attempt = ? and phase in ('taken', 'sent')""", reference, attempt.toString())) == 1;
    }

    /// Under that name it was surely not begun: it may be, under any.
    public void notBegun(AttemptId attempt, String reference) {
        database.transactBriefly(sql -> sql.execute("""
            update fleet_handover set phase = 'taken', reference = ''
            where attempt = ? and phase = 'running' and reference = ?""", attempt.toString(), reference));
    }

    /// A run says that it is the one that carries the attempt out; the first to say so is. It may say so again.
    public boolean claim(AttemptId attempt, String reference) {
        return database.transactBriefly(sql -> sql.execute("""
            update fleet_handover set phase = 'running', reference = ?
            where attempt = ? and (phase = 'sent' or phase = 'running' and reference in ('', ?))""",
            reference, attempt.toString(), reference)) == 1;
    }

    /// Notes why the attempt shall end before its time; false when that, or its end, was noted before.
    public boolean cancel(AttemptId attempt, String why) {
        return database.transactBriefly(sql -> sql.execute("""
            update fleet_handover set cancelled = ?
            where attempt = ? and phase <> 'ended' and cancelled is null""", why, attempt.toString())) == 1;
    }

    /// Ends the attempt, once. False when it has ended before or nobody handed it over.
    public boolean end(AttemptId attempt, AttemptResult result) {
        return end(attempt, result, "");
    }

    /// Ends it and sets what it printed, in one step: no remark of its driver comes between. An empty `log` leaves what
    /// there is.
    public boolean end(AttemptId attempt, AttemptResult result, String log) {
        return end(List.of(new End(attempt, result, log)), "phase <> 'ended'");
    }

    /// Ends those of them that have not ended, in one transaction, and tells how each is on record then. At most
    /// [#MAX_ENDS].
    public Map<AttemptId, StepProgress> settle(List<End> ends) {
        if (ends.isEmpty()) {
            return Map.of();
        }
        end(ends, "phase <> 'ended'");
        var recorded = find(ends.stream().map(End::attempt).toList());
        return ends.stream().map(End::attempt).collect(Collectors.toMap(Function.identity(), attempt ->
                recorded.containsKey(attempt) && recorded.get(attempt).phase() instanceof Phase.Ended(var first)
                        ? new StepProgress.Ended(first) : new StepProgress.Running()));
    }

    /// What a look found, once its end is on record too.
    public StepProgress settled(HandoverDriver.Found found) {
        return switch (found) {
            case HandoverDriver.Found.Known(var progress) -> progress;
            case HandoverDriver.Found.Over(var end) -> settle(List.of(end)).get(end.attempt());
        };
    }

    /// Ends an attempt that nobody has begun. False when its start was asked for meanwhile.
    public boolean endBeforeItsStart(AttemptId attempt, AttemptResult result) {
        return end(List.of(new End(attempt, result, "")), "phase = 'taken'");
    }

    /// True when it ended one. In the order of their names, so that of two who end the same none waits for the other
    /// in a ring.
    private boolean end(List<End> ends, String where) {
        if (ends.size() > MAX_ENDS) {
            throw new IllegalStateException(ends.size() + " ends in one transaction");
        }
        var at = utc(time.instant());
        var rows = ends.stream().sorted(Comparator.comparing(end -> end.attempt().toString())).map(end -> new Object[] {
            FleetJson.text(end.result()), at, end.log(), end.attempt().toString()}).toArray(Object[][]::new);
        return database.transactBriefly(sql -> {
            var ended = IntStream.of(sql.batch("""
                update fleet_handover set phase = 'ended', result = ?, ended_at = ?::timestamptz,
                    log = coalesce(nullif(?, ''), log)
                where attempt = ? and\s""" + where, rows).execute()).sum() > 0;
            if (ended) {
                Notices.notify(sql, PostgresFleetStore.CHANNEL, "");
            }
            return ended;
        });
    }

    /// The result of a driver that learns it from outside; as a stray it is kept with where it came from.
    public boolean endOrStray(AttemptId attempt, AttemptResult result, String origin) {
        var ended = end(attempt, result);
        if (!ended) {
            stray(attempt.toString(), origin, FleetJson.text(result));
        }
        return ended;
    }

    public void stray(String attempt, String origin, String said) {
        database.transactBriefly(sql -> {
            sql.execute("insert into fleet_stray (at, attempt, origin, said) values (?::timestamptz, ?, ?, ?)",
                    utc(time.instant()), cut(attempt, MAX_SAID_CHARACTERS), origin, cut(said, MAX_SAID_CHARACTERS));
            return sql.execute("delete from fleet_stray where number <= (select max(number) from fleet_stray) - ?",
                    MAX_STRAYS);
        });
    }

    @Override
    public List<Stray> strays(Instant since, int limit) {
        return database.ask(sql -> sql.fetch("select at, attempt, origin, said from fleet_stray "
                + "where at > ?::timestamptz order by number desc limit ?", utc(since), limit))
                .map(row -> new Stray(row.get("at", Instant.class), row.get("attempt", String.class),
                        row.get("origin", String.class), row.get("said", String.class)));
    }

    /// Sets what the attempt has printed so far, bounded; its end counts most. What is said after its end changes
    /// nothing: the answer to a start may come later than the result of the run.
    public void log(AttemptId attempt, String text) {
        database.transactBriefly(sql -> sql.execute("update fleet_handover set log = ? where attempt = ? "
                + "and phase <> 'ended'", kept(text), attempt.toString()));
    }

    private static String kept(String text) {
        return (text.length() <= MAX_LOG_CHARACTERS ? text
                : "[… output left out here …]\n" + text.substring(text.length() - MAX_LOG_CHARACTERS))
                .replace("\0", "");
    }

    public Optional<String> log(AttemptId attempt) {
        return database.ask(sql -> sql.fetchOptional("select log from fleet_handover where attempt = ?",
                attempt.toString())).map(row -> row.get("log", String.class));
    }

    private static Handover handover(Record row) {
        var result = Optional.ofNullable(row.get("result", String.class));
        var phase = switch (row.get("phase", String.class)) {
            case "taken" -> new Phase.Taken();
            case "sent" -> new Phase.Sent(row.get("sent_at", Instant.class));
            case "running" -> new Phase.Running();
            default -> new Phase.Ended(FleetJson.result(result.orElseThrow()));
        };
        var word = row.get("kind", String.class);
        return new Handover(FleetJson.order(row.get("work", String.class)),
                Technology.of(word).orElseThrow(() -> new IllegalStateException("unknown technology " + word)),
                row.get("taken_at", Instant.class), phase, row.get("reference", String.class),
                Optional.ofNullable(row.get("cancelled", String.class)));
    }

    private static Object utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String cut(String text, int characters) {
        var clean = text.replace("\0", "");
        return clean.length() <= characters ? clean : clean.substring(0, characters) + "…";
    }
}
