package cambium.server.webhook;

import cambium.server.access.MasterKey;
import cambium.server.access.SealedColumn;
import cambium.server.access.SealedTokens;
import cambium.server.sql.Database;
import cambium.server.webhook.EventLog.Owner;
import cambium.server.webhook.EventLog.Told;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jooq.Record;

/// The webhooks of one log of events. Each has a place in the log and moves on when its receiver has taken what stands
/// there, so that nothing is lost, and an event may come twice.
public final class Webhooks {
    private static final String PURPOSE = "webhook";
    /// What of this folder's tables the master key has sealed.
    public static final List<SealedColumn> SEALED = List.of(new SealedColumn("webhook", "sealed_secret", PURPOSE));
    static final int MAX_OF_AN_OWNER = 20;
    /// Longer than a delivery can take.
    static final Duration CLAIM = Duration.ofMinutes(1);
    /// How often somebody who refuses for good is asked again, in case it was a mistake; then no more.
    static final int MAX_REFUSALS = 24;
    static final Duration AFTER_REFUSAL = Duration.ofHours(1);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);

    private final Database database;
    private final MasterKey masterKey;
    private final EventLog log;
    private final Transports transports;
    private final InstantSource clock;

    public Webhooks(Database database, MasterKey masterKey, EventLog log, Transports transports,
        InstantSource clock) {
        this.database = database;
        this.masterKey = masterKey;
        this.log = log;
        this.transports = transports;
        this.clock = clock;
    }

    /// One webhook as it is shown. `kinds` of events; empty: all. `lastResult` is empty before the first delivery.
    /// `stopped`: refused for good so often that it is told nothing more.
    public record Webhook(long id, String url, SortedSet<String> kinds, Instant createdAt, String createdBy, int tries,
        boolean stopped, Optional<Instant> lastAt, Optional<String> lastResult) {
        private static Webhook of(Record row) {
            return new Webhook(row.get("id", Long.class), row.get("url", String.class), kindsOf(row),
                row.get("created_at", Instant.class), row.get("created_by", String.class),
                row.get("tries", Integer.class), row.get("refusals", Integer.class) >= MAX_REFUSALS,
                Optional.ofNullable(row.get("last_at", Instant.class)),
                Optional.ofNullable(row.get("last_result", String.class)));
        }
    }

    /// A new webhook with the secret that signs what it is sent, which is shown this once; prints hidden.
    record Created(Webhook webhook, String secret) {
        @Override
        public String toString() {
            return "Created(" + webhook.id() + ")";
        }
    }

    /// What a webhook is to be sent now; prints without its secret.
    record Due(long id, String url, byte[] secret, long first, Told told) {
        Transport.Delivery delivery() {
            return new Transport.Delivery(id, id + "-" + first + "-" + told.last(), url, secret, told);
        }

        @Override
        public String toString() {
            return "Due(" + id + ", " + told.events().size() + " events)";
        }
    }

    private static SortedSet<String> kindsOf(Record row) {
        return new TreeSet<>(Arrays.asList(row.get("kinds", String[].class)));
    }

    /// The oldest first.
    public List<Webhook> list(Owner owner) {
        return database.read(sql -> sql.fetch("""
            select * from webhook where repository_id is not distinct from ?::bigint order by id""",
            owner.column()).map(Webhook::of));
    }

    /// Empty when the owner has as many as it may.
    Optional<Created> create(Owner owner, String url, Set<String> kinds, String by) {
        var secret = new SealedTokens(masterKey, PURPOSE).fresh();
        return database.transact(sql -> {
            int there = sql.fetchSingle("""
                select count(*) as n from webhook where repository_id is not distinct from ?::bigint""",
                owner.column()).get("n", Integer.class);
            return there >= MAX_OF_AN_OWNER ? Optional.empty() : Optional.of(new Created(
                Webhook.of(sql.fetchSingle("""
                    insert into webhook (repository_id, url, kinds, sealed_secret, created_at, created_by, not_before,
                        next_number)
                    select ?::bigint, ?, ?::text[], ?, ?::timestamptz, ?, ?::timestamptz, %s returning *"""
                    .formatted(log.nextNumber()), owner.column(), url, kinds.toArray(String[]::new), secret.sealed(),
                    clock.instant(), by, clock.instant())), secret.value()));
        });
    }

    /// Its address, where there was one.
    Optional<String> delete(Owner owner, long id) {
        return database.transact(sql -> sql.fetchOptional("""
            delete from webhook where repository_id is not distinct from ?::bigint and id = ? returning url""",
            owner.column(), id)).map(row -> row.get("url", String.class));
    }

    /// A delivery of one made-up event, to see that it arrives. It moves nothing: what the webhook is told of the log,
    /// and how often that failed, stay as they are.
    Optional<Transport.Delivery> trial(Owner owner, long id, String by) {
        return database.read(sql -> sql.fetchOptional("""
            select * from webhook where repository_id is not distinct from ?::bigint and id = ?""", owner.column(), id))
            .map(row -> trial(owner, row, by));
    }

    private Transport.Delivery trial(Owner owner, Record row, String by) {
        Instant now = clock.instant();
        long told = row.get("next_number", Long.class) - 1;
        var about = log.told(owner, new EventLog.Part(told + 1, told, Set.of(), 1)).about();
        var line = new EventLog.Line(now, "A test of this webhook: nothing has happened", Optional.of(by),
            Optional.empty(), Optional.empty(), "/");
        return new Transport.Delivery(row.get("id", Long.class), row.get("id") + "-test-" + now.toEpochMilli(),
            row.get("url", String.class), masterKey.open(PURPOSE, row.get("sealed_secret", byte[].class)),
            new Told(about, List.of(Map.of("is", "WebhookTest", "kind", "webhook_test", "at", now.toString(), "by",
                by)), () -> List.of(line), told));
    }

    /// Takes how many have not taken what they were sent last, and how many are told nothing more.
    interface Stand {
        void is(int waiting, int stopped);
    }

    /// Of all webhooks of this log.
    void stand(Stand stand) {
        var row = database.read(sql -> sql.fetchSingle("""
            select count(*) filter (where tries > 0 and refusals < ?) as waiting,
                count(*) filter (where refusals >= ?) as stopped
            from webhook w where %s""".formatted(log.mine()), MAX_REFUSALS, MAX_REFUSALS));
        stand.is(row.get("waiting", Integer.class), row.get("stopped", Integer.class));
    }

    /// The next webhook that is behind its log, claimed for a minute, in which no other process sends it. It may have
    /// nothing to be sent. How far the delivery reaches is kept until something is known of it, so that whoever sends
    /// it again, after an answer was lost or a process died, sends the same.
    Optional<Due> claim() {
        Instant now = clock.instant();
        var due = database.transact(sql -> sql.fetchOptional("""
            update webhook set not_before = ?::timestamptz where id = (
                select w.id from webhook w where w.not_before <= ?::timestamptz and w.refusals < ? and %s
                order by w.not_before, w.id limit 1 for update skip locked)
            returning *""".formatted(log.due()), now.plus(CLAIM), now, MAX_REFUSALS)).map(this::due);
        due.filter(found -> !found.told().events().isEmpty()).ifPresent(found ->
            database.transact(sql -> sql.execute("""
                update webhook set sending_to = ? where id = ? and next_number = ?""", found.told().last(),
                found.id(), found.first())));
        return due;
    }

    private Due due(Record row) {
        var repository = Optional.ofNullable(row.get("repository_id", Long.class));
        var owner = new Owner(repository.map(OptionalLong::of).orElse(OptionalLong.empty()));
        String url = row.get("url", String.class);
        long first = row.get("next_number", Long.class);
        long last = Optional.ofNullable(row.get("sending_to", Long.class)).orElse(Long.MAX_VALUE);
        return new Due(row.get("id", Long.class), url, masterKey.open(PURPOSE, row.get("sealed_secret", byte[].class)),
            first, log.told(owner, new EventLog.Part(first, last, kindsOf(row), transports.of(url).mostEvents())));
    }

    /// Whoever was held up so long that another process has moved on already changes nothing, here and below.
    void settle(Due due, Transport.Outcome outcome) {
        switch (outcome) {
            case Transport.Outcome.Taken(String answer) -> moveOn(due, answer);
            case Transport.Outcome.NotTaken(String reason) -> later(due, reason, false);
            case Transport.Outcome.Unclear(String reason) -> later(due, reason, true);
            case Transport.Outcome.Refusal(String reason) -> refused(due, reason);
        }
    }

    private void moveOn(Due due, String result) {
        Instant now = clock.instant();
        database.transact(sql -> sql.execute("""
            update webhook set next_number = ?, sending_to = null, tries = 0, refusals = 0,
                not_before = ?::timestamptz, last_at = ?::timestamptz, last_result = ?
            where id = ? and next_number = ?""", due.told().last() + 1,
            now.plus(transports.of(due.url()).rest()), now, result, due.id(), due.first()));
    }

    /// Nothing of what it looked at is of the webhook's kinds.
    void passed(Due due) {
        database.transact(sql -> sql.execute("""
            update webhook set next_number = ?, not_before = ?::timestamptz where id = ? and next_number = ?""",
            due.told().last() + 1, clock.instant(), due.id(), due.first()));
    }

    /// Tried again later: after two seconds, then after twice as long each time, up to an hour.
    private void later(Due due, String result, boolean same) {
        database.transact(sql -> {
            int tries = sql.fetchOptional("select tries from webhook where id = ?", due.id())
                .map(row -> row.get("tries", Integer.class)).orElse(0);
            Duration wait = tries > 10 ? LONGEST_RETRY : FIRST_RETRY.multipliedBy(1L << tries);
            return sql.execute("""
                update webhook set tries = tries + 1, not_before = ?::timestamptz, last_at = ?::timestamptz,
                    last_result = ?, sending_to = case when ? then sending_to end
                where id = ? and next_number = ?""", clock.instant().plus(wait), clock.instant(), result, same,
                due.id(), due.first());
        });
    }

    private void refused(Due due, String result) {
        Instant now = clock.instant();
        database.transact(sql -> sql.execute("""
            update webhook set tries = tries + 1, refusals = refusals + 1, sending_to = null,
                not_before = ?::timestamptz, last_at = ?::timestamptz, last_result = ?
            where id = ? and next_number = ?""", now.plus(AFTER_REFUSAL), now, result, due.id(), due.first()));
    }
}
