package cambium.server.repository.webhook;

import cambium.server.access.MasterKey;
import cambium.server.access.SealedColumn;
import cambium.server.access.SealedTokens;
import cambium.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;

/// The webhooks of repositories. Each has a place in the log of events and moves on when its receiver has taken them,
/// so that nothing is lost, and an event may come twice.
public final class Webhooks {
    private static final String PURPOSE = "webhook";
    /// What of this folder's tables the master key has sealed.
    public static final List<SealedColumn> SEALED = List.of(new SealedColumn("webhook", "sealed_secret", PURPOSE));
    static final int MAX_PER_REPOSITORY = 20;
    private static final int MAX_EVENTS = 50;
    /// Longer than a post can take.
    private static final Duration CLAIM = Duration.ofMinutes(1);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);

    private final Database database;
    private final MasterKey masterKey;
    private final InstantSource clock;

    public Webhooks(Database database, MasterKey masterKey, InstantSource clock) {
        this.database = database;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    /// One webhook as it is shown. `lastResult` is empty before the first delivery.
    record Webhook(long id, String url, Instant createdAt, String createdBy, int tries, Optional<Instant> lastAt,
        Optional<String> lastResult) {
        private static Webhook of(Record row) {
            return new Webhook(row.get("id", Long.class), row.get("url", String.class),
                row.get("created_at", Instant.class), row.get("created_by", String.class),
                row.get("tries", Integer.class), Optional.ofNullable(row.get("last_at", Instant.class)),
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
    record Due(long id, String repository, String url, byte[] secret, List<Record> events) {
        long lastNumber() {
            return events.getLast().get("number", Long.class);
        }

        @Override
        public String toString() {
            return "Due(" + id + ", " + events.size() + " events)";
        }
    }

    List<Webhook> list(long repositoryId) {
        return database.read(sql -> sql.fetch("select * from webhook where repository_id = ? order by id",
            repositoryId).map(Webhook::of));
    }

    /// Empty when the repository has as many as it may.
    Optional<Created> create(long repositoryId, String url, String by) {
        var secret = new SealedTokens(masterKey, PURPOSE).fresh();
        return database.transact(sql -> {
            int there = sql.fetchSingle("select count(*) as n from webhook where repository_id = ?", repositoryId)
                .get("n", Integer.class);
            return there >= MAX_PER_REPOSITORY ? Optional.empty() : Optional.of(new Created(
                Webhook.of(sql.fetchSingle("""
                    insert into webhook (repository_id, url, sealed_secret, created_at, created_by, not_before,
                        next_number)
                    select ?, ?, ?, ?::timestamptz, ?, ?::timestamptz, coalesce(max(number), 0) + 1
                    from repository_event returning *""", repositoryId, url,
                    secret.sealed(), clock.instant(), by,
                    clock.instant())), secret.value()));
        });
    }

    boolean delete(long repositoryId, long id) {
        return database.transact(sql ->
            sql.execute("delete from webhook where repository_id = ? and id = ?", repositoryId, id) == 1);
    }

    /// The next webhook that has something to be sent, claimed for a minute, in which no other process sends it.
    Optional<Due> claim() {
        Instant now = clock.instant();
        return database.transact(sql -> sql.fetchOptional("""
            update webhook set not_before = ?::timestamptz where id = (
                select w.id from webhook w where w.not_before <= ?::timestamptz and exists (
                    select 1 from repository_event e
                    where e.repository_id = w.repository_id and e.number >= w.next_number)
                order by w.not_before, w.id limit 1 for update skip locked)
            returning *""", now.plus(CLAIM), now).map(row -> new Due(row.get("id", Long.class),
                sql.fetchSingle("select owner || '/' || name as name from repository where id = ?",
                    row.get("repository_id", Long.class)).get("name", String.class),
                row.get("url", String.class), masterKey.open(PURPOSE, row.get("sealed_secret", byte[].class)),
                List.copyOf(sql.fetch("""
                    select number, at, actor, kind, subject, before::text as before, after::text as after
                    from repository_event where repository_id = ? and number >= ? order by number limit ?""",
                    row.get("repository_id", Long.class), row.get("next_number", Long.class), MAX_EVENTS)))));
    }

    void delivered(Due due, String result) {
        database.transact(sql -> sql.execute("""
            update webhook set next_number = ?, tries = 0, not_before = ?::timestamptz, last_at = ?::timestamptz,
                last_result = ? where id = ?""", due.lastNumber() + 1, clock.instant(), clock.instant(), result,
            due.id()));
    }

    /// Tried again later: after two seconds, then after twice as long each time, up to an hour.
    void failed(Due due, String result) {
        database.transact(sql -> {
            int tries = sql.fetchOptional("select tries from webhook where id = ?", due.id())
                .map(row -> row.get("tries", Integer.class)).orElse(0);
            Duration wait = tries > 10 ? LONGEST_RETRY : FIRST_RETRY.multipliedBy(1L << tries);
            return sql.execute("""
                update webhook set tries = tries + 1, not_before = ?::timestamptz, last_at = ?::timestamptz,
                    last_result = ? where id = ?""", clock.instant().plus(wait), clock.instant(), result, due.id());
        });
    }
}
