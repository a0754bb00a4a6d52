package cambium.server.fleet.postgres;

import cambium.rollout.FleetEvent;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.FleetLog;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.LogChain;
import cambium.server.fleet.OutboxEntry;
import cambium.server.fleet.RecordedEvent;
import cambium.server.fleet.json.FleetJson;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Keeps the fleet in PostgreSQL. The row of `fleet_head` is locked by every commit, so commits stand in one order;
/// the log is chained by hashes, which are checked while it is read. The last fleet read is remembered, and only newer
/// events are read on top of it. Each commit tells listeners on channel `fleet`; leases run by the database's clock.
public final class PostgresFleetStore implements FleetStore {
    public static final String CHANNEL = "fleet";
    private static final String HEAD =
            "select revision, hash, epoch, holder, lease_until > clock_timestamp() as leased from fleet_head";
    private static final String NEXT_EPOCH =
            "greatest(epoch + 1, floor(extract(epoch from clock_timestamp()) * 1000000)::bigint)";

    private final Database database;
    private final FleetSnapshots snapshots;
    private volatile Folded newest = Folded.NOTHING;
    /// Who was given the lease here last, and need not look before it lengthens it; it may have lost it since.
    private volatile String leader = "";
    /// The newest fold over events that were changed; kept apart, since what comes after it is right once they are.
    private volatile Optional<Folded> doubtful = Optional.empty();

    private record Head(long revision, String hash, long epoch, String holder, boolean leased) {
        static Head of(Record row) {
            return new Head(row.get("revision", Long.class), row.get("hash", String.class),
                    row.get("epoch", Long.class),
                    row.get("holder", String.class), row.get("leased", Boolean.class));
        }

        boolean heldBesides(String who) {
            return leased && !holder.equals(who);
        }
    }

    public PostgresFleetStore(Database database) {
        this.database = database;
        this.snapshots = new FleetSnapshots(database);
    }

    @Override
    public Snapshot load() {
        if (newest.revision() == 0) {
            snapshots.read().ifPresent(this::remember);
        }
        if (doubtful.isEmpty()) {
            var known = newest;
            var head = head();
            if (head.revision() == known.revision() && head.hash().equals(known.hash())) {
                return new Snapshot(known.fleet().read(known.revision(), Optional.empty()), known.revision());
            }
        }
        var loaded = database.read(sql -> {
            var known = newest;   // before the head is looked at: others fold on meanwhile
            var from = doubtful.filter(fold -> LogRows.holds(sql, fold.unaccepted().getFirst())).orElse(known);
            var head = Head.of(sql.fetchSingle(HEAD));
            if (head.revision() < from.revision()) {
                throw new IllegalStateException("the fleet's log ends at event " + head.revision() + ", but event "
                        + from.revision() + " was seen: the database went back in time; restart to accept it");
            }
            return from.to(sql, head.revision(), head.hash());
        });
        var flaws = loaded.unaccepted();
        if (flaws.isEmpty()) {
            doubtful = Optional.empty();
            remember(loaded);
            snapshots.offer(loaded);
        } else {
            doubtful = Optional.of(loaded);
        }
        return new Snapshot(loaded.fleet().read(loaded.revision(), flaws.stream().findFirst()), loaded.revision());
    }

    private Head head() {
        return database.ask(sql -> Head.of(sql.fetchSingle(HEAD)));
    }

    private synchronized void remember(Folded folded) {
        if (folded.revision() > newest.revision() || folded.anew()) {
            newest = folded.asKnown();
        }
    }

    @Override
    public Commit commit(Epoch epoch, long expectedRevision, List<FleetEvent> events, List<OutboxEntry> outbox) {
        return database.transactBriefly(sql -> {
            var head = Head.of(sql.fetchSingle(HEAD + " for update"));
            if (head.epoch() != epoch.number() || !head.leased()) {
                return Commit.FENCED;
            }
            var commit = append(sql, head, expectedRevision, events);
            if (commit == Commit.DONE) {
                promise(sql, outbox);
            }
            return commit;
        });
    }

    @Override
    public Commit commit(long expectedRevision, List<FleetEvent> events) {
        return database.transactBriefly(sql -> {
            var commit = append(sql, Head.of(sql.fetchSingle(HEAD + " for update")), expectedRevision, events);
            if (commit == Commit.DONE) {
                promise(sql, OutboxEntry.promisedBy(events));
            }
            return commit;
        });
    }

    private static void promise(DSLContext sql, List<OutboxEntry> outbox) {
        outbox.forEach(entry -> sql.execute("insert into fleet_outbox (key, entry) values (?, ?) "
                + "on conflict (key) do nothing", entry.key(), FleetJson.text(entry)));
    }

    private static Commit append(DSLContext sql, Head head, long expectedRevision, List<FleetEvent> events) {
        if (head.revision() != expectedRevision) {
            return Commit.CONFLICT;
        }
        if (events.isEmpty()) {
            return Commit.DONE;
        }
        var number = head.revision();
        var hash = head.hash();
        var rows = new ArrayList<Object[]>();
        for (var event : events) {
            var body = FleetJson.text(event);
            hash = FleetJson.hash(hash, body);
            rows.add(new Object[] {++number, event.getClass().getSimpleName(), body, hash});
        }
        sql.batch("insert into fleet_event (number, kind, body, hash) values (?, ?, ?, ?)",
                rows.toArray(Object[][]::new)).execute();
        sql.execute("update fleet_head set revision = ?, hash = ?", number, hash);
        Notices.notify(sql, CHANNEL, Long.toString(number));
        return Commit.DONE;
    }

    @Override
    public List<OutboxEntry> pending(int limit) {
        return database.ask(sql -> sql.fetch("select entry from fleet_outbox order by position limit ?", limit)
                .map(row -> FleetJson.entry(row.get("entry", String.class))));
    }

    @Override
    public void done(OutboxEntry entry) {
        database.transactBriefly(sql -> sql.execute("delete from fleet_outbox where key = ?", entry.key()));
    }

    /// Those who stand by only read, so that their looks neither wait for the leader's commits nor hold them up.
    @Override
    public Optional<Epoch> lease(String holder, Duration length) {
        if (!holder.equals(leader) && head().heldBesides(holder)) {
            return Optional.empty();
        }
        var epoch = database.transactBriefly(sql -> sql.fetchOptional("update fleet_head set "
                + "epoch = case when lease_until > clock_timestamp() then epoch else " + NEXT_EPOCH + " end, "
                + "holder = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond' "
                + "where lease_until <= clock_timestamp() or holder = ? returning epoch", holder, length.toMillis(),
                holder)).map(row -> new Epoch(row.get("epoch", Long.class)));
        leader = epoch.isPresent() ? holder : "";
        return epoch;
    }

    @Override
    public void release(Epoch epoch) {
        database.transactBriefly(sql -> sql.execute("update fleet_head set holder = '', lease_until = 'epoch' "
                + "where epoch = ?", epoch.number()));
    }

    @Override
    public List<RecordedEvent> events(long after, int limit) {
        var trust = newest.fleet().log();
        return database.read(sql -> {
            var rows = LogRows.after(sql, Math.max(0, after), Math.min(limit, MAX_EVENTS_PER_READ));
            rows.flaws().stream().filter(flaw -> !trust.accepts(flaw)).findFirst().ifPresent(flaw -> {
                throw new IllegalStateException("the fleet's log was changed: event " + flaw.number() + " "
                        + flaw.what());
            });
            return rows.events();
        });
    }

    @Override
    public FleetLog lookUp() {
        return new PostgresFleetLog(database, () -> newest.fleet().log());
    }

    /// One piece of the log, held against its hashes.
    public LogChain chain() {
        return after -> database.read(sql -> {
            var rows = LogRows.after(sql, after, MAX_EVENTS_PER_READ);
            return new LogChain.Look(rows.upTo(), rows.flaws());
        });
    }
}
